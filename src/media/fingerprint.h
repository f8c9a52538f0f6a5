#pragma once

#include <string>

#include "base/result.h"

namespace popradio::media {

// What a file is recognised by when it was moved or renamed: XXH3-128 over its size and its
// content, as 32 hexadecimal digits. A file of up to three chunks is hashed whole; of a larger one
// the first, the middle and the last kFingerprintChunk bytes are. Reading a library of 100 GB whole
// would take an hour on a disk for nothing: media of equal size that agree in these 3 MiB are the
// same, because encoders write their tables and tags at the ends and compressed data has no long
// repeats in the middle. It is no proof against somebody who builds such a file on purpose, who
// would gain nothing but a "duplicate". Fails with a sentence when the file cannot be read.
Result<std::string> FingerprintFile(const std::string& path);

inline constexpr std::size_t kFingerprintChunk = 1 << 20;

}  // namespace popradio::media
