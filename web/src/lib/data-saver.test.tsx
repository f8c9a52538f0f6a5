import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveData, savesData, useDataSaver } from './data-saver';
import { device } from './storage';

const browserSays = (connection: { saveData: boolean } | undefined): void => {
  Object.defineProperty(navigator, 'connection', { value: connection, configurable: true });
};

beforeEach(() => device.set('popradio.datasaver', ''));
afterEach(() => Reflect.deleteProperty(navigator, 'connection'));

test.each([
  [undefined, false],
  [{ saveData: false }, false],
  [{ saveData: true }, true],
])('who has chosen nothing gets what the browser was told: %j', (connection, saves) => {
  browserSays(connection);
  expect(savesData()).toBe(saves);
});

test('a choice counts more than the browser, both ways, and shows at once', () => {
  browserSays({ saveData: true });
  const { result } = renderHook(() => useDataSaver());
  expect(result.current).toBe(true);
  act(() => saveData(false));
  expect(result.current).toBe(false);
  browserSays({ saveData: false });
  act(() => saveData(true));
  expect(result.current).toBe(true);
});
