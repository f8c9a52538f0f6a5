import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { session } from '@/lib/api/client';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { render, renderHook } from '@/testing/render';
import { aSong } from '@/testing/songs';
import { useCarriedSession } from '../hooks/use-carried-session';
import { phraseOf } from '../lib/pass-phrase';
import { CarryAway } from './carry-away';
import { CarryHere } from './carry-here';
import { TakeSession } from './take-session';

const OTHER = '3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a17';
afterEach(() => {
  vi.unstubAllGlobals();
});

const person = (author: string, songs: number) =>
  yes({
    sessionId: OTHER,
    createdAt: '2026-02-03T10:00:00.000Z',
    lastActivity: '2026-02-03T10:00:00.000Z',
    author,
    liked: { songs: Array.from({ length: songs }, (_, n) => aSong(n)._id), playlists: [] },
  });

/** The station: it knows this device as mint-pager-07 and the other as lilac-comet-42. */
const station = () =>
  fakeFetch(({ headers }) =>
    headers.get('X-Session-Id') === OTHER
      ? person('lilac-comet-42', 3)
      : person('mint-pager-07', 2),
  );

test('the code and the words are shown only when asked for, and go again', async () => {
  render(<CarryAway />);
  expect(screen.queryByRole('img')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Show the code' }));
  expect(screen.getByRole('img', { name: /Code that opens/ })).toBeInTheDocument();
  const words = phraseOf(session.id).split(' ');
  await waitFor(() =>
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(words),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Hide' }));
  expect(screen.queryByRole('img')).toBeNull();
});

test('typed words are read, and what is wrong with them is said', async () => {
  const onSession = vi.fn();
  render(<CarryHere onSession={onSession} />);
  const field = screen.getByLabelText('Twelve words');
  const read = screen.getByRole('button', { name: 'Read the words' });
  expect(read).toBeDisabled();
  await userEvent.type(field, 'legal winner');
  await userEvent.click(read);
  expect(await screen.findByRole('alert')).toHaveTextContent('That is 2 words; it takes twelve.');
  await userEvent.clear(field);
  await userEvent.type(field, phraseOf(OTHER));
  await userEvent.click(read);
  await waitFor(() => expect(onSession).toHaveBeenCalledWith(OTHER));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('who it is and what stays behind is said before anything changes; "no" changes nothing', async () => {
  station();
  const before = session.id;
  const onDone = vi.fn();
  render(<TakeSession sessionId={OTHER} onDone={onDone} />);
  expect(await screen.findByText('Be lilac-comet-42 on this device?')).toBeInTheDocument();
  expect(screen.getByText(/Somebody with 3 hearts/)).toHaveTextContent(/[234] February 2026/);
  expect(await screen.findByText(/The 2 hearts given on this device stay/)).toBeInTheDocument();
  expect(session.id).toBe(before);
  await userEvent.click(screen.getByRole('button', { name: 'Stay who I am' }));
  expect(onDone).toHaveBeenCalledOnce();
  expect(session.id).toBe(before);
});

test('"yes" goes on as the other session; the same one again needs nothing', async () => {
  station();
  const onDone = vi.fn();
  const { unmount } = render(<TakeSession sessionId={OTHER} onDone={onDone} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Yes, that is me' }));
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
  expect(session.id).toBe(OTHER);
  unmount();
  render(<TakeSession sessionId={OTHER} onDone={onDone} />);
  expect(await screen.findByText(/This device is lilac-comet-42 already/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Yes, that is me' })).toBeNull();
});

test('where the station does not say who it is, nothing is taken over', async () => {
  session.renew();
  const before = session.id;
  fakeFetch(() => no(400, 'invalid_session', 'No.'));
  render(<TakeSession sessionId={OTHER} onDone={() => undefined} />);
  expect(await screen.findByText(/nobody can tell who this is/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Yes, that is me' })).toBeNull();
  expect(session.id).toBe(before);
});

test('a session in the address waits, and is gone from the address at once', () => {
  const { result } = renderHook(useCarriedSession, { path: `/mine#session=${OTHER}` });
  expect(result.current[0]).toBe(OTHER);
});
