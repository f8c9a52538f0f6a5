import { afterEach, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { fakeFetch, no, yes } from '@/testing/fake-fetch';
import { ApiError, ContractError, UnreachableError } from './api-error';
import { request, session } from './client';

const schema = z.object({ n: z.number() });
const B = '8e03978e-40d5-43e8-bc93-6894a57f9324';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('sends the session and returns the checked data', async () => {
  const asked = fakeFetch(() => yes({ n: 7, more: true }));
  await expect(request('/time', { schema })).resolves.toEqual({ n: 7 });
  expect(asked[0]?.path).toBe('/v1/time');
  expect(asked[0]?.headers.get('X-Session-Id')).toBe(session.id);
  expect(asked[0]?.headers.has('Content-Type')).toBe(false);
});

test('takes over the session that the server answers with', async () => {
  fakeFetch(() => ({ body: { success: true, data: { n: 1 } }, headers: { 'X-Session-Id': B } }));
  await request('/time', { schema });
  expect(session.id).toBe(B);
});

test('somebody who is asked about in passing is not taken over', async () => {
  const before = session.id;
  const other = '11111111-2222-4333-8444-555555555555';
  fakeFetch(() => ({
    body: { success: true, data: { n: 1 } },
    headers: { 'X-Session-Id': other },
  }));
  await request('/sessions/me', { schema, headers: { 'X-Session-Id': other } });
  expect(session.id).toBe(before);
});

test('an answer to who one was before does not turn one back', async () => {
  const before = session.id;
  fakeFetch(() => {
    session.renew(() => '99999999-2222-4333-8444-555555555555');
    return { body: { success: true, data: { n: 1 } }, headers: { 'X-Session-Id': before } };
  });
  await request('/time', { schema });
  expect(session.id).toBe('99999999-2222-4333-8444-555555555555');
});

test('a body goes out as JSON', async () => {
  const asked = fakeFetch(() => yes({ n: 1 }));
  await request('/x', { schema, method: 'POST', body: { text: 'hi' } });
  expect(asked[0]?.body).toEqual({ text: 'hi' });
  expect(asked[0]?.headers.get('Content-Type')).toBe('application/json');
});

test('a no of the station carries its sentence, code and when to try again', async () => {
  fakeFetch(() => no(429, 'rate_limited', 'Rate limit exceeded. Try again in 15 minutes.', 900));
  const error = await request('/x', { schema }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 429, code: 'rate_limited', retryAfterS: 900 });
});

test('Retry-After does where the body names no time', async () => {
  fakeFetch(() => ({
    status: 503,
    body: { success: false, error: 'Busy.', code: 'unavailable' },
    headers: { 'Retry-After': '5' },
  }));
  await expect(request('/x', { schema })).rejects.toMatchObject({ retryAfterS: 5 });
});

test.each([
  ['the network fails', () => new TypeError('Failed to fetch')],
  ['a proxy answers an error page', () => ({ status: 502, body: undefined })],
])('nobody there when %s', async (_, answer) => {
  fakeFetch(answer);
  await expect(request('/x', { schema })).rejects.toBeInstanceOf(UnreachableError);
});

test.each([
  ['data of another shape', () => yes({ n: 'seven' })],
  ['no envelope', () => ({ body: { n: 7 } })],
  ['a refusal without a sentence', () => ({ status: 400, body: { oops: 1 } })],
])('%s breaks the contract, loudly', async (_, answer) => {
  fakeFetch(answer);
  await expect(request('/x', { schema })).rejects.toBeInstanceOf(ContractError);
});

test('somebody who changed their mind is told so, not that the station is gone', async () => {
  const controller = new AbortController();
  fakeFetch(() => {
    controller.abort();
    return new DOMException('aborted', 'AbortError');
  });
  await expect(request('/x', { schema, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});
