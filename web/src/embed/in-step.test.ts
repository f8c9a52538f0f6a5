import { beforeEach, expect, test } from 'vitest';
import { InStep, type Steered } from './in-step';

let medium: { -readonly [K in keyof Steered]: Steered[K] };
let inStep: InStep;

beforeEach(() => {
  medium = { currentTime: 0, playbackRate: 1, readyState: 4, seeking: false, duration: 200 };
  inStep = new InStep();
});

test('joins in the middle of a song at the second where everybody is', () => {
  inStep.tick(medium, 47, 0);
  expect(medium.currentTime).toBeCloseTo(47.1);
});

test('a song that begins is played from its first note', () => {
  inStep.tick(medium, 0.1, 0);
  expect(medium.currentTime).toBe(0);
});

test('waits for what it needs to know before it seeks', () => {
  medium.readyState = 0;
  inStep.tick(medium, 47, 0);
  expect(medium.currentTime).toBe(0);
  medium.readyState = 1;
  inStep.tick(medium, 48, 250);
  expect(medium.currentTime).toBeCloseTo(48.1);
});

test('a small drift is caught up with by the rate, and then left alone', () => {
  inStep.tick(medium, 0, 0);
  medium.currentTime = 9.8;
  inStep.tick(medium, 10, 250);
  expect(medium.playbackRate).toBeGreaterThan(1);
  medium.currentTime = 10.5;
  inStep.tick(medium, 10.5, 500);
  expect(medium.playbackRate).toBe(1);
});

test('a large drift is one seek, and the next one not before it could help', () => {
  inStep.tick(medium, 0, 0);
  inStep.tick(medium, 30, 250);
  expect(medium.currentTime).toBeCloseTo(30.1);
  medium.currentTime = 10;
  inStep.tick(medium, 30.25, 500);
  expect(medium.currentTime).toBe(10);
  inStep.tick(medium, 34, 4_000);
  expect(medium.currentTime).toBeCloseTo(34.1);
});

test('a medium that is shorter than its slot is left at its end', () => {
  medium.currentTime = 200;
  inStep.tick(medium, 205, 0);
  expect(medium.currentTime).toBe(200);
});

test('another song in the element is joined anew', () => {
  inStep.tick(medium, 0, 0);
  inStep.reset();
  inStep.tick(medium, 20, 250);
  expect(medium.currentTime).toBeCloseTo(20.1);
});

test('a site that knows one pace only is sought, and only when it is far off', () => {
  medium = { ...medium, currentTime: 46.5, seekOnly: true };
  inStep.tick(medium, 47, 0);
  medium.currentTime = 46.7;
  inStep.tick(medium, 47, 5_000);
  expect(medium).toMatchObject({ currentTime: 46.7, playbackRate: 1 });
  medium.currentTime = 46;
  inStep.tick(medium, 47, 5_250);
  expect(medium).toMatchObject({ currentTime: 47.1, playbackRate: 1 });
});

test('a medium whose length is not known yet is aimed all the same', () => {
  medium.duration = Number.NaN;
  inStep.tick(medium, 47, 0);
  expect(medium.currentTime).toBeCloseTo(47.1);
});
