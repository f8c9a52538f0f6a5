#include "media/import_comments.h"

#include <xxhash.h>

#include <algorithm>

#include "domain/comment_text.h"

namespace popradio::media {
namespace {

template <std::size_t kSize>
std::array<std::uint8_t, kSize> HashOf(const std::string& text) {
  static_assert(kSize <= sizeof(XXH128_canonical_t));
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(text.data(), text.size()));
  std::array<std::uint8_t, kSize> bytes;
  std::copy_n(canonical.digest, kSize, bytes.begin());
  return bytes;
}

// The same author of a file is the same session in every import of it: a UUID of version 8 (RFC
// 9562, made by a rule of one's own).
SessionId SessionOf(const std::string& author) {
  auto bytes = HashOf<SessionId::kBytes>("imported author\n" + author);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x80);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  return SessionId(bytes);
}

// A comment without an _id gets one from what it says, so that a second import adds nothing. The
// time goes first, as in every ObjectId.
ObjectId IdOf(const ParsedComment& given, Instant created_at) {
  auto bytes =
      HashOf<ObjectId::kBytes>(given.target.id.ToHex() + "\n" + given.author + "\n" + given.text);
  const auto seconds = static_cast<std::uint32_t>(ToEpochMs(created_at) / 1000);
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
  return ObjectId(bytes);
}

}  // namespace

void PlanComments(const std::vector<ParsedComment>& parsed,
                  const std::function<bool(const Target&)>& exists, Instant now, Millis ttl,
                  ImportPlan& plan) {
  std::size_t expired = 0;
  for (const ParsedComment& given : parsed) {
    const std::string what = given.id ? "comment " + given.id->ToHex() : "comment";
    if (!exists(given.target)) {
      plan.report.refused.push_back(
          {given.line, what,
           std::string("there is no ") + Name(given.target.type) + " " + given.target.id.ToHex()});
      continue;
    }
    auto text = CleanCommentText(given.text);
    if (!text) {
      plan.report.refused.push_back({given.line, what, text.error().message});
      continue;
    }
    Comment comment;
    comment.created_at = given.created_at.value_or(now);
    comment.expire_at = given.expire_at.value_or(comment.created_at + ttl);
    if (comment.expire_at <= now) {
      ++expired;
      continue;
    }
    comment.id = given.id ? *given.id : IdOf(given, comment.created_at);
    comment.target = given.target;
    comment.session = given.session ? *given.session : SessionOf(given.author);
    comment.fingerprint = given.fingerprint;
    comment.text = std::move(*text);
    comment.is_hidden = given.is_hidden;
    plan.comments.push_back(std::move(comment));
  }
  plan.report.comments = plan.comments.size();
  if (expired > 0) {
    plan.report.warnings.push_back(std::to_string(expired) +
                                   " comments have expired since and were left out");
  }
}

}  // namespace popradio::media
