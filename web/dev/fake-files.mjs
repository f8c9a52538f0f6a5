/* How the FAKE station of fake-station.mjs sends files: with ranges, and with the policy of the real server. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';

export function sendFile(request, response, file, type, extra = {}) {
  const { size } = statSync(file);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range && range[2] !== '' ? Math.min(Number(range[2]), size - 1) : size - 1;
  response.writeHead(range ? 206 : 200, {
    'Content-Type': type,
    'Accept-Ranges': 'bytes',
    'Content-Length': end - start + 1,
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    ...extra,
  });
  createReadStream(file, { start, end }).pipe(response);
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; media-src 'self' https: http:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** A web file, or the page itself for an address of the app. */
export function sendWebFile(request, response, folder, pathname) {
  const wanted = join(folder, normalize(pathname));
  const file =
    existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(folder, 'index.html');
  sendFile(request, response, file, TYPES[extname(file)] ?? 'application/octet-stream', {
    'Content-Security-Policy': CSP,
  });
}
