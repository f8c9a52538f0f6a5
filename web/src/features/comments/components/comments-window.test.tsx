import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { render } from '@/testing/render';
import { aComment } from '@/testing/songs';
import { CommentsWindow } from './comments-window';

afterEach(() => {
  vi.unstubAllGlobals();
});

const wire = (n: number, over = {}) => ({
  ...aComment(n),
  createdAt: new Date(n * 1000).toISOString(),
  ...over,
});
const window_ = (
  <CommentsWindow
    target={{ type: 'song', id: aComment(1).targetId }}
    title="Live"
    placeholder="Say something"
    empty="Nobody yet."
    when={({ createdAt }) => `${createdAt / 1000} s`}
  />
);
const lines = () => screen.queryAllByRole('listitem').map((line) => line.textContent);
const say = async (text: string) => {
  await userEvent.type(await screen.findByLabelText('Comment'), `${text}{Enter}`);
};

test('shows the newest first, with name and time', async () => {
  fakeFetch(() => yes({ comments: [wire(2), wire(1)], nextCursor: null }));
  render(window_);
  await waitFor(() =>
    expect(lines()).toEqual(['Velvet Comet 22 scomment 2', 'Velvet Comet 11 scomment 1']),
  );
});

test('what one says appears at the head, and the field is free again', async () => {
  const asked = fakeFetch(({ method }) =>
    method === 'POST'
      ? { status: 201, ...yes({ comment: wire(9, { text: 'so dreamy', isMine: true }) }) }
      : yes({ comments: [wire(1)], nextCursor: null }),
  );
  render(window_);
  await waitFor(() => expect(lines()).toHaveLength(1));
  await say('  so dreamy ');
  await waitFor(() => expect(lines()[0]).toContain('so dreamy'));
  expect(screen.getByText('you')).toBeVisible();
  expect(screen.getByLabelText('Comment')).toHaveValue('');
  expect(asked.at(-1)?.body).toEqual({ text: '  so dreamy ' });
});

test('what the station refuses stays in the field, with the reason', async () => {
  fakeFetch(({ method }) =>
    method === 'POST'
      ? no(400, 'invalid_text', 'Please say it in friendlier words.')
      : yes({ comments: [], nextCursor: null }),
  );
  render(window_);
  await say('grr');
  expect(await screen.findByRole('alert')).toHaveTextContent('Please say it in friendlier words.');
  expect(screen.getByLabelText('Comment')).toHaveValue('grr');
  await userEvent.type(screen.getByLabelText('Comment'), '!');
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('nothing, and too much, are not sent', async () => {
  const asked = fakeFetch(() => yes({ comments: [], nextCursor: null }));
  render(window_);
  expect(await screen.findByText('Nobody yet.')).toBeVisible();
  await say('   ');
  const field = screen.getByLabelText('Comment');
  await userEvent.clear(field);
  await userEvent.click(field);
  await userEvent.paste('x'.repeat(501));
  expect(await screen.findByRole('alert')).toHaveTextContent('501 letters; 500 fit');
  await userEvent.keyboard('{Enter}');
  expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(0);
});

test('older ones come when asked for', async () => {
  const asked = fakeFetch(({ path }) =>
    path.includes('cursor=more')
      ? yes({ comments: [wire(1)], nextCursor: null })
      : yes({ comments: [wire(2)], nextCursor: 'more' }),
  );
  render(window_);
  await userEvent.click(await screen.findByRole('button', { name: 'Older ones' }));
  await waitFor(() => expect(lines()).toHaveLength(2));
  expect(screen.queryByRole('button', { name: 'Older ones' })).toBeNull();
  expect(asked).toHaveLength(2);
});

test('a list that cannot be fetched says so, and can be asked for again', async () => {
  let up = false;
  fakeFetch(() =>
    up ? yes({ comments: [wire(1)], nextCursor: null }) : no(404, 'song_not_found', 'gone'),
  );
  render(window_);
  const again = await screen.findByRole('button', { name: 'Try again' });
  up = true;
  await userEvent.click(again);
  await waitFor(() => expect(lines()).toHaveLength(1));
});
