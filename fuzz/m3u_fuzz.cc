// libFuzzer target: whatever comes as an M3U playlist, ParseM3u and an import of it keep their
// promises.

#include "import_check.h"
#include "media/m3u.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return popradio::fuzz::CheckImport(data, size, popradio::media::ParseM3u);
}
