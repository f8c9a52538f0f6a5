import type { CSSProperties } from 'react';

/** Custom properties for a style attribute; React sets them through the CSSOM, which a strict CSP allows. */
export const vars = (properties: Record<`--${string}`, string | number>): CSSProperties =>
  properties;
