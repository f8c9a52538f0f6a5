#include "api/small_covers.h"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <utility>

#include "base/log.h"
#include "media/files.h"
#include "media/library.h"

namespace popradio::api {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

bool IsThere(const std::string& path) {
  media::FileStamp stamp;
  return media::StampOf(path, stamp);
}

// What a cover looked like before it was changed.
void RemoveOlder(const std::string& folder, std::string_view version) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with(version)) fs::remove(entry.path(), error);
  }
}

}  // namespace

std::string SmallCovers::PathOf(const ObjectId& id, std::string_view version, int width) const {
  std::string path = folder_;
  path.append("/").append(id.ToHex()).append("/").append(version);
  return path.append("-").append(std::to_string(width)).append(".jpg");
}

Task<bool> SmallCovers::Make(ObjectId id, std::string version, int width, std::string art,
                             Roots roots) {
  {
    const std::lock_guard lock(mutex_);
    const auto failed = hopeless_.find(PathOf(id, version, width));
    const bool hopeless = failed != hopeless_.end() && clock_.Steady() < failed->second;
    if (tool_ == nullptr || folder_.empty() || hopeless || waiting_ >= kMaxWaiting) co_return false;
    ++waiting_;
  }
  const bool made =
      co_await asio::co_spawn(maker_, Work(id, version, width, art, roots), asio::use_awaitable);
  co_return made;
}

Task<bool> SmallCovers::Work(const ObjectId& id, const std::string& version, int width,
                             const std::string& art, const Roots& roots) {
  const std::string to = PathOf(id, version, width);
  // Somebody who waited before may have asked for the same.
  const auto done = IsThere(to) ? Result<void>() : Write(id, width, art, roots, to);
  const std::lock_guard lock(mutex_);
  --waiting_;
  if (done) {
    RemoveOlder(std::string(media::FolderOf(to)), version);
    co_return true;
  }
  if (hopeless_.size() >= kMaxHopeless) hopeless_.clear();
  hopeless_[to] = clock_.Steady() + kTryAgainAfter;
  Log(LogLevel::kWarn, "no smaller cover can be made",
      {{"of", id.ToHex()}, {"width", width}, {"reason", done.error().message}});
  co_return false;
}

Result<void> SmallCovers::Write(const ObjectId& id, int width, const std::string& art,
                                const Roots& roots, const std::string& to) {
  // Open all the while: the program reads this very file, whatever its path leads to by then.
  const auto whole = media::OpenBeneath(art, *roots);
  if (!whole) return Fail(whole.error());
  if (auto made = media::MakeFolder(folder_ + "/" + id.ToHex()); !made) return Fail(made.error());
  const std::string from = "/proc/" + std::to_string(::getpid()) + "/task/" +
                           std::to_string(::gettid()) + "/fd/" + std::to_string(whole->fd());
  return tool_->MakePicture({from}, {width, true}, to);
}

}  // namespace popradio::api
