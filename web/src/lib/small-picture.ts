/** What can be put on a canvas. */
type Picture = ImageBitmap | HTMLImageElement;

/** Unpacked and made small beside the page: a cover takes a phone some fifty milliseconds. */
async function besideThePage(url: string, width: number): Promise<Picture> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return createImageBitmap(await answer.blob(), { resizeWidth: width, resizeQuality: 'low' });
}

async function onThePage(url: string, crossOrigin: 'anonymous' | null): Promise<Picture> {
  const picture = new Image();
  picture.crossOrigin = crossOrigin;
  picture.decoding = 'async';
  picture.src = url;
  await picture.decode();
  return picture;
}

const isOurs = (url: string): boolean =>
  new URL(url, window.location.href).origin === window.location.origin;

/**
 * A picture to draw some `width` dots wide. Resolves to null where it cannot be loaded.
 * @param crossOrigin 'anonymous' where its dots are to be read.
 */
export async function smallPicture(
  url: string,
  width: number,
  crossOrigin: 'anonymous' | null = null,
): Promise<Picture | null> {
  try {
    // Another site's picture may be shown, not fetched; and a drawing (SVG) has no dots to unpack.
    if (isOurs(url)) return await besideThePage(url, width);
  } catch {
    // It is then loaded like any other.
  }
  try {
    return await onThePage(url, crossOrigin);
  } catch {
    return null;
  }
}
