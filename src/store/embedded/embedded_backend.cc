#include "store/embedded/embedded_backend.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/log.h"
#include "store/embedded/catalogue_table.h"
#include "store/embedded/comments.h"
#include "store/embedded/counts_check.h"
#include "store/embedded/data_folder.h"
#include "store/embedded/rate_limits.h"
#include "store/embedded/schema.h"
#include "store/embedded/sessions.h"
#include "store/embedded/sweeper.h"
#include "store/embedded/timeline.h"

namespace popradio::store {
namespace {

using namespace embedded;  // NOLINT: everything here is put together from it

constexpr int kReadThreads = 3;
constexpr std::size_t kSecretBytes = 32;

// The secret as stored, or a new one.
std::string LoadSecret(Database& database, Random& random) {
  if (auto stored = database.Meta(kSecretKey); stored && stored->size() == kSecretBytes)
    return *stored;
  std::string secret;
  while (secret.size() < kSecretBytes) {
    const std::uint64_t bits = random.Next();
    secret.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  }
  database.SetMeta(kSecretKey, secret);
  return secret;
}

class EmbeddedBackend final : public Backend {
 public:
  EmbeddedBackend(EmbeddedOptions options, std::unique_ptr<DataFolder> folder,
                  std::unique_ptr<Database> database, const Clock& clock, Random& random)
      : options_(std::move(options)),
        folder_(std::move(folder)),
        secret_(LoadSecret(*database, random)),
        reads_(folder_->database(), options_.vfs, kReadThreads),
        writer_(std::move(database),
                {folder_->database(), options_.vfs, options_.flush_interval_ms,
                 options_.probe_interval_ms},
                clock,
                [this](const std::function<void()>& reopen) { reads_.AroundReopen(reopen); }),
        stats_(reads_, random),
        engagement_(writer_, stats_),
        catalogue_(writer_, engagement_),
        comments_(writer_, reads_, clock, options_.comment_ttl_days),
        sessions_(writer_, reads_, clock),
        limits_(options_.limits, clock),
        timeline_(writer_, reads_),
        sweeper_(clock, limits_) {
    Database& loading = writer_.database();
    catalogue_.Reload(loading);
    engagement_.Reload(loading);
    stats_.Load(loading);
    limits_.Load(loading);
    for (BatchPart* part : std::initializer_list<BatchPart*>{&engagement_, &stats_, &catalogue_,
                                                             &sessions_, &limits_, &sweeper_}) {
      writer_.AddPart(*part);
    }
    writer_.Start();
  }
  ~EmbeddedBackend() override { (void)Close(); }

  CatalogueStore& catalogue() override { return catalogue_; }
  EngagementStore& engagement() override { return engagement_; }
  CommentStore& comments() override { return comments_; }
  SessionStore& sessions() override { return sessions_; }
  RateLimitStore& limits() override { return limits_; }
  TimelineStore& timeline() override { return timeline_; }
  AnalyticsStore& analytics() override { return stats_; }

  std::vector<ServiceHealth> Health() const override { return {writer_.Health()}; }
  std::string StationSecret() const override { return secret_; }
  Task<Result<void>> Backup(std::string path) override;

  Task<Result<CountsReport>> CheckCounts(bool repair) override {
    return embedded::CheckCounts(writer_, reads_, engagement_, catalogue_.Current(), repair);
  }

  Result<void> Close() override {
    if (closed_) return {};
    closed_ = true;
    // Edits wait for the writer, so they end first; the readers before the writer's last
    // checkpoint, which then can move everything.
    catalogue_.Stop();
    reads_.Stop();
    return writer_.Stop();
  }

