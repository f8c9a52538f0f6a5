import { expect, test } from 'vitest';
import { Lead } from './lead';

test('finds what a machine needs, and follows it', () => {
  const lead = new Lead(70, 1_500);
  let needs = 240;
  for (let i = 0; i < 3; i += 1) lead.learn(lead.ms - needs);
  expect(lead.ms).toBe(240);
  needs = 30;
  lead.learn(lead.ms - needs);
  expect(lead.ms).toBe(30);
});

test('never aims behind, nor further ahead than it may', () => {
  const lead = new Lead(70, 300);
  lead.learn(-5_000);
  expect(lead.ms).toBe(300);
  lead.learn(5_000);
  expect(lead.ms).toBe(0);
});
