import * as z from 'zod/mini';
import { SESSION_HEADER, Session } from '../session';
import { device } from '../storage';
import { ApiError, ContractError, UnreachableError } from './api-error';

// Zod compiles its checks with `new Function` where it may. The station's Content-Security-Policy forbids that, and the
// mere attempt is reported as a violation: so it does not try.
z.config({ jitless: true });

const BASE = '/v1';
/** An answer that takes longer than this is no answer. */
const TIMEOUT_MS = 10_000;

const success = z.object({ success: z.literal(true), data: z.unknown() });
const failure = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z._default(z.string(), 'unknown'),
  retryAfter: z.optional(z.number().check(z.nonnegative())),
});

export const session = new Session(device);

export interface Request<Schema extends z.ZodMiniType> {
  /** The shape of `data` in the answer. */
  schema: Schema;
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

/**
 * Asks the station and returns `data`, checked against the schema.
 * Throws ApiError (it said no), UnreachableError (nobody there) or ContractError (not the agreed shape).
 */
export async function request<Schema extends z.ZodMiniType>(
  path: string,
  { schema, method = 'GET', body, headers = {}, signal, keepalive = false }: Request<Schema>,
): Promise<z.output<Schema>> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const asked = session.id;
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      keepalive,
      credentials: 'omit',
      headers: {
        Accept: 'application/json',
        [SESSION_HEADER]: asked,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error; // somebody changed their mind; that is no failure
    throw new UnreachableError('The station does not answer.', { cause: error });
  }
  // Who asks in another's name, or became somebody else meanwhile, stays who they are.
  if (headers[SESSION_HEADER] === undefined && session.id === asked) {
    session.adopt(response.headers.get(SESSION_HEADER));
  }

  let answer: unknown;
  try {
    answer = await response.json();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    // A proxy's error page, or half an answer.
    if (response.status >= 500 || deadline.aborted) {
      throw new UnreachableError('The station does not answer.', { cause: error });
    }
    throw new ContractError(`${method} ${path} answered ${response.status} without JSON`, {
      cause: error,
    });
  }
  if (!response.ok) {
    const no = failure.safeParse(answer);
    if (!no.success) throw new ContractError(`${method} ${path} answered ${response.status}`);
    const header = Number(response.headers.get('Retry-After') ?? Number.NaN);
    const retryAfterS = no.data.retryAfter ?? (Number.isFinite(header) ? header : null);
    throw new ApiError(response.status, no.data.code, no.data.error, retryAfterS);
  }
  const envelope = success.safeParse(answer);
  if (!envelope.success) throw new ContractError(`${method} ${path} answered no envelope`);
  const parsed = schema.safeParse(envelope.data.data);
  if (!parsed.success) {
    throw new ContractError(`${method} ${path}: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
