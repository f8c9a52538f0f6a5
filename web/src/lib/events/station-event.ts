import * as z from 'zod/mini';
import { ContractError } from '../api/api-error';
import { commentSchema, targetTypeSchema } from '../schemas/comment';
import { type Accepts, proven } from '../schemas/conforms';
import { count, moment, objectId, radioSongSchema } from '../schemas/song';

/** Everybody gets the same bytes: nothing in an event is about the session that reads it. */
const eventSongSchema = z.omit(radioSongSchema, { isLikedByUser: true });
export type EventSong = z.output<typeof eventSongSchema>;

const nowPlayingSchema = z.object({
  nowPlaying: z.nullable(eventSongSchema),
  playlistId: z.nullable(objectId),
});
proven<Accepts<typeof nowPlayingSchema, 'NowPlayingEvent'>>();

const queueSchema = z.object({ queue: z.array(eventSongSchema) });
proven<Accepts<typeof queueSchema, 'QueueEvent'>>();

const countersSchema = z.object({
  songId: z.optional(objectId),
  playlistId: z.optional(objectId),
  likes: count,
  plays: z.optional(count),
  views: z.optional(count),
});
proven<Accepts<typeof countersSchema, 'CountersEvent'>>();

const commentEventSchema = z.object({ comment: z.omit(commentSchema, { isMine: true }) });
proven<Accepts<typeof commentEventSchema, 'CommentEvent'>>();

const commentHiddenSchema = z.object({
  commentId: objectId,
  targetType: targetTypeSchema,
  targetId: objectId,
});
proven<Accepts<typeof commentHiddenSchema, 'CommentHiddenEvent'>>();

const listenersSchema = z.object({ listeners: count });
proven<Accepts<typeof listenersSchema, 'ListenersEvent'>>();

const skipSchema = z.object({
  skip: z.object({
    policy: z.enum(['off', 'curator', 'vote']),
    votes: count,
    needed: count,
    /** The slot that the vote is about. */
    seq: z.nullable(count),
  }),
});
proven<Accepts<typeof skipSchema, 'SkipEvent'>>();

export const REACTIONS = ['💖', '✨', '🔥', '😭', '🪩'] as const;
export type Reaction = (typeof REACTIONS)[number];
export const reactionSchema = z.enum(REACTIONS);
proven<Accepts<typeof reactionSchema, 'Reaction'>>();

const reactionEventSchema = z.object({
  songId: objectId,
  reactions: z.partialRecord(reactionSchema, count),
});
proven<Accepts<typeof reactionEventSchema, 'ReactionEvent'>>();

/** Ends the state that a connect begins with. */
const serverTimeSchema = z.object({ serverTime: moment, epochMs: z.number() });
proven<Accepts<typeof serverTimeSchema, 'ServerTime'>>();

const schemas = {
  nowPlaying: nowPlayingSchema,
  queue: queueSchema,
  counters: countersSchema,
  comment: commentEventSchema,
  commentHidden: commentHiddenSchema,
  listeners: listenersSchema,
  skip: skipSchema,
  reaction: reactionEventSchema,
  serverTime: serverTimeSchema,
} as const;

export type EventType = keyof typeof schemas;
export type EventData<Type extends EventType> = z.output<(typeof schemas)[Type]>;

/** An event as it came over the line. */
export interface Frame {
  type: string;
  data: string;
  /** Null when the station gave none. */
  id: string | null;
}

export const isEventType = (type: string): type is EventType => Object.hasOwn(schemas, type);

/** The data of an event, checked. Throws ContractError for what is not in the agreed shape. */
export function readEvent<Type extends EventType>(type: Type, text: string): EventData<Type> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ContractError(`The event ${type} is no JSON`, { cause: error });
  }
  const parsed = schemas[type].safeParse(data);
  if (!parsed.success)
    throw new ContractError(`The event ${type}: ${z.prettifyError(parsed.error)}`);
  return parsed.data as EventData<Type>;
}
