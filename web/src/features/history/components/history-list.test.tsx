import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { handClock, render } from '@/testing/render';
import { wireSong } from '@/testing/songs';
import { HistoryList } from './history-list';

afterEach(() => {
  vi.unstubAllGlobals();
});

const NOW = new Date(2026, 1, 3, 21, 0);
const wire = (seq: number, startsAt: Date, over: Record<string, unknown> = {}) => ({
  seq,
  song: wireSong(seq),
  startsAt: startsAt.toISOString(),
  endsAt: new Date(startsAt.getTime() + 60_000).toISOString(),
  why: { code: 'fresh', text: 'New here.' },
  skipped: false,
  ...over,
});
const show = (seq: number | null = 9) =>
  render(<HistoryList seq={seq} heart={(song) => <button type="button">{song.title}</button>} />, {
    clock: handClock(NOW.getTime()).clock,
  });

test('what played stands under its day, with its time here, why, and whether it was cut short', async () => {
  fakeFetch(() =>
    yes({
      slots: [
        wire(3, new Date(2026, 1, 3, 20, 55), { skipped: true }),
        wire(2, new Date(2026, 1, 2, 23, 58), {
          why: { code: 'brand_new', text: 'A reason of tomorrow.' },
        }),
      ],
      nextCursor: null,
    }),
  );
  show();
  const today = await screen.findByRole('region', { name: 'Today' });
  expect(within(today).getByText('20:55')).toBeInTheDocument();
  expect(within(today).getByText('New here.')).toBeInTheDocument();
  expect(within(today).getByText('skipped')).toBeInTheDocument();
  const yesterday = screen.getByRole('region', { name: 'Yesterday' });
  expect(within(yesterday).getByText('A reason of tomorrow.')).toBeInTheDocument();
  expect(within(yesterday).queryByText('skipped')).toBeNull();
});

test('a station that has just begun says so', async () => {
  fakeFetch(() => yes({ slots: [], nextCursor: null }));
  show(null);
  expect(await screen.findByText('Nothing has played yet')).toBeInTheDocument();
});

test('what could not be fetched can be asked for again', async () => {
  let broken = true;
  fakeFetch(() => (broken ? no(404, 'not_found', 'No.') : yes({ slots: [], nextCursor: null })));
  show(null);
  const again = await screen.findByRole('button', { name: 'Try again' });
  broken = false;
  await userEvent.click(again);
  expect(await screen.findByText('Nothing has played yet')).toBeInTheDocument();
});
