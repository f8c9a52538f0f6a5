// libFuzzer target: whatever lies beside a video as an NFO, ParseNfo answers, and what it reads
// fits a song.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "domain/song.h"
#include "media/nfo.h"
#include "media/text.h"

namespace {
void Check(bool promise) {
  if (!promise) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace popradio;
  const auto nfo = media::ParseNfo({reinterpret_cast<const char*>(data), size});
  if (!nfo) {
    Check(!nfo.error().message.empty());
    return 0;
  }
  for (const std::string* text : {&nfo->title, &nfo->artist, &nfo->album}) {
    Check(text->size() <= kMaxTitleBytes && media::IsValidUtf8(*text));
  }
  Check(nfo->genre.size() <= kMaxGenres && nfo->thumb.size() <= kMaxUrlBytes);
  if (nfo->year) Check(*nfo->year >= kMinYear && *nfo->year <= kMaxYear);
  return 0;
}
