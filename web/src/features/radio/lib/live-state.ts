import type { EventData, EventSong } from '@/lib/events/station-event';
import type { RadioSong } from '@/lib/schemas/song';
import type { RadioStream } from '../api/get-radio-stream';

/** What the events have told so far; what is missing has not been told. */
export interface LiveState {
  nowPlaying?: EventData<'nowPlaying'>;
  queue?: EventData<'queue'>['queue'];
  listeners?: number;
  skip?: EventData<'skip'>['skip'];
}

/**
 * The station's answer with what the events told put over it. Events know nothing of this listener: its hearts come from
 * `isLiked`, its vote from the answer, as long as that song plays. An answer that is newer than the events stays.
 */
export function withLive(
  answer: RadioStream,
  live: LiveState,
  isLiked: (songId: string) => boolean,
): RadioStream {
  const known = [answer.nowPlaying, ...answer.queue].filter((song) => song !== null);
  const mine = (song: EventSong): RadioSong => ({
    ...song,
    isLikedByUser: known.find(({ _id }) => _id === song._id)?.isLikedByUser ?? isLiked(song._id),
  });
  const before = answer.nowPlaying;
  const told = live.nowPlaying;
  const isOlder = told?.nowPlaying != null && before !== null && told.nowPlaying.seq < before.seq;
  let nowPlaying = before;
  if (told !== undefined && !isOlder)
    nowPlaying = told.nowPlaying === null ? null : mine(told.nowPlaying);
  const follows = ({ seq }: { seq: number }): boolean =>
    nowPlaying === null || seq > nowPlaying.seq;
  const queue =
    live.queue === undefined || isOlder
      ? answer.queue.filter(follows)
      : live.queue.filter(follows).map(mine);
  return {
    ...answer,
    nowPlaying,
    queue,
    playlistId: told === undefined || isOlder ? answer.playlistId : told.playlistId,
    listeners: live.listeners ?? answer.listeners,
    skip: skipOf(answer, live.skip, nowPlaying?.seq ?? null),
  };
}

/** How the vote stands on the slot `seq`. A vote of this listener holds for the song it was given on. */
function skipOf(
  { skip, nowPlaying }: RadioStream,
  told: LiveState['skip'],
  seq: number | null,
): RadioStream['skip'] {
  const sameSong = seq === (nowPlaying?.seq ?? null);
  if (told !== undefined && told.seq === seq) {
    const { policy, votes, needed } = told;
    return { policy, votes, needed, voted: skip.voted && sameSong && votes > 0 };
  }
  return sameSong ? skip : { ...skip, votes: 0, voted: false };
}
