#include "domain/slot.h"

#include <array>

namespace popradio {
namespace {

struct WhyText {
  Why why;
  const char* code;
  const char* sentence;
};

constexpr std::array<WhyText, 8> kTexts = {{
    {Why::kRotation, "rotation", "Its turn in the rotation."},
    {Why::kFeatured, "featured", "It is in a featured playlist."},
    {Why::kLoved, "loved", "Listeners love it."},
    {Why::kFresh, "fresh", "It is new on the station."},
    {Why::kPinned, "pinned", "The curator picked it."},
    {Why::kRelaxedArtist, "relaxed_artist",
     "Few artists are in the library, so this one returns early."},
    {Why::kRelaxedSong, "relaxed_song", "Few songs are in the library, so this one returns early."},
    {Why::kOnlySong, "only_song", "It is the only song on the station."},
}};

const WhyText& Text(Why why) { return kTexts[static_cast<std::size_t>(why)]; }

}  // namespace

const char* Code(Why why) { return Text(why).code; }
const char* Sentence(Why why) { return Text(why).sentence; }

const char* Code(SkipPolicy policy) {
  switch (policy) {
    case SkipPolicy::kOff:
      return "off";
    case SkipPolicy::kCurator:
      return "curator";
    case SkipPolicy::kVote:
      return "vote";
  }
  return "off";
}

std::optional<SkipPolicy> ParseSkipPolicy(std::string_view code) {
  for (const SkipPolicy policy : {SkipPolicy::kOff, SkipPolicy::kCurator, SkipPolicy::kVote}) {
    if (code == Code(policy)) return policy;
  }
  return std::nullopt;
}

Why WhyFromCode(std::string_view code) {
  for (const WhyText& text : kTexts) {
    if (code == text.code) return text.why;
  }
  return Why::kRotation;
}

}  // namespace popradio
