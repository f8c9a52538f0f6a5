import { act, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, UnreachableError } from '@/lib/api/api-error';
import { reportAnswer } from '@/lib/connection';
import { notify } from '@/lib/notices';
import { render } from '@/testing/render';
import { ConnectionBanner } from './connection-banner';
import { ListenersChip } from './listeners-chip';
import { Toasts } from './toasts';

afterEach(() => {
  act(() => reportAnswer(null));
});

test('the banner comes with trouble, says what goes on, and leaves by itself', () => {
  const onTry = vi.fn();
  render(<ConnectionBanner plays onTry={onTry} />);
  expect(screen.getByRole('status')).toBeEmptyDOMElement();
  act(() => reportAnswer(new UnreachableError('x')));
  expect(screen.getByText('The station does not answer')).toBeVisible();
  expect(screen.getByText(/The song plays on/)).toBeVisible();
  screen.getByRole('button', { name: 'Try now' }).click();
  expect(onTry).toHaveBeenCalledOnce();
  act(() => reportAnswer(null));
  expect(screen.getByRole('status')).toBeEmptyDOMElement();
});

test('a limit says from when it works again, and offers no key that would not work', () => {
  render(<ConnectionBanner plays={false} onTry={vi.fn()} />);
  act(() => reportAnswer(new ApiError(429, 'rate_limited', 'x', 900)));
  expect(screen.getByText(/news from \d\d:\d\d/)).toBeVisible();
  expect(screen.queryByRole('button')).toBeNull();
});

test('offline is said at once', () => {
  render(<ConnectionBanner plays onTry={vi.fn()} />);
  act(() => {
    window.dispatchEvent(new Event('offline'));
  });
  expect(screen.getByText('You are offline')).toBeVisible();
  expect(screen.getByText(/hearts wait/)).toBeVisible();
});

test('foil means all of us; alone it is gone', () => {
  const { rerender } = render(<ListenersChip listeners={12408} alone={false} />);
  expect(screen.getByText(/12,408/)).toBeVisible();
  rerender(<ListenersChip listeners={1} alone />);
  expect(screen.getByText('just you')).toBeVisible();
});

test('a sentence leaves by itself, and the same one is shown once', () => {
  vi.useFakeTimers();
  render(<Toasts />);
  act(() => {
    notify('The link is copied.');
    notify('The link is copied.');
  });
  expect(screen.getAllByText('The link is copied.')).toHaveLength(1);
  act(() => {
    vi.advanceTimersByTime(10_000);
  });
  expect(screen.queryByText('The link is copied.')).toBeNull();
  vi.useRealTimers();
});
