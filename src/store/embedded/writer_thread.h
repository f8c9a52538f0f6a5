#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "store/backend.h"
#include "store/embedded/database.h"
#include "store/embedded/write_operation.h"

namespace popradio::embedded {

// Operations in one transaction at most; what waits longer is in the next.
inline constexpr std::size_t kMaxBatchOperations = 2048;
// Operations that may wait; more are refused with kUnavailable.
inline constexpr std::size_t kMaxQueuedOperations = 65'536;
// Rows a batch may write for housekeeping: about a millisecond. A batch that somebody waits for
// takes one for four of its operations, and a few always, so that answers are not held up by what
// can wait.
inline constexpr std::size_t kHousekeepingRows = 256;
inline constexpr std::size_t kHousekeepingShare = 4;
inline constexpr std::size_t kMinHousekeepingRows = 8;
// Pages in the WAL at which it is moved into the database (32 MB): seldom enough that the pause is
// no hundredth of a busy second's answers.
inline constexpr int kCheckpointPages = 8000;
// The database is checked page by page after a write error when it is no larger than this.
inline constexpr std::int64_t kMaxQuickCheckBytes = 512 << 20;
inline constexpr int kRetryAfterS = 5;

struct WriterOptions {
  std::string path;
  std::string vfs;
  int flush_interval_ms = 1000;
  int probe_interval_ms = 1000;
};

// The one thread that writes. It takes everything that is queued, makes it one transaction, and
// wakes those who wait when the commit is on disk (synchronous=FULL): group commit without any
// delay of its own, because the next batch gathers while this one is written.
//
// Decisions are made here, one after the other, against committed memory and what this batch has
// done so far; memory that others see changes only after the commit. So a failed commit leaves
// nothing to take back, and nobody is ever told about something that was not kept.
//
// When it fails:
//  - Full disk (SQLITE_FULL): the batch is void, everything is refused at once with kUnavailable,
//  and a
//    small write is tried every probe interval until it succeeds.
//  - Anything else: the state of the file is unknown. The database is reopened, checked, and its
//  WAL is
//    copied into it with a new fsync (data that a failed fsync has dropped from the page cache must
//    not be trusted); the number of the last commit says whether the batch is in; memory is
//    reloaded. Until that succeeds everything is refused.
class WriterThread {
 public:
  // `around_reopen` closes every other connection, calls its argument, and lets them open again.
  using AroundReopen = std::function<void(const std::function<void()>&)>;
  WriterThread(std::unique_ptr<Database> database, WriterOptions options, const Clock& clock,
               AroundReopen around_reopen);
  ~WriterThread();

  // Before Start(). Parts are asked in the order they were added.
  void AddPart(BatchPart& part) { parts_.push_back(&part); }
  void Start();

  // Resumes when the operation is durable, refused or failed; its result says which. Any thread.
  Task<void> Run(WriteOperation& operation);
  // The same, blocking the calling thread, which must be no I/O thread.
  void RunBlocking(WriteOperation& operation);

  // Resumes when everything that is dirty in memory by now is on disk. Any thread.
  Task<Result<void>> Flush();

  // Writes all there is, checkpoints and ends the thread; every later operation is refused. Once.
  Result<void> Stop();

  store::ServiceHealth Health() const;
  // The writer's connection, for loading before Start() and for tests.
  Database& database() { return *database_; }

 private:
  enum class State { kServing, kFull, kBusy, kUnknown, kStopped };

  void Enqueue(WriteOperation& operation, std::unique_ptr<Waiter> waiter);
  void Loop();
  // One transaction with the operations and the parts' share. True: committed, or nothing to
  // commit.
  bool WriteBatch(std::vector<WriteOperation*>& operations);
  void ApplyAll(std::vector<WriteOperation*>& operations, Transaction& transaction);
  void OnWriteError(std::vector<WriteOperation*>& operations, const SQLite::Exception& exception);
  // Reopens, checks, and reloads memory. The number of the last commit in the file; none when the
  // file can still not be trusted and written.
  std::optional<std::int64_t> Recover();
  std::int64_t ReopenAndCheck();
  void Probe();
  void MaybeCheckpoint();
  void Finish(std::vector<WriteOperation*>& operations);
  void FailAll(std::vector<WriteOperation*>& operations, const Error& error);
  void SetState(State state, const std::string& detail);
  Error RefusalFor(State state) const;

  std::unique_ptr<Database> database_;
  const WriterOptions options_;
  const Clock& clock_;
  const AroundReopen around_reopen_;
  std::vector<BatchPart*> parts_;
  std::thread thread_;

  // Writer thread only.
  std::int64_t commit_number_ = 0;
  int checkpoint_at_pages_ = kCheckpointPages;
  std::chrono::steady_clock::time_point last_flush_, last_attempt_;
  bool more_housekeeping_ = false;
  bool flush_asked_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<WriteOperation*> queue_;
  bool stopping_ = false;
  std::string detail_;
  Instant since_;
  std::atomic<State> state_{State::kServing};
};

}  // namespace popradio::embedded
