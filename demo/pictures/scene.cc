#include "scene.h"

#include <map>
#include <stdexcept>

namespace popradio::demo {

void rising_hearts(Stage& stage, const Music& music, const char* voice, double t, Vec tint) {
  constexpr double kSeconds = 2.6;
  const float edge = float(stage.width()) / float(stage.height());
  for (const auto& n : music.between(voice, t - kSeconds, t)) {
    if (n.number % 3) continue;  // a few are a consequence, many are a wallpaper
    const float age = float((t - n.note->at) / kSeconds);
    const float x = edge - 0.14f - 0.22f * chance(n.number * 11) + 0.02f * std::sin(age * 9.0f);
    const float y = -0.85f + 1.5f * age + 0.2f * chance(n.number * 5);
    const float size =
        (0.008f + 0.006f * chance(n.number * 17)) * (age < 0.08f ? age / 0.08f : 1.0f);
    stage.heart_sprite(x, y, size, tint, age > 0.7f ? (1.0f - age) / 0.3f : 1.0f);
  }
}

std::unique_ptr<Scene> make_scene(const std::string& song) {
  static const std::map<std::string, MakeScene> kScenes{
      {"heart-shaped-satellite", make_satellite}, {"fur-elise", make_elise},
      {"blue-raspberry", make_raspberry},         {"butterfly-clip", make_butterfly},
      {"greensleeves", make_greensleeves},        {"away-message", make_away},
      {"low-battery-love-song", make_battery},    {"starfruit", make_starfruit},
      {"gymnopedie-at-56k", make_moon},           {"boss-level-crush", make_boss},
  };
  const auto found = kScenes.find(song);
  if (found == kScenes.end()) throw std::runtime_error("no scene for '" + song + "'");
  return found->second();
}

}  // namespace popradio::demo
