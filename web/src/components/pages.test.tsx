import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLikes } from '@/lib/kept-likes';
import { device } from '@/lib/storage';
import { updates } from '@/lib/updates';
import { render } from '@/testing/render';
import { aSong } from '@/testing/songs';
import { EndOfList } from './end-of-list';
import { KeptLikesList } from './kept-likes-list';
import { QrCode } from './qr-code';
import { UpdatePrompt } from './update-prompt';

let near: (() => void) | null = null;
beforeEach(() => {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(seen: (entries: { isIntersecting: boolean }[]) => void) {
        near = () => seen([{ isIntersecting: true }]);
      }
      observe = (): void => undefined;
      disconnect = (): void => undefined;
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('what I liked is there without a line, with ways to it; before that, a word about it', () => {
  keepLikes(device, []);
  const { unmount } = render(<KeptLikesList />);
  expect(screen.getByText(/Nothing yet/)).toBeInTheDocument();
  unmount();
  keepLikes(device, [aSong(1), aSong(2)]);
  render(<KeptLikesList />);
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
    `/songs/${aSong(1)._id}`,
    `/songs/${aSong(2)._id}`,
  ]);
});

test('a new release is announced, taken or put off', async () => {
  render(<UpdatePrompt />);
  expect(screen.queryByRole('button')).toBeNull();
  // What the worker says when another one waits.
  act(() => (updates as unknown as { become: (waiting: boolean) => void }).become(true));
  expect(screen.getByRole('status')).toHaveTextContent('A new release of this page is here.');
  await userEvent.click(screen.getByRole('button', { name: 'Later' }));
  expect(screen.queryByRole('button')).toBeNull();
});

test('the end of a list asks for more when it comes near, unless it is at it, has no more, or failed', async () => {
  const onNear = vi.fn();
  const { rerender } = render(<EndOfList more busy={false} failed={false} onNear={onNear} />);
  near?.();
  expect(onNear).toHaveBeenCalledTimes(1);
  rerender(<EndOfList more busy failed={false} onNear={onNear} />);
  near?.();
  rerender(<EndOfList more={false} busy={false} failed={false} onNear={onNear} />);
  near?.();
  rerender(<EndOfList more busy={false} failed onNear={onNear} />);
  near?.();
  expect(onNear).toHaveBeenCalledTimes(1);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onNear).toHaveBeenCalledTimes(2);
});

test('a code has a quiet edge of four dots, and a name', () => {
  const { container } = render(<QrCode text="https://radio.example/" label="QR code" />);
  const svg = screen.getByRole('img', { name: 'QR code' });
  const size = Number(svg.getAttribute('viewBox')?.split(' ')[2]);
  const dots = [
    ...(container.querySelector('path')?.getAttribute('d') ?? '').matchAll(/M(\d+) (\d+)/g),
  ];
  const places = dots.flatMap(([, x, y]) => [Number(x), Number(y)]);
  expect(Math.min(...places)).toBe(4);
  expect(Math.max(...places)).toBe(size - 5);
});
