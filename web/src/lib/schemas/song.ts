import { z } from 'zod';
import { type Accepts, proven } from './conforms';

/** ISO 8601 on the wire, epoch milliseconds inside. */
export const moment = z.iso.datetime().transform((text) => Date.parse(text));
export const objectId = z.string().regex(/^[0-9a-f]{24}$/);
export const count = z.number().int().nonnegative();

export const songSchema = z.object({
  _id: objectId,
  title: z.string(),
  artist: z.string(),
  /** Never empty: what has no picture gets a generated cover. */
  albumArt: z.string(),
  /** Empty when there is only sound. */
  videoUrl: z.string(),
  /** Empty when there is only the video. */
  audioUrl: z.string(),
  /** Seconds. */
  duration: z.number().positive(),
  genre: z.array(z.string()),
  releaseYear: z.number().int().nullable(),
  likes: count,
  plays: count,
  isLikedByUser: z.boolean(),
});
export type Song = z.output<typeof songSchema>;
proven<Accepts<typeof songSchema, 'Song'>>();

/** A song in its slot of the station's timeline. */
export const radioSongSchema = songSchema.extend({
  seq: count,
  startedAt: moment,
  endsAt: moment,
  why: z.object({ code: z.string(), text: z.string() }),
});
export type RadioSong = z.output<typeof radioSongSchema>;
proven<Accepts<typeof radioSongSchema, 'RadioSong'>>();
