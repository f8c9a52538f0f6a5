import { useQuery } from '@tanstack/react-query';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { handClock, render } from '@/testing/render';
import { aSlot, wireSlot } from '@/testing/songs';
import { radioStreamOptions } from '../api/get-radio-stream';
import { Display } from './display';
import { Invitation } from './invitation';
import { KeyPlate } from './key-plate';
import { NextFive } from './next-five';

afterEach(() => {
  vi.unstubAllGlobals();
});

const vote = { policy: 'vote', votes: 0, needed: 3, voted: false } as const;
const sound = { volume: 0.8, muted: false };

describe('the invitation', () => {
  test.each([
    [0, 'You land at 0:20, the first one here'],
    [1, 'You land at 0:20, with one other'],
    [12408, 'You land at 0:20, with 12,408 others'],
  ])('with %d listeners says where one lands, and with whom', (listeners, text) => {
    const { clock } = handClock(20_000);
    render(<Invitation song={aSlot(0)} listeners={listeners} onJoin={vi.fn()} />, clock);
    expect(
      screen.getByText((_, node) => node?.tagName === 'P' && node.textContent === text),
    ).toBeVisible();
  });

  test('has one key', async () => {
    const join = vi.fn();
    render(<Invitation song={aSlot(0)} listeners={2} onJoin={join} />);
    await userEvent.click(screen.getByRole('button', { name: 'Tap to join' }));
    expect(join).toHaveBeenCalledOnce();
  });
});

describe('the next five', () => {
  test('the first counts down, the others say the clock', () => {
    const { clock } = handClock(20_000);
    render(<NextFive upcoming={[1, 2, 3, 4, 5].map((seq) => aSlot(seq))} />, clock);
    expect(screen.getAllByRole('listitem')).toHaveLength(5);
    expect(screen.getByText('in 0:40')).toBeVisible();
    expect(screen.getAllByText(/^\d\d:\d\d$/)).toHaveLength(4);
  });

  test('counts with the clock of the station', () => {
    vi.useFakeTimers();
    const { clock, set } = handClock(20_000);
    render(<NextFive upcoming={[aSlot(1)]} />, clock);
    set(50_000);
    act(() => {
      vi.advanceTimersByTime(1_100);
    });
    expect(screen.getByText('in 0:10')).toBeVisible();
    vi.useRealTimers();
  });
});

describe('the display', () => {
  const show = (over: Partial<Parameters<typeof Display>[0]>) => {
    const { clock } = handClock(20_000);
    return render(
      <Display
        song={aSlot(0)}
        idleTitle="No songs yet"
        idleLine=""
        sync="in step"
        moving
        skip={vote}
        {...over}
      />,
      clock,
    );
  };

  test('shows the second of the song', () => {
    show({});
    expect(screen.getByRole('heading', { name: 'Song 0' })).toBeVisible();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuetext', '0:20 of 1:00');
  });

  test('a vote takes the place of the second', () => {
    show({ skip: { ...vote, votes: 2 } });
    expect(screen.getByText('2 of 3')).toBeVisible();
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  test('an empty station says so', () => {
    show({ song: null });
    expect(screen.getByRole('heading', { name: 'No songs yet' })).toBeVisible();
  });
});

describe('the keys', () => {
  const keys = (over: Partial<Parameters<typeof KeyPlate>[0]> = {}) => (
    <KeyPlate song={aSlot(0)} skip={vote} sound={sound} onSound={vi.fn()} heart={null} {...over} />
  );

  test('why tells the reason of the slot, and Escape puts it away', async () => {
    render(keys());
    await userEvent.click(screen.getByRole('button', { name: 'Why?' }));
    expect(screen.getByText('It was its turn.')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByText('It was its turn.')).toBeNull();
    expect(screen.getByRole('button', { name: 'Why?' })).toHaveFocus();
  });

  test('a press elsewhere puts it away too', async () => {
    render(keys());
    await userEvent.click(screen.getByRole('button', { name: 'Why?' }));
    fireEvent.pointerDown(document.body);
    expect(screen.queryByText('It was its turn.')).toBeNull();
  });

  test.each(['off', 'curator'] as const)(
    'there is no vote to cast under the policy %s',
    (policy) => {
      render(keys({ skip: { ...vote, policy } }));
      expect(screen.queryByRole('button', { name: 'Skip' })).toBeNull();
    },
  );

  test('sound opens a slider; down to nothing is mute', async () => {
    const onSound = vi.fn();
    render(keys({ onSound }));
    await userEvent.click(screen.getByRole('button', { name: 'Sound' }));
    fireEvent.change(screen.getByRole('slider', { name: 'Volume' }), { target: { value: '0' } });
    expect(onSound).toHaveBeenLastCalledWith({ volume: 0, muted: true });
    await userEvent.click(screen.getByRole('button', { name: 'Mute' }));
    expect(onSound).toHaveBeenLastCalledWith({ volume: 0.8, muted: true });
  });

  test('sound back from nothing is loud enough to notice', async () => {
    const onSound = vi.fn();
    render(keys({ onSound, sound: { volume: 0, muted: true } }));
    await userEvent.click(screen.getByRole('button', { name: 'Sound' }));
    await userEvent.click(screen.getByRole('button', { name: 'Mute' }));
    expect(onSound).toHaveBeenLastCalledWith({ volume: 0.8, muted: false });
  });
});

describe('a vote to skip', () => {
  const answer = (voted: boolean, votes: number) => ({
    nowPlaying: wireSlot(0),
    queue: [],
    serverTime: '2026-02-03T10:25:00.000Z',
    listeners: 6,
    playlistId: null,
    skip: { policy: 'vote', votes, needed: 3, voted },
  });
  function Plate() {
    const { data } = useQuery(radioStreamOptions());
    return data?.nowPlaying == null ? null : (
      <KeyPlate
        song={data.nowPlaying}
        skip={data.skip}
        sound={sound}
        onSound={vi.fn()}
        heart={null}
      />
    );
  }

  test('names its slot, and is shown', async () => {
    const asked = fakeFetch(({ method }) =>
      method === 'POST'
        ? yes({ skipped: false, votes: 2, needed: 3, nowPlaying: wireSlot(0) })
        : yes(answer(false, 1)),
    );
    render(<Plate />);
    await userEvent.click(await screen.findByRole('button', { name: 'Skip' }));
    expect(await screen.findByRole('button', { name: 'Voted' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    expect(asked.find(({ method }) => method === 'POST')).toMatchObject({
      path: '/v1/radio/next',
      body: { seq: 0 },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Voted' }));
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('that passes asks what plays now', async () => {
    const asked = fakeFetch(({ method }) =>
      method === 'POST'
        ? yes({ skipped: true, votes: 3, needed: 3, nowPlaying: wireSlot(1) })
        : yes(answer(false, 2)),
    );
    render(<Plate />);
    await userEvent.click(await screen.findByRole('button', { name: 'Skip' }));
    await waitFor(() => expect(asked.filter(({ method }) => method === 'GET')).toHaveLength(2));
  });

  test('that is refused is taken back', async () => {
    fakeFetch(({ method }) =>
      method === 'POST'
        ? no(409, 'song_over', 'That song is over already.')
        : yes(answer(false, 1)),
    );
    render(<Plate />);
    await userEvent.click(await screen.findByRole('button', { name: 'Skip' }));
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Skip' })).toHaveAttribute('aria-pressed', 'false'),
    );
  });
});
