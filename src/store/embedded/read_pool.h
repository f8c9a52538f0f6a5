#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "store/embedded/completion.h"
#include "store/embedded/database.h"

namespace popradio::embedded {

// Jobs that may wait for a reading thread; more are refused with kUnavailable.
inline constexpr std::size_t kMaxQueuedReads = 4096;

// Threads that run what must not run on an I/O thread: reads in SQL, each thread with its own
// read-only connection; and the curator's edits (a pool of one thread is also what makes them one
// after the other). Thread-safe.
class ReadPool {
 public:
  ReadPool(std::string path, std::string vfs, int threads);
  ~ReadPool();

  // Runs `read` on one of the threads and resumes with its result. A database error is
  // kUnavailable.
  template <class T>
  Task<Result<T>> Run(std::function<Result<T>(Database&)> read) {
    Result<T> result =
        Fail(ErrorCode::kUnavailable, "Too much is waiting to be read. Please try again.", 1);
    co_await Suspend([this, &read, &result](std::unique_ptr<Waiter> waiter) {
      Enqueue(Job{[this, &read, &result] { result = Guarded<T>(read); }, std::move(waiter)});
    });
    co_return result;
  }
  // The same without a database: for the curator's edits.
  template <class T>
  Task<Result<T>> RunPlain(std::function<Result<T>()> work) {
    Result<T> result =
        Fail(ErrorCode::kUnavailable, "Too much is waiting to be changed. Please try again.", 1);
    co_await Suspend([this, &work, &result](std::unique_ptr<Waiter> waiter) {
      Enqueue(Job{[&work, &result] { result = work(); }, std::move(waiter)});
    });
    co_return result;
  }

  // Closes every connection of the pool, calls `reopen` while none is open and no read runs, and
  // goes on.
  void AroundReopen(const std::function<void()>& reopen);
  // Finishes what is queued and ends the threads. Later jobs are refused.
  void Stop();

 private:
  struct Job {
    std::function<void()> work;
    std::unique_ptr<Waiter> waiter;
  };
  using DatabaseSlot = std::unique_ptr<Database>;

  template <class T>
  Result<T> Guarded(const std::function<Result<T>(Database&)>& read) {
    const std::shared_lock gate(gate_);
    try {
      return read(Connection());
    } catch (const SQLite::Exception& exception) {
      return Fail(ReadError(exception));
    }
  }
  void Enqueue(Job job);
  void Loop(std::size_t index);
  Database& Connection();
  Error ReadError(const SQLite::Exception& exception);

  const std::string path_, vfs_;
  std::shared_mutex gate_;  // shared: reading; alone: the connections are closed and opened
  std::vector<DatabaseSlot> connections_;  // by thread; opened at the first read
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> queue_;
  bool stopping_ = false;
};

}  // namespace popradio::embedded
