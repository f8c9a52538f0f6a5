import * as z from 'zod/mini';
import { type Accepts, proven } from './conforms';
import { count, objectId, songSchema } from './song';

export const playlistSchema = z.object({
  _id: objectId,
  title: z.string(),
  /** May be empty. */
  description: z.string(),
  coverImage: z.string(),
  songs: z.array(songSchema),
  likes: count,
  views: count,
  isLikedByUser: z.boolean(),
  isFeatured: z.boolean(),
});
export type Playlist = z.output<typeof playlistSchema>;
proven<Accepts<typeof playlistSchema, 'Playlist'>>();