 private:
  const EmbeddedOptions options_;
  const std::unique_ptr<DataFolder> folder_;
  const std::string secret_;
  ReadPool reads_;
  WriterThread writer_;
  DailyStats stats_;
  EngagementTable engagement_;
  CatalogueTable catalogue_;
  Comments comments_;
  Sessions sessions_;
  RateLimits limits_;
  TimelineTable timeline_;
  Sweeper sweeper_;
  bool closed_ = false;
};

std::string Reason(int error) { return std::generic_category().message(error); }

// Puts the finished copy in its place without replacing anything, and makes both survive a loss of
// power.
Result<void> Place(const std::string& partial, const std::string& path) {
  const int file = ::open(partial.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced)
    return Fail(ErrorCode::kUnavailable,
                "The backup " + path + " cannot be written: " + Reason(errno) + ".");
  if (::link(partial.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) {
      return Fail(ErrorCode::kConflict, path + " exists already. Name a new file for the backup.");
    }
    // A file system without hard links: looked at before, renamed now.
    if (::access(path.c_str(), F_OK) == 0 || ::rename(partial.c_str(), path.c_str()) != 0) {
      return Fail(ErrorCode::kUnavailable,
                  "The backup " + path + " cannot be written: " + Reason(errno) + ".");
    }
  }
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return SyncFolder(parent.empty() ? "." : parent);
}

Task<Result<void>> EmbeddedBackend::Backup(std::string path) {
  // What is only in memory yet goes to the file first.
  if (auto flushed = co_await writer_.Flush(); !flushed) co_return flushed;
  std::function<Result<void>(Database&)> copy = [&path](Database& database) -> Result<void> {
    if (::access(path.c_str(), F_OK) == 0) {
      return Fail(ErrorCode::kConflict, path + " exists already. Name a new file for the backup.");
    }
    const std::string partial = path + ".partial";
    (void)::unlink(partial.c_str());
    // Made beforehand, so that it is never readable for others; VACUUM INTO accepts an empty file.
    const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
      return Fail(ErrorCode::kInvalidParameter,
                  "The backup " + path + " cannot be written: " + Reason(errno) +
                      ". Name a file in a folder that this user can write.");
    }
    ::close(file);
    Result<void> done;
    try {
      SQLite::Statement vacuum(database.connection(), "VACUUM INTO ?");
      vacuum.bind(1, partial);
      vacuum.exec();
      done = Place(partial, path);
    } catch (const SQLite::Exception& exception) {
      done = Fail(ErrorCode::kUnavailable,
                  "The backup " + path + " cannot be written: " + exception.what() + ".");
    }
    (void)::unlink(partial.c_str());
    return done;
  };
  co_return co_await reads_.Run<void>(std::move(copy));
}

Error OpenError(const std::string& path, const SQLite::Exception& exception) {
  const int code = exception.getErrorCode() & 0xff;
  const std::string why = exception.what();
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
    return {ErrorCode::kInvalidParameter,
            path + " is damaged or no database (" + why +
                "). Put a backup in its place, or move it away to begin anew."};
  }
  if (code == SQLITE_FULL) {
    return {ErrorCode::kUnavailable,
            path + " cannot be written: the disk is full. Make room and start again."};
  }
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
    return {ErrorCode::kConflict, path + " is held by another program. Close it and start again."};
  }
  return {ErrorCode::kUnavailable,
          path + " cannot be opened: " + why + ". Check the folder's rights and its disk."};
}

}  // namespace

Result<std::unique_ptr<Backend>> OpenEmbedded(EmbeddedOptions options, const Clock& clock,
                                              Random& random) {
  Result<std::unique_ptr<DataFolder>> folder = DataFolder::Open(options.data_dir);
  if (!folder) return Fail(folder.error());
  const std::string path = (*folder)->database();
  try {
    auto database = std::make_unique<Database>(path, Database::Mode::kWriter, options.vfs);
    if (auto fits = CheckVersion(*database, Migrations(), path); !fits) return Fail(fits.error());
    database->StartWriting();
    Migrate(*database, Migrations());
    if (database->Meta(kCarryMarkKey)) {
      return Fail(ErrorCode::kConflict,
                  "A station is being moved into " + path +
                      ", and not all of it is there. Run the same 'popradio migrate' again: it "
                      "goes on where it stopped.");
    }
    return std::unique_ptr<Backend>(new EmbeddedBackend(std::move(options), *std::move(folder),
                                                        std::move(database), clock, random));
  } catch (const SQLite::Exception& exception) {
    return Fail(OpenError(path, exception));
  }
}

}  // namespace popradio::store
