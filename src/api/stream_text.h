#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "api/rendered_catalogue.h"
#include "api/service.h"
#include "realtime/ballot.h"
#include "realtime/conductor.h"

namespace popradio::api {

inline constexpr std::size_t kStreamSongs = realtime::kQueueLength + 1;

// The song of a slot with its place on the air: a RadioSong of api/openapi.yaml.
void AppendRadioSong(std::string& out, const RenderedCatalogue& rendered,
                     RenderedCatalogue::Index song, const Slot& slot,
                     const store::Engagement& numbers);
// The same without isLikedByUser, for everybody: an EventSong.
void AppendEventSong(std::string& out, const RenderedCatalogue& rendered,
                     RenderedCatalogue::Index song, const Slot& slot,
                     const store::Engagement& numbers);
// "why":{"code":…,"text":…}
void AppendWhy(std::string& out, Why why);

// What changes between two reads of GET /radio/stream.
struct StreamLive {
  Instant now;
  int listeners = 0;
  realtime::Ballot::Standing standing;
  bool operator==(const StreamLive&) const = default;
};

// The answer of GET /radio/stream with holes: everything that stays the same while a song plays is
// written once, and a request copies it and fills in the numbers. One per I/O thread; not
// thread-safe.
class StreamText {
 public:
  // Whether what is prepared holds for this catalogue and timeline at `now`.
  bool Covers(const RenderedCatalogue* rendered, std::uint64_t on_air_version, Instant now) const {
    return rendered_.get() == rendered && on_air_version_ == on_air_version && from_ <= now &&
           now < until_;
  }
  void Prepare(RenderedPtr rendered, const realtime::OnAir& on_air, std::uint64_t on_air_version,
               Instant now, SkipPolicy skip_setting);

  // Whose numbers are asked for: the playing song's, then the queue's.
  std::span<const Target> targets() const { return {targets_.data(), count_}; }
  // Rises with every Prepare(); 0 before the first.
  std::uint64_t prepared() const { return prepared_; }
  // The slot that plays; -1 for none.
  std::int64_t seq() const { return seq_; }

  // Replaces `out` by the whole answer. `numbers` are those of targets().
  void Write(std::span<const store::Engagement> numbers, const StreamLive& live,
             std::string& out) const;

  // For listeners who like nothing of what is shown (most, and all without a session) nothing
  // differs but the time: the last such answer is kept, and only those 24 characters are written.
  // False when it does not fit any more.
  bool WriteKept(std::uint64_t engagement_version, const StreamLive& live, std::string& out);
  void Keep(std::uint64_t engagement_version, const StreamLive& live, const std::string& text);

 private:
  // The text between two holes.
  std::string_view Piece(std::size_t i) const {
    return std::string_view(text_).substr(cuts_[i], cuts_[i + 1] - cuts_[i]);
  }
  void Hole() { cuts_.push_back(static_cast<std::uint32_t>(text_.size())); }

  RenderedPtr rendered_;
  std::uint64_t on_air_version_ = 0;
  Instant from_, until_;  // an empty stretch: never covers
  std::string text_;
  std::vector<std::uint32_t> cuts_;
  std::array<Target, kStreamSongs> targets_;
  std::size_t count_ = 0;
  std::int64_t seq_ = -1;
  std::uint64_t prepared_ = 0;

  bool kept_ = false;
  std::uint64_t kept_version_ = 0;
  StreamLive kept_live_;
  std::string kept_text_;
  std::size_t kept_time_at_ = 0;
};

}  // namespace popradio::api
