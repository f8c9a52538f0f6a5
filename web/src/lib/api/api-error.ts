/** The station answered, and the answer is no. `message` is the station's own sentence for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds until the next try can pass; on 429 and 503. */
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }
}

/** Nothing answered: no network, no server, or not in time. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Something answered, but not in the shape of the contract. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}
