/*
 * A FAKE station, for working on the page without the server: `npm run fake-station`, then `npm run dev`.
 * It keeps everything in memory, knows no limits but those it is told to show, and is never shipped. The real server is
 * `popradio serve`; the end-to-end tests run against that one.
 *
 *   node dev/fake-station.mjs [--port 8090] [--media DIR] [--scene NAME] [--web DIST]
 *
 * --media  a folder of .mp4 files (default ../demo/media)
 * --scene  full (default), empty, audio, broken, short, nobody, crowd, curator
 * --web    a folder of web files to serve as the real server would, Content-Security-Policy included
 * POST /fake/scene {"scene": …} changes the scene; GET /fake/log tells every request that was made.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { art, AUTHORS, NAMES, SAYINGS, WHY } from './fake-data.mjs';
import { sendFile, sendWebFile } from './fake-files.mjs';

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: '8090' },
    media: { type: 'string', default: new URL('../../demo/media', import.meta.url).pathname },
    scene: { type: 'string', default: 'full' },
    web: { type: 'string' },
  },
});

let scene = flags.scene;
const log = [];
const media = existsSync(flags.media)
  ? readdirSync(flags.media)
      .filter((name) => name.endsWith('.mp4'))
      .sort()
  : [];
const id = (kind, n) => `${kind}${String(n).padStart(23, '0')}`;
const iso = (ms) => new Date(ms).toISOString();
const liked = new Map(); // session → set of ids
const extraLikes = new Map();
const extraPlays = new Map();
const playKeys = new Set();
const votes = new Set();
const comments = new Map();
let skippedMs = 0;

const songOf = (n, session = '') => {
  const [title, artist, genre] = NAMES[n];
  const _id = id('a', n);
  const file = media.length > 0 ? `/api/media/${_id}/video` : '';
  const audioOnly = scene === 'audio';
  return {
    _id,
    title,
    artist,
    albumArt: `/api/media/${_id}/art`,
    videoUrl: audioOnly ? '' : scene === 'broken' ? '/api/media/missing.mp4' : file,
    audioUrl: audioOnly ? file : '',
    duration: scene === 'short' ? 20 : 60,
    genre: [genre],
    releaseYear: 2003,
    likes: 18204 - 2700 * (n % 6) + (extraLikes.get(_id) ?? 0),
    plays: 61377 - 5000 * n + (extraPlays.get(_id) ?? 0),
    isLikedByUser: liked.get(session)?.has(_id) ?? false,
    createdAt: iso(1_700_000_000_000 + n * 86_400_000),
  };
};
const lengthMs = () => (scene === 'short' ? 20_000 : 60_000);
const slotAt = (seq, session) => {
  const startedAt = seq * lengthMs() - skippedMs;
  const [code, text] = WHY[seq % WHY.length];
  return {
    ...songOf(seq % NAMES.length, session),
    seq,
    startedAt: iso(startedAt),
    endsAt: iso(startedAt + lengthMs()),
    why: { code, text },
  };
};
const seqNow = () => Math.floor((Date.now() + skippedMs) / lengthMs());
const playlistOf = (n, session) => {
  const _id = id('b', n);
  return {
    _id,
    title: ['Songs for a Window Seat', 'Glitter on the Dial', 'Slow Modem'][n],
    description: [
      'Slow ones for night buses, with the volume at four and a forehead on the glass.',
      'Everything that sparkles.',
      '',
    ][n],
    coverImage: `/api/media/${_id}/cover`,
    songs: [
      [0, 4, 5, 7, 1],
      [2, 3, 6, 0],
      [5, 1],
    ][n].map((song) => songOf(song, session)),
    likes: 2318 - 700 * n + (extraLikes.get(_id) ?? 0),
    views: 9000,
    isLikedByUser: liked.get(session)?.has(_id) ?? false,
    isFeatured: n < 2,
    createdAt: iso(1_700_000_000_000),
  };
};
const commentsOn = (target) => {
  if (!comments.has(target)) {
    comments.set(
      target,
      SAYINGS.map((text, n) => ({
        _id: id('c', Number.parseInt(target.slice(-3), 16) * 10 + n),
        targetType: target.startsWith('b') ? 'playlist' : 'song',
        targetId: target,
        author: AUTHORS[n],
        text,
        createdAt: iso(Date.now() - 3000 - n * 7000),
        by: '',
      })),
    );
  }
  return comments.get(target);
};
class Refusal extends Error {
  constructor(status, code, sentence, retryAfter) {
    super(sentence);
    Object.assign(this, { status, code, retryAfter });
  }
}

function api(method, path, query, session, body, headers) {
  if (scene === 'limit')
    throw new Refusal(429, 'rate_limited', 'Rate limit exceeded. Try again in 15 minutes.', 900);
  if (scene === 'busy') throw new Refusal(503, 'unavailable', 'The station is busy.', 5);
  const parts = path.split('/').filter(Boolean);
  const [kind, target, what] = parts;
  if (path === '/time') return { serverTime: iso(Date.now()), epochMs: Date.now() };
  if (path === '/radio/stream') {
    const seq = seqNow();
    const empty = scene === 'empty';
    const crowd = scene === 'crowd' || scene === 'full';
    return {
      nowPlaying: empty ? null : slotAt(seq, session),
      queue: empty ? [] : [1, 2, 3, 4, 5].map((n) => slotAt(seq + n, session)),
      serverTime: iso(Date.now()),
      listeners: scene === 'nobody' || empty ? 0 : 12408,
      playlistId: null,
      skip: {
        policy: scene === 'curator' ? 'curator' : 'vote',
        votes: (crowd && votes.size > 0 ? 4870 : 0) + votes.size,
        needed: crowd ? 6204 : 1,
        voted: votes.has(`${seq} ${session}`),
      },
    };
  }
  if (path === '/radio/next' && method === 'POST') {
    const seq = seqNow();
    if (body?.seq !== undefined && body.seq !== seq)
      throw new Refusal(409, 'song_over', 'That song is over already.');
    if (scene === 'nobody') {
      skippedMs += Date.parse(slotAt(seq).endsAt) - Date.now();
      return { skipped: true, votes: 1, needed: 1, nowPlaying: slotAt(seqNow(), session) };
    }
    votes.add(`${seq} ${session}`);
    return {
      skipped: false,
      votes: 4870 + votes.size,
      needed: 6204,
      nowPlaying: slotAt(seq, session),
    };
  }
  if (path === '/sessions/me') {
    const mine = [...(liked.get(session) ?? [])];
    if (method === 'DELETE') {
      liked.delete(session);
      return { forgotten: true };
    }
    return {
      sessionId: session,
      createdAt: iso(Date.now() - 86_400_000),
      lastActivity: iso(Date.now()),
      author: 'Velvet Comet 42',
      liked: {
        songs: mine.filter((one) => one.startsWith('a')),
        playlists: mine.filter((one) => one.startsWith('b')),
      },
    };
  }
  if (what === 'like') {
    if (scene === 'hearts')
      throw new Refusal(429, 'rate_limited', 'Rate limit exceeded. Try again in 15 minutes.', 900);
    const mine = liked.get(session) ?? new Set();
    liked.set(session, mine);
    const wish = method === 'POST';
    if (mine.has(target) === wish)
      throw wish
        ? new Refusal(409, 'already_liked', "You've already liked this song")
        : new Refusal(404, 'not_liked', 'There is no like to take back.');
    if (wish) mine.add(target);
    else mine.delete(target);
    extraLikes.set(target, (extraLikes.get(target) ?? 0) + (wish ? 1 : -1));
    const all = [...NAMES.keys()]
      .map((n) => songOf(n, session))
      .concat([0, 1, 2].map((n) => playlistOf(n, session)));
    return {
      [`${kind.slice(0, -1)}Id`]: target,
      likes: all.find((one) => one._id === target).likes,
      isLiked: wish,
    };
  }
  if (what === 'play') {
    const key = `${session} ${target} ${headers['idempotency-key']}`;
    if (!playKeys.has(key)) extraPlays.set(target, (extraPlays.get(target) ?? 0) + 1);
    playKeys.add(key);
    return {
      songId: target,
      plays: songOf(NAMES.findIndex((_, n) => id('a', n) === target)).plays,
    };
  }
  if (what === 'comments') {
    const show = ({ by, ...comment }) => ({ ...comment, isMine: by === session });
    if (method === 'POST') {
      if (/damn/i.test(body.text))
        throw new Refusal(400, 'invalid_text', 'Please say it in friendlier words.');
      const comment = {
        _id: id('d', log.length),
        targetType: kind.slice(0, -1),
        targetId: target,
        author: 'Velvet Comet 42',
        text: body.text.trim(),
        createdAt: iso(Date.now()),
        by: session,
      };
      commentsOn(target).unshift(comment);
      return { comment: { ...show(comment), sessionId: session } };
    }
    return { comments: commentsOn(target).map(show), nextCursor: null };
  }
  if (path === '/songs/popular') {
    return { songs: (scene === 'empty' ? [] : [...NAMES.keys()]).map((n) => songOf(n, session)) };
  }
  if (kind === 'songs' && target === undefined) {
    const words = (query.get('q') ?? '').toLowerCase();
    const genre = (query.get('genre') ?? '').toLowerCase();
    const sort = query.get('sort') ?? 'recent';
    const found = (scene === 'empty' ? [] : [...NAMES.keys()])
      .map((n) => songOf(n, session))
      .filter(
        (song) =>
          `${song.title} ${song.artist}`.toLowerCase().includes(words) &&
          (genre === '' || song.genre[0].toLowerCase() === genre),
      )
      .sort((a, b) =>
        sort === 'plays'
          ? b.plays - a.plays
          : sort === 'recent'
            ? b.createdAt.localeCompare(a.createdAt)
            : b.likes - a.likes,
      );
    return {
      songs: found,
      pagination: {
        currentPage: 1,
        totalPages: 1,
        totalSongs: found.length,
        hasNext: false,
        hasPrev: false,
        limit: 40,
        nextCursor: null,
      },
    };
  }
  if (kind === 'songs') {
    const song = [...NAMES.keys()].map((n) => songOf(n, session)).find((one) => one._id === target);
    if (song === undefined) throw new Refusal(404, 'song_not_found', 'There is no such song.');
    return song;
  }
  if (kind === 'playlists') {
    const all = scene === 'empty' ? [] : [0, 1, 2].map((n) => playlistOf(n, session));
    if (target === undefined)
      return {
        playlists: all,
        pagination: {
          currentPage: 1,
          totalPages: 1,
          totalPlaylists: all.length,
          hasNext: false,
          hasPrev: false,
          limit: 20,
          nextCursor: null,
        },
      };
    const playlist = all.find((one) => one._id === target);
    if (playlist === undefined)
      throw new Refusal(404, 'playlist_not_found', 'There is no such playlist.');
    return playlist;
  }
  throw new Refusal(404, 'not_found', 'There is no such path.');
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://fake');
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const json = (status, value, headers = {}) => {
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      ...headers,
    });
    response.end(JSON.stringify(value));
  };
  if (url.pathname === '/fake/scene') {
    ({ scene } = JSON.parse(text));
    return json(200, { scene });
  }
  if (url.pathname === '/fake/log') return json(200, log);
  const picture = /^\/api\/media\/([ab])0*(\d+)\/(art|cover)$/.exec(url.pathname);
  if (picture) {
    const n = Number(picture[2]) + (picture[1] === 'b' ? 4 : 0);
    const cover = join(flags.media, `${NAMES[n % NAMES.length][3]}.webp`);
    if (existsSync(cover)) return sendFile(request, response, cover, 'image/webp');
    response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
    return response.end(art(n));
  }
  const video = /^\/api\/media\/a0*(\d+)\/video$/.exec(url.pathname);
  if (video && media.length > 0) {
    const own = join(flags.media, `${NAMES[Number(video[1])][3]}.mp4`);
    const file = existsSync(own) ? own : join(flags.media, media[Number(video[1]) % media.length]);
    return sendFile(request, response, file, 'video/mp4');
  }
  const call = /^\/(?:v1|api)(\/.*)$/.exec(url.pathname);
  if (call) {
    const session = request.headers['x-session-id'] ?? '';
    log.push({
      at: Date.now(),
      method: request.method,
      path: call[1],
      session,
      key: request.headers['idempotency-key'] ?? null,
    });
    try {
      const data = api(
        request.method,
        call[1],
        url.searchParams,
        session,
        text === '' ? undefined : JSON.parse(text),
        request.headers,
      );
      return json(
        call[1].endsWith('/comments') && request.method === 'POST' ? 201 : 200,
        { success: true, data },
        { 'X-Session-Id': session },
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return json(error.status, {
        success: false,
        error: error.message,
        code: error.code,
        ...(error.retryAfter && { retryAfter: error.retryAfter }),
      });
    }
  }
  if (flags.web !== undefined) return sendWebFile(request, response, flags.web, url.pathname);
  return json(404, { success: false, error: 'There is no such path.', code: 'not_found' });
});

server.listen(Number(flags.port), '127.0.0.1', () => {
  console.log(
    `FAKE station, scene ${scene}, ${media.length} media: http://127.0.0.1:${server.address().port}`,
  );
});
