/** The widths in which the station has its covers beside the whole one, in dots (see `CoverWidth` in api/openapi.yaml). */
const WIDTHS = [96, 160, 320] as const;
/** At most. */
const WHOLE_PX = 600;

/** A cover of the station's own, by its address. Those of other sites come in the one size that they have. */
const OURS = /\/[0-9a-f]{24}\/(?:art|cover)\?v=[0-9a-f]+$/;

/** A cover to fill a square of so many dots; the whole one where there is no smaller. */
export function smallArt(address: string, dots: number): string {
  const width = WIDTHS.find((one) => one >= dots);
  return width !== undefined && OURS.test(address) ? `${address}&w=${width}` : address;
}

/** The same for the browser to choose from, as `srcset`. */
export const artSet = (address: string): string | undefined =>
  OURS.test(address)
    ? [...WIDTHS.map((width) => `${address}&w=${width} ${width}w`), `${address} ${WHOLE_PX}w`].join(
        ', ',
      )
    : undefined;
