import { useOutletContext } from 'react-router';
import type { RadioStream } from '@/features/radio/api/get-radio-stream';
import type { OnAir } from '@/features/radio/lib/timeline';

/** What every page may know of the radio, which plays on while one walks about. */
export interface RadioContext {
  stream: RadioStream | undefined;
  onAir: OnAir;
}

export const useRadio = (): RadioContext => useOutletContext<RadioContext>();
