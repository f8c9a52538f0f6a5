import { expect, test } from 'vitest';
import { Session } from './session';
import { keptStrings } from './storage';

const A = '3f2b8c1e-7d54-4c7e-9a61-2f0d5b8e4a17';
const B = '8e03978e-40d5-43e8-bc93-6894a57f9324';
const memory = () =>
  keptStrings(() => {
    throw new Error('no storage here');
  });

test('is made once and kept', () => {
  const kept = memory();
  const first = new Session(kept, () => A);
  expect(first.id).toBe(A);
  expect(new Session(kept, () => B).id).toBe(A);
});

test('is made anew when what was kept is no UUID', () => {
  const kept = memory();
  kept.set('popradio.session', 'a1b2c3d4');
  expect(new Session(kept, () => A).id).toBe(A);
});

test('the answer of the server wins, and is kept', () => {
  const kept = memory();
  const session = new Session(kept, () => A);
  session.adopt(B);
  expect(session.id).toBe(B);
  expect(new Session(kept, () => A).id).toBe(B);
});

test('an answer that names nobody changes nothing', () => {
  const session = new Session(memory(), () => A);
  session.adopt(null);
  session.adopt('nonsense');
  expect(session.id).toBe(A);
});

test('starting over is somebody new', () => {
  const session = new Session(memory(), () => A);
  session.renew(() => B);
  expect(session.id).toBe(B);
});

test('goes on as a session that was carried here, and keeps it', () => {
  const kept = memory();
  new Session(kept, () => A).become(B);
  expect(new Session(kept, () => A).id).toBe(B);
});
