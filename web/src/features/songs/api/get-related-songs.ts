import { queryOptions } from '@tanstack/react-query';
import type { Song } from '@/lib/schemas/song';
import { type Related, relatedTo } from '../lib/related';
import { getSongs } from './get-songs';

/** Songs that go with this one: two questions, kept for a while. */
export const relatedSongsOptions = (song: Song) =>
  queryOptions({
    queryKey: ['songs', 'related', song._id],
    queryFn: async ({ signal }): Promise<Related> => {
      const genre = song.genre[0];
      const [byArtist, byGenre] = await Promise.all([
        getSongs({ q: song.artist, genre: '', sort: 'popular' }, null, signal),
        genre === undefined
          ? { songs: [] }
          : getSongs({ q: '', genre, sort: 'popular' }, null, signal),
      ]);
      return relatedTo(song, byArtist.songs, byGenre.songs);
    },
    staleTime: 10 * 60_000,
  });
