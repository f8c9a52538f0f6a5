#include "media/import_comments.h"

#include <xxhash.h>

#include <algorithm>

#include "domain/author_name.h"
#include "domain/comment_text.h"

namespace popradio::media {
namespace {

// A comment without an _id gets one from what it says, so that a second import adds nothing. The
// time goes first, as in every ObjectId.
ObjectId IdOf(const ParsedComment& given, Instant created_at) {
  const std::string said = given.target.id.ToHex() + "\n" + given.author + "\n" + given.text;
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(said.data(), said.size()));
  std::array<std::uint8_t, ObjectId::kBytes> bytes;
  std::copy_n(canonical.digest, bytes.size(), bytes.begin());
  const auto seconds = static_cast<std::uint32_t>(ToEpochMs(created_at) / 1000);
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(seconds >> (24 - 8 * i));
  return ObjectId(bytes);
}

// What is wrong with the moment; empty if nothing is.
std::string ProblemWithMoment(const ParsedComment& given) {
  if (!given.at_ms) return {};
  if (given.target.type != TargetType::kSong) return "atMs is for songs only";
  if (*given.at_ms >= 0 && *given.at_ms <= kMaxMomentMs) return {};
  return "atMs must be between 0 and " + std::to_string(kMaxMomentMs);
}

}  // namespace

void PlanComments(const std::vector<ParsedComment>& parsed,
                  const std::function<bool(const Target&)>& exists, Instant now,
                  const ImportOptions& options, ImportPlan& plan) {
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
    auto author = given.author.empty() ? Result<std::string>() : CleanCommentText(given.author);
    if (!author) {
      plan.report.refused.push_back({given.line, what, "author: " + author.error().message});
      continue;
    }
    if (std::string problem = ProblemWithMoment(given); !problem.empty()) {
      plan.report.refused.push_back({given.line, what, std::move(problem)});
      continue;
    }
    Comment comment;
    comment.created_at = given.created_at.value_or(now);
    comment.expire_at = given.expire_at.value_or(comment.created_at + options.comment_ttl);
    if (comment.expire_at <= now) {
      ++expired;
      continue;
    }
    comment.id = given.id ? *given.id : IdOf(given, comment.created_at);
    comment.target = given.target;
    comment.session =
        given.session ? *given.session : ImportedAuthor(*author, options.station_secret);
    comment.author = std::move(*author);
    comment.fingerprint = given.fingerprint;
    comment.text = std::move(*text);
    comment.at_ms = given.at_ms;
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
