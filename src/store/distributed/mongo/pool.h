#pragma once

#include <mongoc/mongoc.h>

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "store/distributed/mongo/database.h"
#include "store/distributed/mongo/mongo_url.h"

namespace popradio::mongo {

// Threads that talk to MongoDB: its driver blocks.
inline constexpr int kPoolThreads = 8;
// Calls that may wait for a thread; more are refused with kUnavailable.
inline constexpr int kMaxQueuedCalls = 512;
// Without a primary for this long, calls are refused at once instead of waiting for one.
inline constexpr Millis kPatience{3'000};

struct PoolOptions {
  int threads = kPoolThreads;
  // Sees every command that is sent, with its database: for tests of query plans. Any thread.
  std::function<void(const std::string& database, View command)> observer;
};

// How MongoDB is.
struct Health {
  bool up = false;
  Instant since{};    // since when it has been so
  std::string error;  // why it is down, for operators; no secrets
};

// Connections to MongoDB and the threads that use them. Thread-safe. Outlives everything that runs
// on it.
class Pool {
 public:
  // Does not wait for a server: Probe() does. kInvalidParameter for an address that cannot be used.
  static Result<std::unique_ptr<Pool>> Open(MongoUrl url, PoolOptions options, const Clock& clock);
  ~Pool();

  // Runs `work` on one of the threads and resumes with its result on the caller's executor.
  template <class T>
  Task<Result<T>> Run(std::function<Result<T>(Database&)> work) {
    return On(threads_, std::move(work));
  }
  // The same one after the other, in the order of the calls: for what must not overtake itself.
  template <class T>
  Task<Result<T>> RunInOrder(std::function<Result<T>(Database&)> work) {
    return On(lane_, std::move(work));
  }
  // The same on this thread: for the start, and for programs without coroutines. Patient.
  template <class T>
  Result<T> RunHere(const std::function<Result<T>(Database&)>& work) {
    return Guarded(work);
  }

  mongo::Health health() const;
  const std::string& database() const { return url_.database; }
  const std::string& hosts() const { return url_.hosts; }
  // `text` without the password.
  std::string Clean(std::string text) const;
  // Finishes what is queued and ends the threads. Later calls are refused.
  void Stop();

 private:
  struct FreePool {
    void operator()(mongoc_client_pool_t* pool) const { mongoc_client_pool_destroy(pool); }
  };
  // A client taken from the pool, given back at the end.
  class Taken {
   public:
    explicit Taken(mongoc_client_pool_t* pool)
        : pool_(pool), client_(mongoc_client_pool_pop(pool)) {}
    ~Taken() { mongoc_client_pool_push(pool_, client_); }
    Taken(const Taken&) = delete;
    Taken& operator=(const Taken&) = delete;
    mongoc_client_t* client() const { return client_; }

   private:
    mongoc_client_pool_t* pool_;
    mongoc_client_t* client_;
  };

  Pool(MongoUrl url, PoolOptions options, const Clock& clock);
  Result<void> Connect();

  template <class T>
  Task<Result<T>> On(boost::asio::thread_pool& threads, std::function<Result<T>(Database&)> work) {
    if (std::optional<Error> refusal = Refusal()) co_return Fail(*std::move(refusal));
    // One more is queued from here on; the job itself counts it off.
    queued_.fetch_add(1, std::memory_order_relaxed);
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                   void(Result<T>)>(
        [this, &threads, &work](auto handler) {
          using Handler = decltype(handler);
          // Our copy counts no work: it ends after the answer, when its context may be gone.
          auto executor = boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                              boost::asio::execution::outstanding_work.untracked);
          // Keeps the executor's run() from returning meanwhile.
          auto busy =
              boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked);
          boost::asio::post(threads, Job<T, Handler, decltype(executor), decltype(busy)>{
                                         this, std::move(work), std::move(handler),
                                         std::move(executor), std::move(busy)});
        },
        boost::asio::use_awaitable);
  }

  template <class T, class Handler, class Executor, class Busy>
  struct Job {
    Pool* pool;
    std::function<Result<T>(Database&)> work;
    Handler handler;
    Executor executor;
    Busy busy;

    void operator()() {
      pool->queued_.fetch_sub(1, std::memory_order_relaxed);
      Result<T> result = pool->Guarded(work);
      work = nullptr;
      // Posting goes on for a moment with what belongs to the executor, which may be gone as soon
      // as the coroutine goes on: it waits until our thread has let go.
      const auto handing_over = std::make_shared<std::mutex>();
      const std::lock_guard lock(*handing_over);
      boost::asio::post(executor, [handing_over, result = std::move(result),
                                   handler = std::move(handler), busy = std::move(busy)]() mutable {
        { const std::lock_guard wait(*handing_over); }
        std::move(handler)(std::move(result));
      });
    }
  };

  template <class T>
  Result<T> Guarded(const std::function<Result<T>(Database&)>& work) {
    const Taken taken(pool_.get());
    Database database(taken.client(), url_.database, clock_);
    try {
      Result<T> result = work(database);
      Note(database, /*failing=*/!result && database.saw_outage());
      return result;
    } catch (const std::exception& exception) {
      return Fail(Bug(exception));
    }
  }

  // Why a call is not even begun.
  std::optional<Error> Refusal() const;
  void Note(const Database& database, bool failing);
  Error Bug(const std::exception& exception) const;
  void SetPrimary(bool there);
  void Turn(bool up);
  static void OnTopology(const mongoc_apm_topology_changed_t* event);
  static void OnCommand(const mongoc_apm_command_started_t* event);

  const MongoUrl url_;
  const PoolOptions options_;
  const Clock& clock_;
  std::unique_ptr<mongoc_client_pool_t, FreePool> pool_;
  std::atomic<int> queued_{0};
  std::atomic<bool> stopped_{false};

  mutable std::mutex health_mutex_;
  bool primary_ = false;     // a server takes writes, as the driver's monitors see it
  Millis primary_since_{0};  // steady
  bool failing_ = false;     // the last call that asked a server failed because of it
  Health health_;
  bool was_up_ = false;

  boost::asio::thread_pool threads_;
  boost::asio::thread_pool lane_{1};
};

}  // namespace popradio::mongo
