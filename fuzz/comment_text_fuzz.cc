// libFuzzer target: whatever bytes come, CleanCommentText answers, and what it accepts keeps its
// promises.

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "domain/comment_text.h"

namespace {

void Check(bool promise) {
  if (!promise) std::abort();
}

std::size_t CodePoints(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace popradio;
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  (void)ProfanityFilter::Shared().Refuses(raw);
  const Result<std::string> text = CleanCommentText(raw);
  if (!text.has_value()) {
    Check(text.error().code == ErrorCode::kInvalidText && !text.error().message.empty());
    return 0;
  }
  Check(CodePoints(*text) >= kMinCommentCodePoints && CodePoints(*text) <= kMaxCommentCodePoints);
  Check(text->size() <= kMaxCommentBytes);
  Check(text->front() != ' ' && text->back() != ' ' && text->find("  ") == std::string::npos);
  for (const char c : *text) Check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  UErrorCode status = U_ZERO_ERROR;
  Check(icu::Normalizer2::getNFCInstance(status)->isNormalizedUTF8(*text, status) &&
        U_SUCCESS(status));
  const Result<std::string> again = CleanCommentText(*text);
  Check(again.has_value() && *again == *text);
  return 0;
}
