#include "store/embedded/writer_thread.h"

#include <algorithm>
#include <filesystem>
#include <future>

#include "base/log.h"

namespace popradio::embedded {
namespace {

constexpr char kBegin[] = "BEGIN IMMEDIATE";
constexpr char kCommit[] = "COMMIT";
constexpr char kReadNumber[] = "SELECT number FROM commits WHERE id = 1";
constexpr char kWriteNumber[] = "UPDATE commits SET number = ? WHERE id = 1";

// A thread that waits for its operation, where there is no coroutine.
class BlockingWaiter final : public Waiter {
 public:
  explicit BlockingWaiter(std::promise<void>& done) : Waiter({}), done_(done) {}
  void Resume() override { done_.set_value(); }

 private:
  std::promise<void>& done_;
};

}  // namespace

WriterThread::WriterThread(std::unique_ptr<Database> database, WriterOptions options,
                           const Clock& clock, AroundReopen around_reopen)
    : database_(std::move(database)),
      options_(std::move(options)),
      clock_(clock),
      around_reopen_(std::move(around_reopen)),
      since_(clock.Now()) {
  Query number = database_->Prepare(kReadNumber);
  if (number.Step()) commit_number_ = number.Int(0);
}

WriterThread::~WriterThread() {
  if (state_ != State::kStopped) (void)Stop();
}

void WriterThread::Start() {
  last_flush_ = last_attempt_ = std::chrono::steady_clock::now();
  thread_ = std::thread([this] { Loop(); });
}

Task<void> WriterThread::Run(WriteOperation& operation) {
  return Suspend([this, &operation](std::unique_ptr<Waiter> waiter) {
    Enqueue(operation, std::move(waiter));
  });
}

void WriterThread::RunBlocking(WriteOperation& operation) {
  std::promise<void> done;
  Enqueue(operation, std::make_unique<BlockingWaiter>(done));
  done.get_future().wait();
}

Task<Result<void>> WriterThread::Flush() {
  // A batch writes only so much; asked again until one has left nothing over.
  bool finished = false;
  while (!finished) {
    FunctionWrite<void> ask(
        [this](Transaction&) -> Result<void> {
          flush_asked_ = true;
          return {};
        },
        [this, &finished] { finished = !more_housekeeping_; });
    co_await Run(ask);
    if (!ask.result) co_return Fail(ask.result.error());
  }
  co_return Result<void>();
}

void WriterThread::Enqueue(WriteOperation& operation, std::unique_ptr<Waiter> waiter) {
  std::optional<Error> refusal;
  {
    const std::lock_guard lock(mutex_);
    const State state = state_;
    if (stopping_) {
      refusal = RefusalFor(State::kStopped);
    } else if (state != State::kServing) {
      refusal = RefusalFor(state);
    } else if (queue_.size() >= kMaxQueuedOperations) {
      refusal = Error(ErrorCode::kUnavailable,
                      "Too much is waiting to be saved. Please try again in a moment.", 1);
    } else {
      operation.waiter_ = std::move(waiter);
      queue_.push_back(&operation);
    }
  }
  if (!refusal) {
    wake_.notify_one();
    return;
  }
  operation.Failed(*refusal);
  ResumeOne(std::move(waiter));
}

void WriterThread::Loop() {
  using std::chrono::steady_clock;
  const std::chrono::milliseconds flush_interval(options_.flush_interval_ms);
  const std::chrono::milliseconds probe_interval(options_.probe_interval_ms);
  std::vector<WriteOperation*> operations;
  for (;;) {
    bool stopping = false;
    {
      std::unique_lock lock(mutex_);
      const bool serving = state_ == State::kServing;
      if (!(serving && more_housekeeping_)) {
        const auto until = serving ? last_flush_ + flush_interval : last_attempt_ + probe_interval;
        wake_.wait_until(lock, until, [this] { return !queue_.empty() || stopping_; });
      }
      stopping = stopping_;
      if (queue_.size() <= kMaxBatchOperations) {
        operations.swap(queue_);
      } else {
        operations.assign(queue_.begin(), queue_.begin() + kMaxBatchOperations);
        queue_.erase(queue_.begin(), queue_.begin() + kMaxBatchOperations);
      }
    }
    if (state_ == State::kServing) {
      if (stopping) flush_asked_ = true;
      if (WriteBatch(operations)) MaybeCheckpoint();
    } else {
      FailAll(operations, RefusalFor(state_));
      if (stopping || steady_clock::now() - last_attempt_ >= probe_interval) Probe();
    }
    operations.clear();
    if (stopping && !(state_ == State::kServing && more_housekeeping_)) {
      const std::lock_guard lock(mutex_);
      if (queue_.empty()) return;
    }
  }
}

bool WriterThread::WriteBatch(std::vector<WriteOperation*>& operations) {
  const auto now = std::chrono::steady_clock::now();
  Housekeeping housekeeping;
  Transaction transaction(*database_, clock_.Now());
  try {
    ApplyAll(operations, transaction);
    housekeeping.due = more_housekeeping_ || flush_asked_ ||
                       now - last_flush_ >= std::chrono::milliseconds(options_.flush_interval_ms);
    housekeeping.rows_left = operations.empty() || flush_asked_
                                 ? kHousekeepingRows
                                 : std::clamp(operations.size() / kHousekeepingShare,
                                              kMinHousekeepingRows, kHousekeepingRows);
    if (housekeeping.due) last_flush_ = now;
    more_housekeeping_ = flush_asked_ = false;
    for (BatchPart* part : parts_) part->Write(transaction, housekeeping);
    if (transaction.begun()) {
      database_->Prepare(kWriteNumber).Bind(commit_number_ + 1).Run();
      database_->Prepare(kCommit).Run();
      ++commit_number_;
    }
  } catch (const SQLite::Exception& exception) {
    OnWriteError(operations, exception);
    return false;
  } catch (const std::exception& exception) {
    // A bug or no memory: this batch is void, the thread goes on.
    database_->RollBackIfOpen();
    for (BatchPart* part : parts_) part->RolledBack();
    Log(LogLevel::kError, "a batch of writes was dropped", {{"reason", exception.what()}});
    FailAll(operations, Error(ErrorCode::kInternal, "The station could not save this."));
    return false;
  }
  for (BatchPart* part : parts_) part->Committed();
  more_housekeeping_ = housekeeping.due && housekeeping.rows_left == 0;
  Finish(operations);
  return true;
}

void WriterThread::ApplyAll(std::vector<WriteOperation*>& operations, Transaction& transaction) {
  for (WriteOperation* operation : operations) {
    try {
      operation->Apply(transaction);
    } catch (const SQLite::Exception& exception) {
      if (Classify(exception) != Failure::kStatement) throw;
      Log(LogLevel::kError, "a write was refused by the database", {{"reason", exception.what()}});
      operation->failed_ = true;
      operation->Failed(Error(ErrorCode::kInternal,
                              "The database refused this: " + std::string(exception.what())));
    }
  }
}

void WriterThread::Finish(std::vector<WriteOperation*>& operations) {
  std::vector<std::unique_ptr<Waiter>> waiters;
  waiters.reserve(operations.size());
  for (WriteOperation* operation : operations) {
    if (!operation->failed_) operation->Committed();
    waiters.push_back(std::move(operation->waiter_));
  }
  // From here on the operations belong to their coroutines again.
  operations.clear();
  ResumeAll(std::move(waiters));
}

void WriterThread::FailAll(std::vector<WriteOperation*>& operations, const Error& error) {
  std::vector<std::unique_ptr<Waiter>> waiters;
  waiters.reserve(operations.size());
  for (WriteOperation* operation : operations) {
    operation->Failed(error);
    waiters.push_back(std::move(operation->waiter_));
  }
  operations.clear();
  ResumeAll(std::move(waiters));
}

void WriterThread::OnWriteError(std::vector<WriteOperation*>& operations,
                                const SQLite::Exception& exception) {
  // Asked before the roll-back, which overwrites the operating system's error.
  const bool full = IsDiskFull(exception, &database_->connection());
  const Failure failure = Classify(exception);
  database_->RollBackIfOpen();
  for (BatchPart* part : parts_) part->RolledBack();
  Log(LogLevel::kError, "a write failed",
      {{"reason", exception.what()},
       {"code", exception.getErrorCode()},
       {"operations", operations.size()}});
  last_attempt_ = std::chrono::steady_clock::now();
  if (failure == Failure::kFull) {
    SetState(State::kFull, "the disk is full");
  } else if (failure == Failure::kBusy) {
    SetState(State::kBusy, "another program holds the database");
  } else if (failure == Failure::kUnknown) {
    SetState(State::kUnknown, full ? "the disk is full" : exception.what());
    const std::int64_t attempted = commit_number_ + 1;
    const std::optional<std::int64_t> found = Recover();
    if (found && *found == attempted) {
      Finish(operations);  // it had reached the disk after all
      return;
    }
  }
  FailAll(operations,
          RefusalFor(failure == Failure::kFull || full ? State::kFull : State::kUnknown));
}

std::optional<std::int64_t> WriterThread::Recover() {
  std::optional<std::int64_t> found;
  around_reopen_([&] {
    try {
      found = ReopenAndCheck();
      for (BatchPart* part : parts_) part->Reload(*database_);
    } catch (const std::exception& exception) {
      found.reset();
      Log(LogLevel::kError, "the database cannot be used yet", {{"reason", exception.what()}});
      const std::lock_guard lock(mutex_);
      detail_ = exception.what();
    }
  });
  if (found) {
    Log(LogLevel::kWarn, "the database was reopened and checked", {{"commit", *found}});
    SetState(State::kServing, "");
  }
  return found;
}

std::int64_t WriterThread::ReopenAndCheck() {
  if (database_) database_->KeepWalOnClose();
  database_.reset();
  auto reopened = std::make_unique<Database>(options_.path, Database::Mode::kWriter, options_.vfs);
  reopened->StartWriting();
  std::error_code ignored;
  if (static_cast<std::int64_t>(std::filesystem::file_size(options_.path, ignored)) <=
      kMaxQuickCheckBytes) {
    SQLite::Statement check(reopened->connection(), "PRAGMA quick_check(1)");
    if (!check.executeStep() || check.getColumn(0).getString() != "ok") {
      throw std::runtime_error("the database is damaged: " + check.getColumn(0).getString());
    }
  }
  std::int64_t number = 0;
  {
    Query query = reopened->Prepare(kReadNumber);
    if (!query.Step()) throw std::runtime_error("the database has lost its commit number");
    number = query.Int(0);
  }
  // Everything the WAL holds is written anew, with a new fsync; then a commit shows that writing
  // works.
  reopened->Checkpoint(/*truncate=*/true);
  reopened->Prepare(kBegin).Run();
  reopened->Prepare(kWriteNumber).Bind(number + 1).Run();
  reopened->Prepare(kCommit).Run();
  if (number < commit_number_) {
    Log(LogLevel::kError, "the disk has lost acknowledged commits",
        {{"acknowledged", commit_number_}, {"found", number}});
  }
  commit_number_ = number + 1;
  database_ = std::move(reopened);
  return number;
}

void WriterThread::Probe() {
  last_attempt_ = std::chrono::steady_clock::now();
  if (state_ == State::kUnknown) {
    (void)Recover();
    return;
  }
  try {
    // Moving the WAL makes its space usable again, which can be all the room that is needed.
    try {
      database_->Checkpoint(/*truncate=*/false);
    } catch (const SQLite::Exception& exception) {
      if (Classify(exception) == Failure::kUnknown) throw;
    }
    database_->Prepare(kBegin).Run();
    database_->Prepare(kWriteNumber).Bind(commit_number_ + 1).Run();
    database_->Prepare(kCommit).Run();
    ++commit_number_;
    SetState(State::kServing, "");
    Log(LogLevel::kInfo, "the database can be written again");
  } catch (const SQLite::Exception& exception) {
    database_->RollBackIfOpen();
    if (Classify(exception) == Failure::kUnknown) {
      SetState(State::kUnknown, exception.what());
      (void)Recover();
    }
  }
}

void WriterThread::MaybeCheckpoint() {
  const int pages = database_->wal_pages();
  if (pages < kCheckpointPages) {
    checkpoint_at_pages_ = kCheckpointPages;  // the WAL began anew
    return;
  }
  if (pages < checkpoint_at_pages_) return;
  checkpoint_at_pages_ =
      pages + kCheckpointPages;  // a long reader is in the way: not after every batch
  try {
    database_->Checkpoint(/*truncate=*/false);
  } catch (const SQLite::Exception& exception) {
    std::vector<WriteOperation*> none;
    // A full disk does not hurt what is committed: the WAL keeps it, and grows until there is room.
    if (Classify(exception) == Failure::kUnknown) OnWriteError(none, exception);
  }
}

Result<void> WriterThread::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kStopped) return {};
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  const bool serving = state_ == State::kServing;
  const std::string detail = Health().detail;
  SetState(State::kStopped, "closed");
  if (!serving)
    return Fail(ErrorCode::kUnavailable, "The last changes could not be saved: " + detail + ".");
  try {
    database_->Checkpoint(/*truncate=*/true);
  } catch (const SQLite::Exception& exception) {
    // Nothing is lost: the WAL holds it, and the next start reads it.
    Log(LogLevel::kWarn, "the write-ahead log stays as it is", {{"reason", exception.what()}});
  }
  database_.reset();
  return {};
}

store::ServiceHealth WriterThread::Health() const {
  const std::lock_guard lock(mutex_);
  store::ServiceHealth health;
  health.name = "database";
  health.ok = state_ == State::kServing;
  health.detail = detail_;
  health.since = since_;
  return health;
}

void WriterThread::SetState(State state, const std::string& detail) {
  const Instant now = clock_.Now();
  const std::lock_guard lock(mutex_);
  if (state_ != state) since_ = now;
  state_ = state;
  detail_ = detail;
}

Error WriterThread::RefusalFor(State state) const {
  switch (state) {
    case State::kFull:
      return {ErrorCode::kUnavailable,
              "The station's disk is full, so nothing can be saved. Please try again later.",
              kRetryAfterS};
    case State::kStopped:
      return {ErrorCode::kUnavailable,
              "The station is shutting down. Please try again in a moment.", kRetryAfterS};
    case State::kServing:
    case State::kBusy:
    case State::kUnknown:
      break;
  }
  return {ErrorCode::kUnavailable,
          "The station cannot save anything now. Please try again in a moment.", kRetryAfterS};
}

}  // namespace popradio::embedded
