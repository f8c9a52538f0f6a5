/** What an analyser hears of a medium. */
export interface Ear {
  /** Frequencies as they sound now. */
  read: () => Uint8Array;
  bins: number;
  sampleRate: number;
  close: () => void;
}

const BINS = 512;
const SMOOTHING = 0.55;

let context: AudioContext | null = null;

/**
 * Listens to what a medium plays without being between it and the loudspeaker: a copy of its sound is analysed, so
 * nothing here can silence a song, also while the page sleeps. Null where the browser makes no copies, or may not: a
 * file of another site that does not allow it is none of our business.
 */
export function listenTo(medium: HTMLMediaElement): Ear | null {
  const copies = medium as { captureStream?: () => MediaStream };
  if (copies.captureStream === undefined || !('AudioContext' in window)) return null;
  try {
    const stream = copies.captureStream();
    if (stream.getAudioTracks().length === 0) return null;
    context ??= new AudioContext();
    const source = context.createMediaStreamSource(stream);
    const analyser = new AnalyserNode(context, {
      fftSize: 2 * BINS,
      smoothingTimeConstant: SMOOTHING,
      minDecibels: -78,
      maxDecibels: -18,
    });
    source.connect(analyser);
    const spectrum = new Uint8Array(BINS);
    void context.resume();
    return {
      read: () => {
        analyser.getByteFrequencyData(spectrum);
        return spectrum;
      },
      bins: BINS,
      sampleRate: context.sampleRate,
      close: () => {
        source.disconnect();
        for (const track of stream.getTracks()) track.stop();
        void context?.suspend();
      },
    };
  } catch {
    return null;
  }
}
