// libFuzzer target: whatever comes as a catalogue file, ParseCatalogueJson and an import of it keep
// their promises.

#include "import_check.h"
#include "media/catalogue_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return popradio::fuzz::CheckImport(data, size, popradio::media::ParseCatalogueJson);
}
