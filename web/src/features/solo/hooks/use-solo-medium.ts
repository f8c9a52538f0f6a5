import { useCallback, useEffect, useRef, useState } from 'react';
import { MediaPlayer } from '@/lib/media/media-player';

export interface SoloNews {
  onPlays: (plays: boolean) => void;
  onEnded: () => void;
  onFailed: () => void;
}

/** Plays one address after the other on one element, or in a frame at its place. */
export function useSoloMedium(url: string | null, label: string, news: SoloNews) {
  const place = useRef<HTMLDivElement>(null);
  const [element, setElement] = useState<HTMLVideoElement | null>(null);
  const [medium, setMedium] = useState<MediaPlayer | null>(null);
  const video = useCallback((node: HTMLVideoElement | null) => {
    if (node === null || place.current === null) return undefined;
    const player = new MediaPlayer(node, place.current, { controls: true });
    setElement(node);
    setMedium(player);
    return () => {
      player.dispose();
      setElement(null);
      setMedium(null);
    };
  }, []);
  const { onPlays, onEnded, onFailed } = news;
  useEffect(() => {
    if (medium === null) return undefined;
    const heard: [string, () => void][] = [
      ['playing', () => onPlays(true)],
      ['pause', () => onPlays(false)],
      ['waiting', () => onPlays(false)],
      ['ended', onEnded],
      ['error', onFailed],
    ];
    for (const [type, listener] of heard) medium.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of heard) medium.removeEventListener(type, listener);
    };
  }, [medium, onPlays, onEnded, onFailed]);
  useEffect(() => {
    if (medium === null) return;
    onPlays(false);
    medium.open(url ?? '', label);
    // Whoever's browser wants another tap finds the keys to start it.
    if (url !== null) void medium.play().catch(() => undefined);
  }, [medium, url, label, onPlays]);
  /** The place of the frames comes before the video in the document. */
  return { place, video, element };
}
