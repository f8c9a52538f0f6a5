// pictures SONG.tsv --fps N [--from S] [--to S]     raw yuv420p frames, 1280x720, on standard
// output pictures SONG.tsv --still S --size WxH [--zoom Z] one picture as PPM, without the title
// card pictures --cover NAME --size WxH                  a playlist's cover as PPM
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "scene.h"

namespace popradio::demo {
namespace {

constexpr int kWidth = 1280, kHeight = 720;
constexpr float kZoom = 2.55f;
constexpr float kSquareZoom = 2.0f;
constexpr double kCardFrom = 1.2, kCardTo = 7.2, kCardFade = 0.35;
constexpr double kCardAgain = 4.6;  // the card comes back so long before the end

// 0 ... 1: how much of the card is there at t.
float card_at(double t, double from, double to) {
  return ease(float((t - from) / kCardFade)) * ease(float((to - t) / kCardFade));
}

void draw(Scene& scene, Stage& stage, const Music& music, double t) {
  stage.begin();
  scene.build(stage, music, t);
  stage.draw();
  scene.sparkle(stage, music, t);
  stage.bloom_pass();
}

void write_ppm(const Stage& stage) {
  std::vector<std::uint8_t> bytes;
  stage.write_rgb(bytes);
  std::cout << "P6\n" << stage.width() << ' ' << stage.height() << "\n255\n";
  std::cout.write(reinterpret_cast<const char*>(bytes.data()), std::streamsize(bytes.size()));
}

int run(int count, char** words) {
  if (count < 4)
    throw std::runtime_error(
        "usage: pictures SONG.tsv --fps N [--from S] [--to S] | SONG.tsv --still S --size WxH | "
        "--cover NAME --size WxH");
  if (words[1] == std::string("--cover")) {
    const int side = count > 4 ? std::stoi(words[4]) : 600;
    Stage stage(side, side, kSquareZoom);
    paint_cover(words[2], stage);
    write_ppm(stage);
    return 0;
  }
  std::ifstream file(words[1]);
  const Music music(read_performance(file));
  double fps = 0.0, from = 0.0, to = music.song().end, still = -1.0;
  int width = kWidth, height = kHeight;
  float zoom = 0.0f;
  for (int k = 2; k + 1 < count; k += 2) {
    const std::string key = words[k], value = words[k + 1];
    if (key == "--fps")
      fps = std::stod(value);
    else if (key == "--from")
      from = std::stod(value);
    else if (key == "--to")
      to = std::stod(value);
    else if (key == "--still")
      still = std::stod(value);
    else if (key == "--size")
      width = std::stoi(value), height = std::stoi(value.substr(value.find('x') + 1));
    else if (key == "--zoom")
      zoom = std::stof(value);
    else
      throw std::runtime_error("unknown option " + key);
  }
  const std::unique_ptr<Scene> scene = make_scene(music.song().song);
  Stage stage(width, height, zoom > 0.0f ? zoom : width == height ? kSquareZoom : kZoom);
  scene->prepare(stage, music);
  std::vector<std::uint8_t> bytes;
  if (still >= 0.0) {
    draw(*scene, stage, music, still);
    write_ppm(stage);
    return 0;
  }
  const Image card =
      title_card(music.song(), scene->card(), width - width / 10, float(height) / 720.0f);
  const double end = music.song().end;
  for (int k = int(from * fps); double(k) / fps < to; ++k) {
    const double t = double(k) / fps;
    draw(*scene, stage, music, t);
    const float shown =
        std::max(card_at(t, kCardFrom, kCardTo), card_at(t, end - kCardAgain, end - 0.2));
    if (shown > 0.0f)  // it springs up from below, by whole pixels
      stage.layer(card, float(width) * 0.045f,
                  float(height - card.height) - float(height) * (0.05f - 0.04f * (1.0f - shown)),
                  shown);
    const float dark = ease(float((end - t) / 0.8)) * ease(float(t / 0.5));
    if (dark < 1.0f)
      for (int p = 0; p < 3; ++p)
        for (int i = 0; i < width * height; ++i) stage.plane(p)[i] *= dark;
    stage.write_yuv(bytes);
    if (!std::cout.write(reinterpret_cast<const char*>(bytes.data()),
                         std::streamsize(bytes.size())))
      return 1;
  }
  return 0;
}

}  // namespace
}  // namespace popradio::demo

int main(int count, char** words) {
  try {
    std::ios::sync_with_stdio(false);
    return popradio::demo::run(count, words);
  } catch (const std::exception& error) {
    std::cerr << "pictures: " << error.what() << '\n';
    return 1;
  }
}
