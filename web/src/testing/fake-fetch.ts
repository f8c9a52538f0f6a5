import { vi } from 'vitest';

export interface Asked {
  method: string;
  path: string;
  headers: Headers;
  body: unknown;
}
type Answer =
  { status?: number; body: unknown; headers?: Record<string, string> } | Error | DOMException;

/** Stands in for the network. Returns what was asked, in order. */
export function fakeFetch(answer: (asked: Asked) => Answer | Promise<Answer>): Asked[] {
  const log: Asked[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const asked: Asked = {
      method: init.method ?? 'GET',
      path,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    };
    log.push(asked);
    const answered = await answer(asked);
    if (answered instanceof Error || answered instanceof DOMException) throw answered;
    return new Response(JSON.stringify(answered.body), {
      status: answered.status ?? 200,
      headers: answered.headers ?? {},
    });
  });
  return log;
}

export const yes = (data: unknown): Answer => ({ body: { success: true, data } });
export const no = (status: number, code: string, error: string, retryAfter?: number): Answer => ({
  status,
  body: { success: false, error, code, ...(retryAfter !== undefined && { retryAfter }) },
});
