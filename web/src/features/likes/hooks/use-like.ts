import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { dropLike, keepLike } from '@/lib/kept-likes';
import { notify } from '@/lib/notices';
import { type LikeState, patchLiked, songInCache } from '@/lib/song-cache';
import { device } from '@/lib/storage';
import { like, type LikeTarget } from '../api/like';
import { unlike } from '../api/unlike';
import { alreadyAsWished, heartRefusal } from '../lib/refusal';

/** The heart as it is shown the moment it is pressed. */
export const pressed =
  (wish: boolean) =>
  (before: LikeState): LikeState =>
    before.isLikedByUser === wish
      ? before
      : { isLikedByUser: wish, likes: Math.max(0, before.likes + (wish ? 1 : -1)) };

/** This device remembers what was liked, for when the station cannot be asked. */
function rememberHere(client: QueryClient, { type, id }: LikeTarget, liked: boolean): void {
  if (type !== 'song') return;
  const song = liked ? songInCache(client, id) : undefined;
  if (song !== undefined) keepLike(device, song);
  else if (!liked) dropLike(device, id);
}

/**
 * A heart: turns at once, everywhere the song is shown, and back with a sentence if the station refuses. Offline it stays
 * as set and is sent when the line is back. Presses of one heart are sent one after another.
 */
export function useLike(target: LikeTarget, isLiked: boolean): () => void {
  const client = useQueryClient();
  const mutationKey = ['like', target.id];
  const { mutate } = useMutation({
    mutationKey,
    scope: { id: `like ${target.id}` },
    mutationFn: (wish: boolean) => (wish ? like(target) : unlike(target)),
    onMutate: async (wish) => {
      await client.cancelQueries({ queryKey: ['radio', 'stream'] });
      patchLiked(client, target.id, pressed(wish));
    },
    onSuccess: ({ likes, isLiked: isLikedByUser }) => {
      rememberHere(client, target, isLikedByUser);
      // Another press of the same heart is on its way: its answer will be the newer one.
      if (client.isMutating({ mutationKey }) > 1) return;
      patchLiked(client, target.id, () => ({ likes, isLikedByUser }));
    },
    onError: (error, wish) => {
      if (alreadyAsWished(error)) return;
      patchLiked(client, target.id, pressed(!wish));
      notify(heartRefusal(error, Date.now()), 'heart');
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['me'] }),
  });
  return () => mutate(!isLiked);
}
