import Hls from 'hls.js';
// Beside the page, not in a blob: the station's Content-Security-Policy runs nothing but its own files.
import workerPath from 'hls.js/dist/hls.worker.js?url';
import { MEDIA_ERR_DECODE, MEDIA_ERR_NETWORK, MEDIA_ERR_SRC_NOT_SUPPORTED } from './medium';

export interface Attached {
  detach: () => void;
}

/** The sound stops a little while a broken piece is left out; one that breaks again does not play. */
const MENDS = 1;

/** Plays the list at `address` on this element. Null where the browser has no means for it. */
export function attachHls(
  video: HTMLVideoElement,
  address: string,
  onFailure: (code: number) => void,
): Attached | null {
  if (!Hls.isSupported()) return null;
  const hls = new Hls({ workerPath });
  let mended = 0;
  hls.on(Hls.Events.ERROR, (_, { fatal, type, details, response }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && mended < MENDS) {
      mended += 1;
      hls.recoverMediaError();
      return;
    }
    // A list that is not there, or is none, will not be there in five seconds either; a line may be.
    const unanswered = /Load(?:Error|TimeOut)$/.test(details) && (response?.code ?? 0) < 400;
    if (unanswered) onFailure(MEDIA_ERR_NETWORK);
    else if (type === Hls.ErrorTypes.MEDIA_ERROR) onFailure(MEDIA_ERR_DECODE);
    else onFailure(MEDIA_ERR_SRC_NOT_SUPPORTED);
  });
  hls.loadSource(address);
  hls.attachMedia(video);
  return { detach: () => hls.destroy() };
}
