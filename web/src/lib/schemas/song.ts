import * as z from 'zod/mini';
import { type Accepts, proven } from './conforms';

/** ISO 8601 on the wire, epoch milliseconds inside. */
export const moment = z.pipe(
  z.iso.datetime(),
  z.transform((text: string) => Date.parse(text)),
);
export const objectId = z.string().check(z.regex(/^[0-9a-f]{24}$/));
export const count = z.int().check(z.nonnegative());

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
  duration: z.number().check(z.positive()),
  genre: z.array(z.string()),
  releaseYear: z.nullable(z.int()),
  likes: count,
  plays: count,
  isLikedByUser: z.boolean(),
});
export type Song = z.output<typeof songSchema>;
proven<Accepts<typeof songSchema, 'Song'>>();

/** A song in its slot of the station's timeline. */
export const radioSongSchema = z.extend(songSchema, {
  seq: count,
  startedAt: moment,
  endsAt: moment,
  why: z.object({ code: z.string(), text: z.string() }),
});
export type RadioSong = z.output<typeof radioSongSchema>;
proven<Accepts<typeof radioSongSchema, 'RadioSong'>>();
