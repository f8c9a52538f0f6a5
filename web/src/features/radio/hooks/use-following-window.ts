import { useEffect } from 'react';

/** Picture in picture shows one element, and the next song is on the other: the small window follows the song. */
export function useFollowingWindow(video: HTMLVideoElement | null, hasPicture: boolean): void {
  useEffect(() => {
    const inWindow = document.pictureInPictureElement;
    if (inWindow == null || inWindow === video || !hasPicture) return;
    void video?.requestPictureInPicture().catch(() => undefined);
  }, [video, hasPicture]);
}
