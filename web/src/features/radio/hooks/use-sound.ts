import { useCallback, useState } from 'react';
import * as z from 'zod/mini';
import { device } from '@/lib/storage';

const KEY = 'popradio.sound';
const soundSchema = z.object({
  volume: z.number().check(z.minimum(0), z.maximum(1)),
  muted: z.boolean(),
});
export type Sound = z.output<typeof soundSchema>;

function keptSound(): Sound {
  try {
    return soundSchema.parse(JSON.parse(device.get(KEY) ?? ''));
  } catch {
    return { volume: 0.8, muted: false };
  }
}

/** How loud this listener likes it, remembered on this device. */
export function useSound(): [Sound, (sound: Sound) => void] {
  const [sound, setSound] = useState(keptSound);
  const change = useCallback((next: Sound) => {
    device.set(KEY, JSON.stringify(next));
    setSound(next);
  }, []);
  return [sound, change];
}
