#include "store/embedded/read_pool.h"

#include "base/log.h"

namespace popradio::embedded {
namespace {

// Which of the pool's connections is this thread's.
thread_local std::size_t t_index = 0;

}  // namespace

ReadPool::ReadPool(std::string path, std::string vfs, int threads)
    : path_(std::move(path)),
      vfs_(std::move(vfs)),
      connections_(static_cast<std::size_t>(threads)) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    threads_.emplace_back([this, i] { Loop(i); });
  }
}

ReadPool::~ReadPool() { Stop(); }

void ReadPool::Enqueue(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && queue_.size() < kMaxQueuedReads) {
      queue_.push_back(std::move(job));
      wake_.notify_one();
      return;
    }
  }
  ResumeOne(std::move(job.waiter));  // with the refusal its result began with
}

void ReadPool::Loop(std::size_t index) {
  t_index = index;
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !queue_.empty() || stopping_; });
      if (queue_.empty()) return;
      job = std::move(queue_.front());
      queue_.pop_front();
    }
    try {
      job.work();
    } catch (const std::exception& exception) {
      // A bug or no memory; the waiter keeps the refusal its result began with.
      Log(LogLevel::kError, "a database job was dropped", {{"reason", exception.what()}});
    }
    ResumeOne(std::move(job.waiter));
  }
}

Database& ReadPool::Connection() {
  DatabaseSlot& slot = connections_[t_index];
  if (!slot) slot = std::make_unique<Database>(path_, Database::Mode::kReader, vfs_);
  return *slot;
}

Error ReadPool::ReadError(const SQLite::Exception& exception) {
  Log(LogLevel::kError, "a read failed",
      {{"reason", exception.what()}, {"code", exception.getErrorCode()}});
  connections_[t_index].reset();  // whatever it was, the next read begins afresh
  return {ErrorCode::kUnavailable,
          "The station cannot read its database now. Please try again in a moment.", 5};
}

void ReadPool::AroundReopen(const std::function<void()>& reopen) {
  const std::unique_lock gate(gate_);
  for (DatabaseSlot& slot : connections_) slot.reset();
  reopen();
}

void ReadPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  const std::unique_lock gate(gate_);
  for (DatabaseSlot& slot : connections_) slot.reset();
}

}  // namespace popradio::embedded
