// libFuzzer target: whatever comes as a table of songs, ParseCsv and an import of it keep their
// promises.

#include "import_check.h"
#include "media/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return popradio::fuzz::CheckImport(data, size, popradio::media::ParseCsv);
}
