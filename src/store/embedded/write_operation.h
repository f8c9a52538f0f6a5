#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "store/embedded/completion.h"
#include "store/embedded/database.h"

namespace popradio::embedded {

// The batch that is being written. Begins in the database with the first statement that somebody
// asks for, so that a batch which changes nothing costs no commit.
class Transaction {
 public:
  Transaction(Database& database, Instant now) : database_(database), now_(now) {}

  // The connection, for writing.
  Database& db() {
    if (!begun_) {
      static constexpr char kBegin[] = "BEGIN IMMEDIATE";
      database_.Prepare(kBegin).Run();
      begun_ = true;
    }
    return database_;
  }
  // The connection, for looking only: begins nothing.
  Database& read() { return database_; }
  bool begun() const { return begun_; }
  // One moment for the whole batch.
  Instant now() const { return now_; }

 private:
  Database& database_;
  Instant now_;
  bool begun_ = false;
};

// One change that somebody waits for. Lives in the waiting coroutine's frame. All of its functions
// are called on the writer thread, and nothing touches it between enqueueing and waking but that
// thread.
class WriteOperation {
 public:
  virtual ~WriteOperation() = default;
  // Decides and writes. May be refused by a rule: then it keeps the refusal as its result and
  // writes nothing. An exception of kind kStatement fails this operation alone, so an operation
  // that can meet one makes a single statement or uses a savepoint.
  virtual void Apply(Transaction& transaction) = 0;
  // The batch is on disk: make the change visible in memory. Not called after Failed().
  virtual void Committed() {}
  // Nothing was written.
  virtual void Failed(const Error& error) = 0;

 private:
  friend class WriterThread;
  std::unique_ptr<Waiter> waiter_;
  bool failed_ = false;
};

// An operation as two functions: `apply` in the transaction, `committed` afterwards if it
// succeeded.
template <class T>
class FunctionWrite final : public WriteOperation {
 public:
  using Decide = std::function<Result<T>(Transaction&)>;
  explicit FunctionWrite(Decide apply, std::function<void()> committed = {})
      : apply_(std::move(apply)), committed_(std::move(committed)) {}

  void Apply(Transaction& transaction) override { result = apply_(transaction); }
  void Committed() override {
    if (result && committed_) committed_();
  }
  void Failed(const Error& error) override { result = Fail(error); }

  Result<T> result = Fail(ErrorCode::kInternal, "The write was never made.");

 private:
  Decide apply_;
  std::function<void()> committed_;
};

// How much a batch may write on its own account, beside what was asked for.
struct Housekeeping {
  bool due = false;           // the interval is over: write what has gathered
  bool everything = false;    // somebody waits until all of it is written
  std::size_t rows_left = 0;  // so that nobody waits long for an answer behind it
};

// A store's share in every batch: what it gathers while operations are applied, and what is dirty
// in its memory though nobody waits for it. Writer thread only.
class BatchPart {
 public:
  virtual ~BatchPart() = default;
  // After the operations. Whatever it writes must be right when written twice.
  virtual void Write(Transaction& transaction, Housekeeping& housekeeping) = 0;
  // Exactly one of these follows each batch.
  virtual void Committed() = 0;
  virtual void RolledBack() = 0;
  // After a failure that left the state of the file unknown: memory becomes what the file says.
  virtual void Reload(Database&) {}
};

}  // namespace popradio::embedded
