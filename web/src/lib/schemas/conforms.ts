import type * as z from 'zod/mini';
import type { components } from '../api/schema';

type Described = components['schemas'];

/**
 * Fails to compile when a schema of ours would refuse what `api/openapi.yaml` describes: the description and the check at
 * the edge cannot drift apart.
 */
export type Accepts<Schema extends z.ZodMiniType, Name extends keyof Described> =
  Described[Name] extends z.input<Schema> ? true : never;

export const proven = <Proof extends true>(): Proof => true as Proof;
