// The document's architecture, written the plain way: Express + mongoose + ioredis, every limit raised.
// Usage: node server.js PORT MONGODB_URI REDIS_URL [seed]
import compression from 'compression';
import cors from 'cors';
import { randomUUID } from 'node:crypto';
import express from 'express';
import helmet from 'helmet';
import Redis from 'ioredis';
import mongoose from 'mongoose';

const [port, mongoUri, redisUrl, seed] = process.argv.slice(2);
const LIKES_PER_HOUR = 1_000_000_000;

const songSchema = new mongoose.Schema(
  {
    title: String,
    artist: String,
    albumArt: String,
    videoUrl: String,
    audioUrl: String,
    duration: Number,
    genre: [String],
    releaseYear: Number,
    likes: { type: Number, default: 0 },
    plays: { type: Number, default: 0 },
    isActive: { type: Boolean, default: true },
  },
  { timestamps: true },
);
songSchema.index({ isActive: 1, createdAt: -1 });
songSchema.index({ likes: -1 });
const Song = mongoose.model('Song', songSchema);

await mongoose.connect(mongoUri, { maxPoolSize: 50 });
const redis = new Redis(redisUrl);

if (seed) {
  await Song.deleteMany({});
  const songs = JSON.parse(await (await import('node:fs/promises')).readFile(seed, 'utf8')).songs;
  await Song.insertMany(songs.map((song) => ({ ...song, _id: new mongoose.Types.ObjectId(song._id) })));
  await Song.init();
}

const app = express();
app.use(helmet());
app.use(cors());
app.use(compression());
app.use(express.json());

app.use((req, res, next) => {
  req.sessionId = req.get('X-Session-Id') ?? randomUUID();
  res.set('X-Session-Id', req.sessionId);
  next();
});

const present = (song, counters, liked) => ({
  _id: song._id,
  title: song.title,
  artist: song.artist,
  albumArt: song.albumArt,
  videoUrl: song.videoUrl,
  audioUrl: song.audioUrl,
  duration: song.duration,
  genre: song.genre,
  releaseYear: song.releaseYear,
  likes: counters.likes,
  plays: counters.plays,
  isLikedByUser: liked,
});

app.get('/v1/songs', async (req, res) => {
  const page = Math.max(1, Number(req.query.page) || 1);
  const limit = Math.min(100, Number(req.query.limit) || 20);
  const [songs, totalSongs] = await Promise.all([
    Song.find({ isActive: true }).sort({ createdAt: -1 }).skip((page - 1) * limit).limit(limit).lean(),
    Song.countDocuments({ isActive: true }),
  ]);
  const pipeline = redis.pipeline();
  for (const song of songs) {
    pipeline.get(`song:${song._id}:likes`);
    pipeline.get(`song:${song._id}:plays`);
    pipeline.sismember(`user:${req.sessionId}:liked:songs`, String(song._id));
  }
  const values = (await pipeline.exec()).map(([, value]) => Number(value ?? 0));
  const totalPages = Math.ceil(totalSongs / limit);
  res.json({
    success: true,
    data: {
      songs: songs.map((song, i) => present(song, { likes: values[3 * i], plays: values[3 * i + 1] }, values[3 * i + 2] === 1)),
      pagination: { currentPage: page, totalPages, totalSongs, hasNext: page < totalPages },
    },
  });
});

app.post('/v1/songs/:songId/like', async (req, res) => {
  const { songId } = req.params;
  const song = await Song.findById(songId).select('_id').lean();
  if (!song) return res.status(404).json({ success: false, error: 'Song not found' });
  const rateKey = `rate:${req.ip}:like`;
  const setKey = `user:${req.sessionId}:liked:songs`;
  const [[, count], [, liked]] = await redis.pipeline().get(rateKey).sismember(setKey, songId).exec();
  if (liked) return res.status(409).json({ success: false, error: "You've already liked this song" });
  if (Number(count) >= LIKES_PER_HOUR) return res.status(429).json({ success: false, error: 'Rate limit exceeded' });
  const [[, likes]] = await redis
    .multi()
    .incr(`song:${songId}:likes`)
    .sadd(setKey, songId)
    .incr(rateKey)
    .expire(rateKey, 3600)
    .exec();
  res.json({ success: true, data: { songId, likes, isLiked: true } });
});

app.listen(Number(port), '127.0.0.1', () => console.log('ready'));
