import { useQuery } from '@tanstack/react-query';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { Toasts } from '@/components/toasts';
import type { Song } from '@/lib/schemas/song';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { render } from '@/testing/render';
import { aSong } from '@/testing/songs';
import { HeartKey } from './heart-key';
import { LoveButton } from './love-button';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The same song twice: on the device and in a list. */
function Both({ first }: { first: Song }) {
  const { data: song } = useQuery({
    queryKey: ['song', first._id],
    queryFn: () => first,
    staleTime: Infinity,
  });
  if (song === undefined) return null;
  return (
    <>
      <HeartKey song={song} />
      <LoveButton song={song} />
      <Toasts />
    </>
  );
}
const hearts = () => screen.getAllByRole('button', { name: /^Like/ });
const pressed = () => hearts().map((heart) => heart.getAttribute('aria-pressed'));
const counts = () => hearts().map((heart) => heart.textContent);

test('turns at once wherever the song is shown, and takes the count of the station', async () => {
  let answer: (value: ReturnType<typeof yes>) => void = () => undefined;
  const asked = fakeFetch(() => new Promise((resolve) => (answer = resolve)));
  render(<Both first={aSong(1)} />);
  await userEvent.click((await screen.findAllByRole('button'))[0] as HTMLElement);
  await waitFor(() => expect(pressed()).toEqual(['true', 'true']));
  expect(counts()).toEqual(['11', '11']);
  expect(asked[0]).toMatchObject({ method: 'POST', path: `/v1/songs/${aSong(1)._id}/like` });
  answer(yes({ songId: aSong(1)._id, likes: 42, isLiked: true }));
  await waitFor(() => expect(counts()).toEqual(['42', '42']));
});

test('springs back with a sentence when the station refuses, and says when it works again', async () => {
  fakeFetch(() => no(429, 'rate_limited', 'Rate limit exceeded.', 900));
  render(<Both first={aSong(2)} />);
  await userEvent.click((await screen.findAllByRole('button'))[0] as HTMLElement);
  expect(
    await screen.findByText(/a lot of hearts for one hour.*counts from \d\d:\d\d/),
  ).toBeVisible();
  expect(pressed()).toEqual(['false', 'false']);
  expect(counts()).toEqual(['10', '10']);
});

test('springs back when nobody answers', async () => {
  fakeFetch(() => new TypeError('Failed to fetch'));
  render(<Both first={aSong(3)} />);
  await userEvent.click((await screen.findAllByRole('button'))[0] as HTMLElement);
  expect(await screen.findByText(/did not reach the station/)).toBeVisible();
  expect(pressed()).toEqual(['false', 'false']);
});

test('stays as wished when the station has it so already', async () => {
  fakeFetch(() => no(409, 'already_liked', "You've already liked this song"));
  render(<Both first={aSong(4)} />);
  await userEvent.click((await screen.findAllByRole('button'))[0] as HTMLElement);
  await waitFor(() => expect(pressed()).toEqual(['true', 'true']));
  expect(screen.queryByText(/already liked/)).toBeNull();
});

test('two quick presses are sent one after the other, and end where they should', async () => {
  const asked = fakeFetch(({ method }) =>
    yes({ songId: aSong(5)._id, likes: method === 'POST' ? 11 : 10, isLiked: method === 'POST' }),
  );
  render(<Both first={aSong(5)} />);
  const heart = (await screen.findAllByRole('button'))[0] as HTMLElement;
  await userEvent.click(heart);
  await userEvent.click(heart);
  await waitFor(() => expect(asked.map(({ method }) => method)).toEqual(['POST', 'DELETE']));
  await waitFor(() => expect(pressed()).toEqual(['false', 'false']));
  expect(counts()).toEqual(['10', '10']);
});
