// synth <performance.tsv >song.wav: plays a performance into 16-bit stereo at 48 kHz.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>

#include "dsp.h"
#include "effects.h"

namespace popradio::demo {
namespace {

// How far every sample is pushed down by the last kick, 0 ... 1.
std::vector<float> duck_curve(const Performance& song, std::size_t size) {
  constexpr float kSeconds = 0.26f;
  std::vector<float> out(size);
  for (const Note& note : song.notes) {
    if (song.voices[std::size_t(note.voice)].instrument != "kick") continue;
    const std::size_t begin = std::size_t(note.at * kSampleRate);
    for (std::size_t k = 0; k < std::size_t(kSeconds * kSampleRate) && begin + k < size; ++k) {
      const float t = float(k) / float(kSampleRate), rise = std::min(1.0f, t / 0.006f);
      const float x = 1.0f - t / kSeconds;
      out[begin + k] = std::max(out[begin + k], rise * x * std::sqrt(x) * note.velocity);
    }
  }
  return out;
}

// The sections' low-pass filter over everything but the drums.
void sweep_filter(const Performance& song, Track& track) {
  Filter left, right;
  for (const Section& s : song.sections) {
    const std::size_t begin = std::size_t(s.start * kSampleRate);
    const std::size_t end = std::min(track.left.size(), std::size_t(s.end * kSampleRate));
    for (std::size_t k = begin; k < end; ++k) {
      if ((k - begin) % 32 == 0) {
        const float x = float(k - begin) / float(end - begin);
        const float open = s.open_from + (s.open_to - s.open_from) * x;
        const float hertz = 260.0f * std::pow(19000.0f / 260.0f, open);
        left.set(hertz, 0.9f, float(kSampleRate));
        right.set(hertz, 0.9f, float(kSampleRate));
      }
      const float l = left.low(track.left[k]), r = right.low(track.right[k]);
      track.left[k] = l;
      track.right[k] = r;
    }
  }
}

Track perform(const Performance& song) {
  const std::size_t size = std::size_t(song.end * kSampleRate);
  Track music(size), drums(size), room(size), echo(size);
  const std::vector<float> duck = duck_curve(song, size);
  for (std::size_t v = 0; v < song.voices.size(); ++v) {
    const Voice& voice = song.voices[v];
    Track track(size);
    for (const Note& note : song.notes)
      if (note.voice == int(v)) play(voice.instrument, note, track);
    Track& bus = is_drum(voice.instrument) ? drums : music;
    const float left = voice.gain * std::min(1.0f, 1.0f - voice.pan);
    const float right = voice.gain * std::min(1.0f, 1.0f + voice.pan);
    for (std::size_t k = 0; k < size; ++k) {
      const float push = 1.0f - voice.duck * duck[k];
      const float l = track.left[k] * left * push, r = track.right[k] * right * push;
      bus.left[k] += l;
      bus.right[k] += r;
      room.left[k] += l * voice.reverb;
      room.right[k] += r * voice.reverb;
      echo.left[k] += l * voice.delay;
      echo.right[k] += r * voice.delay;
    }
  }
  add_echo(echo, 45.0 / song.tempo, music);
  add_reverb(room, music);
  sweep_filter(song, music);
  for (std::size_t k = 0; k < size; ++k) {
    music.left[k] += drums.left[k];
    music.right[k] += drums.right[k];
  }
  master(music);
  const std::size_t fade = std::min(size, std::size_t(0.9 * kSampleRate));
  for (std::size_t k = size - fade; k < size; ++k) {
    const float x = float(size - k) / float(fade);
    music.left[k] *= x;
    music.right[k] *= x;
  }
  return music;
}

void write_wav(const Track& track, std::ostream& out) {
  const std::uint32_t bytes = std::uint32_t(track.left.size() * 4);
  const auto word = [&](std::uint32_t v, int n) {
    out.write(reinterpret_cast<const char*>(&v), n);
  };
  out.write("RIFF", 4), word(36 + bytes, 4), out.write("WAVEfmt ", 8), word(16, 4), word(1, 2),
      word(2, 2);
  word(kSampleRate, 4), word(kSampleRate * 4, 4), word(4, 2), word(16, 2), out.write("data", 4),
      word(bytes, 4);
  Noise dither(1);
  std::vector<std::int16_t> samples;
  samples.reserve(track.left.size() * 2);
  for (std::size_t k = 0; k < track.left.size(); ++k)
    for (const float v : {track.left[k], track.right[k]})
      samples.push_back(std::int16_t(
          std::lround(std::clamp(v * 32767.0f + 0.5f * dither.next(), -32768.0f, 32767.0f))));
  out.write(reinterpret_cast<const char*>(samples.data()), std::streamsize(samples.size() * 2));
}

}  // namespace
}  // namespace popradio::demo

int main() {
  try {
    std::ios::sync_with_stdio(false);
    popradio::demo::write_wav(popradio::demo::perform(popradio::demo::read_performance(std::cin)),
                              std::cout);
  } catch (const std::exception& error) {
    std::cerr << "synth: " << error.what() << '\n';
    return 1;
  }
}
