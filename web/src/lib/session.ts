import type { KeptStrings } from './storage';
import { isUuid, randomUuid } from './uuid';

const KEY = 'popradio.session';
export const SESSION_HEADER = 'X-Session-Id';

/**
 * The anonymous session: a UUID that this browser made. It is a credential (whoever has it is that listener), so it is
 * sent as a header to our own station only and shown nowhere.
 */
export class Session {
  private readonly kept: KeptStrings;
  private current: string;

  constructor(kept: KeptStrings, makeId: () => string = randomUuid) {
    this.kept = kept;
    const before = kept.get(KEY);
    this.current = before !== null && isUuid(before) ? before : makeId();
    kept.set(KEY, this.current);
  }

  get id(): string {
    return this.current;
  }

  /** False when the browser keeps nothing: likes then last as long as the page. */
  get durable(): boolean {
    return this.kept.durable;
  }

  /** The server's answer wins: if it names another session, that is who we are from now on. */
  adopt(answered: string | null): void {
    if (answered === null || answered === this.current || !isUuid(answered)) return;
    this.current = answered;
    this.kept.set(KEY, answered);
  }

  /** Goes on as this session, which came from another device of the same person. */
  become(id: string): void {
    this.adopt(id);
  }

  /** Starts over as somebody new. */
  renew(makeId: () => string = randomUuid): void {
    this.current = makeId();
    this.kept.set(KEY, this.current);
  }
}
