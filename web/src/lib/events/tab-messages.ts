import * as z from 'zod/mini';

const frame = z.object({ type: z.string(), data: z.string(), id: z.nullable(z.string()) });
const state = z.enum(['closed', 'connecting', 'open']);

/**
 * What the tabs of a browser tell each other. Checked like anything that comes from outside: the other tab may run
 * another version of this page.
 */
export const tabMessageSchema = z.discriminatedUnion('kind', [
  /** From the tab that has the stream. `missed`: events before this one are lost to everybody. */
  z.object({ kind: z.literal('frame'), frame, missed: z.boolean() }),
  z.object({ kind: z.literal('beat') }),
  z.object({ kind: z.literal('state'), state }),
  /** To a tab that has just come: where the others are. */
  z.object({ kind: z.literal('recent'), to: z.string(), state, frames: z.array(frame) }),
  /** Which tab has the stream from now on; each tells it what it wants. */
  z.object({ kind: z.literal('leader') }),
  /** From a tab that has just come. */
  z.object({ kind: z.literal('hello'), tab: z.string() }),
  /** What a tab wants to hear about besides the radio. */
  z.object({ kind: z.literal('wants'), tab: z.string(), topics: z.array(z.string()) }),
]);
export type TabMessage = z.output<typeof tabMessageSchema>;
