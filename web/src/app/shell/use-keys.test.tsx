import { fireEvent, screen } from '@testing-library/react';
import { useLocation } from 'react-router';
import { expect, test, vi } from 'vitest';
import { render } from '@/testing/render';
import { type KeyTargets, useKeys } from './use-keys';

const like = vi.fn<() => void>();

function Page(targets: KeyTargets) {
  useKeys(targets);
  const { pathname, hash } = useLocation();
  return (
    <>
      <p>{pathname + hash}</p>
      <button type="button" aria-keyshortcuts="L" onClick={() => like()}>
        like
      </button>
      <button type="button" aria-keyshortcuts="S" disabled onClick={() => like()}>
        skip
      </button>
      <input aria-label="say" aria-keyshortcuts="C" />
    </>
  );
}

function open(over: Partial<KeyTargets> = {}) {
  like.mockReset();
  const setSound = vi.fn();
  const join = vi.fn();
  const sound = { volume: 0.8, muted: false };
  render(<Page joined sound={sound} setSound={setSound} join={join} onRadio {...over} />);
  return {
    setSound,
    join,
    press: (key: string, more = {}) => fireEvent.keyDown(document.body, { key, ...more }),
  };
}

test('space joins, and then turns the sound off', () => {
  const before = open({ joined: false });
  before.press(' ');
  expect(before.join).toHaveBeenCalledOnce();
  expect(before.setSound).not.toHaveBeenCalled();
});

test('space turns the sound off on the radio, and scrolls everywhere else', () => {
  const { press, setSound } = open();
  expect(press(' ')).toBe(false);
  expect(setSound).toHaveBeenCalledWith({ volume: 0.8, muted: true });
});

test('space is left alone away from the radio', () => {
  const { press, setSound } = open({ onRadio: false });
  expect(press(' ')).toBe(true);
  expect(setSound).not.toHaveBeenCalled();
});

test.each([
  ['ArrowRight', 0.95, { volume: 1, muted: false }],
  ['ArrowLeft', 0.8, { volume: 0.7, muted: false }],
  ['ArrowLeft', 0.1, { volume: 0, muted: true }],
])('%s at %d', (key, volume, becomes) => {
  const { press, setSound } = open({ sound: { volume, muted: false } });
  press(key);
  expect(setSound).toHaveBeenCalledWith(becomes);
});

test('letters press the key that names them, if it can be pressed, and go into the field', () => {
  const { press } = open();
  press('l');
  expect(like).toHaveBeenCalledTimes(1);
  press('s');
  press('l', { ctrlKey: true });
  press('l', { repeat: true });
  expect(like).toHaveBeenCalledTimes(1);
  press('c');
  const field = screen.getByLabelText('say');
  expect(field).toHaveFocus();
  fireEvent.keyDown(field, { key: 'l' });
  expect(like).toHaveBeenCalledTimes(1);
});

test('a question mark shows the keys', () => {
  const { press } = open();
  press('?');
  expect(screen.getByText('/about#keys')).toBeInTheDocument();
});
