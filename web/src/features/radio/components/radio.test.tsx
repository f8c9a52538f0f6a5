import { useQuery } from '@tanstack/react-query';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Toasts } from '@/components/toasts';
import { FakeEvents } from '@/testing/fake-events';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { handClock, render } from '@/testing/render';
import { aSlot, wireSlot } from '@/testing/songs';
import { radioStreamOptions } from '../api/get-radio-stream';
import { Display } from './display';
import { Invitation } from './invitation';
import { KeyPlate } from './key-plate';
import { NextFive } from './next-five';
import { ReactionKeys } from './reaction-keys';

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
    render(<Invitation song={aSlot(0)} listeners={listeners} onJoin={vi.fn()} />, { clock });
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
    render(<NextFive upcoming={[1, 2, 3, 4, 5].map((seq) => aSlot(seq))} />, { clock });
    expect(screen.getAllByRole('listitem')).toHaveLength(5);
    expect(screen.getByText('in 0:40')).toBeVisible();
    expect(screen.getAllByText(/^\d\d:\d\d$/)).toHaveLength(4);
  });

  test('counts with the clock of the station', () => {
    vi.useFakeTimers();
    const { clock, set } = handClock(20_000);
    render(<NextFive upcoming={[aSlot(1)]} />, { clock });
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
      { clock },
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

  test('that passes shows the next song at once, without asking, where events tell', async () => {
    const asked = fakeFetch(({ method }) =>
      method === 'POST'
        ? yes({ skipped: true, votes: 3, needed: 3, nowPlaying: wireSlot(1) })
        : yes(answer(false, 2)),
    );
    const { client } = render(<Plate />, { events: new FakeEvents() });
    await userEvent.click(await screen.findByRole('button', { name: 'Skip' }));
    const { queryKey } = radioStreamOptions();
    await waitFor(() => expect(client.getQueryData(queryKey)?.nowPlaying?.seq).toBe(1));
    expect(client.getQueryData(queryKey)?.skip).toMatchObject({ votes: 0, voted: false });
    expect(asked.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  test('that comes too soon after a skip says so, counts down, and may then be given', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let early = true;
    fakeFetch(({ method }) => {
      if (method === 'GET') return yes(answer(false, 1));
      return early
        ? no(429, 'skip_too_soon', 'Somebody skipped a moment ago. Try again in 7 seconds.', 7)
        : yes({ skipped: false, votes: 2, needed: 3, nowPlaying: wireSlot(0) });
    });
    render(
      <>
        <Plate />
        <Toasts />
      </>,
      { events: new FakeEvents() },
    );
    fireEvent.click(await screen.findByRole('button', { name: 'Skip' }));
    const key = await screen.findByRole('button', { name: 'Skip, in 7 seconds' });
    expect(key).toBeDisabled();
    expect(key).toHaveTextContent('0:07');
    expect(screen.getByText(/Somebody skipped a moment ago/)).toBeVisible();
    act(() => {
      vi.advanceTimersByTime(3_050);
    });
    expect(key).toHaveTextContent('0:04');
    act(() => {
      vi.advanceTimersByTime(4_000);
    });
    early = false;
    fireEvent.click(screen.getByRole('button', { name: 'Skip' }));
    expect(await screen.findByRole('button', { name: 'Voted' })).toBeVisible();
    vi.useRealTimers();
  });
});

describe('the reactions', () => {
  test('are five keys, and each says what it is', async () => {
    const asked = fakeFetch(() => yes({ songId: aSlot(0)._id, reaction: '🪩' }));
    render(<ReactionKeys />);
    expect(screen.getAllByRole('button')).toHaveLength(5);
    await userEvent.click(screen.getByRole('button', { name: 'Mirror ball' }));
    await waitFor(() =>
      expect(asked).toMatchObject([
        { method: 'POST', path: '/v1/radio/reactions', body: { reaction: '🪩' } },
      ]),
    );
  });

  test('one too many is said in a sentence', async () => {
    fakeFetch(() => no(429, 'rate_limited', 'That was a lot of reactions. Take a breath.', 5));
    render(
      <>
        <ReactionKeys />
        <Toasts />
      </>,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Love' }));
    expect(await screen.findByText('That was a lot of reactions. Take a breath.')).toBeVisible();
  });
});
