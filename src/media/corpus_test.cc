// Replays the fuzzers' seeds, and what they found, as a plain test: the readers answer to every one
// of them.
#include <gtest/gtest.h>

#include <filesystem>

#include "media/catalogue_json.h"
#include "media/csv.h"
#include "media/import.h"
#include "media/m3u.h"
#include "media/media_testing.h"
#include "media/nfo.h"

namespace popradio::media {
namespace {

template <class Parse>
void Replay(const std::string& corpus, const Parse& parse) {
  std::size_t files = 0, read = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(POPRADIO_SOURCE_DIR "/fuzz/corpus/" + corpus)) {
    SCOPED_TRACE(entry.path().string());
    ++files;
    const auto parsed = parse(ReadFile(entry.path().string()));
    if (parsed) {
      ++read;
    } else {
      EXPECT_FALSE(parsed.error().message.empty());
    }
  }
  // Both ways are among the seeds.
  EXPECT_GT(read, 0u);
  EXPECT_LT(read, files);
}

TEST(Corpus, EverySeedIsAnswered) {
  Replay("nfo", [](const std::string& text) { return ParseNfo(text); });
  const auto with_plan = [](const auto& parse) {
    return [parse](const std::string& text) {
      auto parsed = parse(text);
      SeededRandom random(1);
      if (parsed) PlanImport(Catalogue(), *parsed, FromEpochMs(1'770'000'000'000), random);
      return parsed;
    };
  };
  Replay("m3u", with_plan([](const std::string& text) { return ParseM3u(text); }));
  Replay("csv", with_plan([](const std::string& text) { return ParseCsv(text); }));
  Replay("catalogue_json",
         with_plan([](const std::string& text) { return ParseCatalogueJson(text); }));
}

}  // namespace
}  // namespace popradio::media
