import type { Comment } from '@/lib/schemas/comment';
import type { RadioSong, Song } from '@/lib/schemas/song';

const hex = (n: number): string => n.toString(16).padStart(24, '0');

export const aSong = (n: number, over: Partial<Song> = {}): Song => ({
  _id: hex(n),
  title: `Song ${n}`,
  artist: `Artist ${n}`,
  albumArt: `/api/media/${hex(n)}/art`,
  videoUrl: `/api/media/${hex(n)}/video`,
  audioUrl: '',
  duration: 60,
  genre: ['Pop'],
  releaseYear: 2003,
  likes: 10,
  plays: 100,
  isLikedByUser: false,
  ...over,
});

/** The slots of a station that started at 0 and plays songs of a minute. */
export const aSlot = (seq: number, over: Partial<RadioSong> = {}): RadioSong => ({
  ...aSong(seq),
  seq,
  startedAt: seq * 60_000,
  endsAt: (seq + 1) * 60_000,
  why: { code: 'rotation', text: 'It was its turn.' },
  ...over,
});

/** A song as the station sends it. */
export const wireSong = (
  n: number,
  over: Record<string, unknown> = {},
): Record<string, unknown> => ({
  ...aSong(n),
  createdAt: '2026-01-12T08:00:00.000Z',
  ...over,
});

export const wireSlot = (seq: number): Record<string, unknown> => ({
  ...wireSong(seq),
  seq,
  startedAt: new Date(seq * 60_000).toISOString(),
  endsAt: new Date((seq + 1) * 60_000).toISOString(),
  why: { code: 'rotation', text: 'It was its turn.' },
});

export const aComment = (n: number, over: Partial<Comment> = {}): Comment => ({
  _id: hex(0xc000 + n),
  targetType: 'song',
  targetId: hex(1),
  author: `Velvet Comet ${n}`,
  text: `comment ${n}`,
  createdAt: n * 1000,
  isMine: false,
  ...over,
});
