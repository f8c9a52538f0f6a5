import { StationError } from './station-api';

/** Between two tries to reach a station that is away. */
export const RETRY_MS = 15_000;

/** Tries until the station answers, and tells when it does not. Null: what was asked for is not there any more. */
export async function reach<T>(
  ask: () => Promise<T>,
  tell: (away: boolean) => void,
): Promise<T | null> {
  for (;;) {
    try {
      const answer = await ask();
      tell(false);
      return answer;
    } catch (error) {
      if (error instanceof StationError && error.status === 404) return null;
      tell(true);
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS);
      });
    }
  }
}
