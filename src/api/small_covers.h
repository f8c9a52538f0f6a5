#pragma once

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "media/ffmpeg.h"

namespace popradio::api {

// Covers for rows and cards: squares of these sides, in dots, are filled by them.
inline constexpr int kCoverWidths[] = {96, 160, 320};

// Makes smaller covers of the whole ones, each when it is first asked for, so that songs of any age
// have them, and keeps them in a folder that may be deleted at any time. Any thread.
class SmallCovers {
 public:
  using Roots = std::shared_ptr<const std::vector<std::string>>;

  // With more than this many waiting, the whole cover has to do.
  static constexpr std::size_t kMaxWaiting = 64;
  // One that cannot be made is not tried again for so long: the disk may have been full.
  static constexpr Millis kTryAgainAfter = std::chrono::minutes(10);
  // Of so many it is remembered that none can be made.
  static constexpr std::size_t kMaxHopeless = 10'000;

  // `folder` lies beneath one of the library's roots. Without a tool or a folder none is made.
  // `clock` outlives it.
  SmallCovers(const Clock& clock, media::MediaTool* tool, std::string folder)
      : clock_(clock), tool_(tool), folder_(std::move(folder)) {}

  // Where the small cover of a song or playlist lies once it is made.
  std::string PathOf(const ObjectId& id, std::string_view version, int width) const;
  // Resumes on the caller's thread when it is made; false when it cannot be, now or at all. `art`
  // is read only beneath the roots, and never through a link.
  Task<bool> Make(ObjectId id, std::string version, int width, std::string art, Roots roots);

 private:
  Task<bool> Work(const ObjectId& id, const std::string& version, int width, const std::string& art,
                  const Roots& roots);
  Result<void> Write(const ObjectId& id, int width, const std::string& art, const Roots& roots,
                     const std::string& to);

  const Clock& clock_;
  media::MediaTool* tool_;
  std::string folder_;
  std::mutex mutex_;
  std::unordered_map<std::string, Millis> hopeless_;  // by path, until when
  std::size_t waiting_ = 0;
  // One at a time: a list's covers come one after another, and the radio has the other cores.
  boost::asio::thread_pool maker_{1};
};

}  // namespace popradio::api
