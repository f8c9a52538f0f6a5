import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { soloPlays } from '@/lib/solo';
import { fakeFetch, yes } from '@/testing/fake-fetch';
import { render } from '@/testing/render';
import { aSong } from '@/testing/songs';
import { SoloPlayer } from './solo-player';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = (over: Parameters<typeof aSong>[1] = {}) => {
  const onEnded = vi.fn();
  const onClose = vi.fn();
  const view = render(
    <SoloPlayer song={aSong(1, over)} flavour="pearl" onEnded={onEnded} onClose={onClose} />,
  );
  return { ...view, onEnded, onClose };
};

test('the radio is silent for as long as it is open, and is told so', () => {
  const { unmount } = open();
  expect(soloPlays()).toBe(true);
  expect(screen.getByText(/The radio is silent meanwhile/)).toBeInTheDocument();
  unmount();
  expect(soloPlays()).toBe(false);
});

test('what fails is tried as sound, and then it says that it does not play', () => {
  open({ audioUrl: '/sound.mp3' });
  const medium = () => screen.queryByLabelText<HTMLVideoElement>('Video of Song 1');
  expect(medium()?.getAttribute('src')).toContain('/video');
  fireEvent.error(medium() as HTMLVideoElement);
  expect(medium()?.getAttribute('src')).toBe('/sound.mp3');
  fireEvent.error(medium() as HTMLVideoElement);
  expect(document.querySelector('video')).not.toBeVisible();
  expect(screen.getByRole('status')).toHaveTextContent('This one does not play here.');
});

test('its end and its key are told', () => {
  const { onEnded, onClose } = open();
  fireEvent.ended(screen.getByLabelText('Video of Song 1'));
  expect(onEnded).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole('button', { name: 'Back to the radio' }));
  expect(onClose).toHaveBeenCalledOnce();
});

test('ten seconds of it count as a play, once', () => {
  const asked = fakeFetch(() => yes({ plays: 101 }));
  open();
  fireEvent.playing(screen.getByLabelText('Video of Song 1'));
  act(() => void vi.advanceTimersByTime(9_500));
  expect(asked).toHaveLength(0);
  act(() => void vi.advanceTimersByTime(20_000));
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /v1/songs/${aSong(1)._id}/play`,
  ]);
  expect(asked[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/);
});

test('a song of another site plays in that site’s frame, and its end is heard', async () => {
  const { onEnded } = open({ videoUrl: 'https://youtu.be/dQw4w9WgXcQ' });
  const frame = await screen.findByTitle<HTMLIFrameElement>('YouTube: Song 1');
  expect(frame.src).toContain('https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ');
  expect(document.querySelector('video')).not.toBeVisible();
  const say = (origin: string): void =>
    act(() => {
      window.dispatchEvent(
        new MessageEvent('message', {
          origin,
          source: frame.contentWindow,
          data: JSON.stringify({ event: 'infoDelivery', info: { playerState: 0 } }),
        }),
      );
    });
  say('https://elsewhere.example');
  expect(onEnded).not.toHaveBeenCalled();
  say('https://www.youtube-nocookie.com');
  expect(onEnded).toHaveBeenCalledOnce();
});
