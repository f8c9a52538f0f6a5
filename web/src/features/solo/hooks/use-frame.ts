import { type RefObject, useEffect } from 'react';
import { type FrameNews, greetings, originOf, readNews } from '../lib/frame-talk';
import type { SoloSource } from '../lib/solo-source';

/** A frame that was not there yet hears nothing: it is asked until it answers. */
const ASK_EVERY_MS = 500;

/** Listens to the player of another site. */
export function useFrame(
  frame: RefObject<HTMLIFrameElement | null>,
  source: SoloSource | null,
  onNews: (news: FrameNews) => void,
): void {
  const site = source === null || source.kind === 'file' ? null : source.kind;
  useEffect(() => {
    if (site === null) return undefined;
    let answered = false;
    const hear = ({ source: from, origin, data }: MessageEvent): void => {
      if (origin !== originOf(site) || from !== frame.current?.contentWindow) return;
      answered = true;
      const news = readNews(site, data);
      if (news !== null) onNews(news);
    };
    const ask = setInterval(() => {
      if (answered) {
        clearInterval(ask);
        return;
      }
      for (const greeting of greetings(site)) {
        frame.current?.contentWindow?.postMessage(greeting, originOf(site));
      }
    }, ASK_EVERY_MS);
    window.addEventListener('message', hear);
    return () => {
      clearInterval(ask);
      window.removeEventListener('message', hear);
    };
  }, [frame, site, onNews]);
}
