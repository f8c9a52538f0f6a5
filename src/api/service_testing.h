#pragma once

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/service.h"

namespace popradio::api {

// A clock that stands until a test moves it. Thread-safe.
class TestClock final : public Clock {
 public:
  Instant Now() const override { return FromEpochMs(now_ms_.load()); }
  Millis Steady() const override { return Millis(now_ms_.load() - kStart); }
  void Advance(Millis by) { now_ms_ += by.count(); }

 private:
  static constexpr std::int64_t kStart = 1'770'114'300'000;  // 2026-02-03T10:25:00.000Z
  std::atomic<std::int64_t> now_ms_{kStart};
};

// Songs and playlists of tests: song 1 is the document's Love Story.
ObjectId SongIdOf(int n);
ObjectId PlaylistIdOf(int n);
Song MakeSong(int n);
std::vector<Song> MakeSongs(int count);  // of 1 to count
Playlist MakePlaylist(int n, std::vector<ObjectId> songs);
SessionId MakeSession(int n);

// What came back.
struct Answer {
  int status = 0;
  std::string head;  // header lines
  std::string body;

  std::string Header(std::string_view name) const;
  boost::json::value Json() const;  // fails the test when it is none
  boost::json::value Data() const;  // "data" of the envelope
  std::string Code() const;         // "code" of a failure
  std::string Sentence() const;     // "error" of a failure
};

// The whole service on the real embedded stores in a folder of its own; requests are handed to it
// without sockets, and time stands still unless a test moves it.
class TestStation {
 public:
  explicit TestStation(std::vector<Song> songs = {}, std::vector<Playlist> playlists = {},
                       ServiceOptions options = {});
  ~TestStation();

  struct Ask {
    std::string_view method = "GET";
    std::string target = "/v1/songs";
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    std::string peer = "203.0.113.7";
  };
  Answer Send(const Ask& ask);
  Answer Get(std::string target, std::optional<SessionId> session = std::nullopt);
  Answer Post(std::string target, std::optional<SessionId> session = std::nullopt,
              std::string body = "");
  Answer Delete(std::string target, std::optional<SessionId> session = std::nullopt);
  // With the curator's token.
  Answer Curate(std::string_view method, std::string target, std::string body = "");

  template <class T>
  T Run(Task<T> task) {
    std::optional<T> result;
    std::exception_ptr failure;
    bool done = false;
    boost::asio::co_spawn(context_, std::move(task), [&](std::exception_ptr e, T value) {
      failure = e;
      result = std::move(value);
      done = true;
    });
    while (!done) context_.run_one();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }

  TestClock& clock() { return clock_; }
  store::Backend& backend() { return *backend_; }
  realtime::Conductor& conductor() { return *conductor_; }
  Service& service() { return *service_; }
  const std::filesystem::path& folder() const { return folder_; }

  static constexpr std::string_view kToken = "the-curators-token";

 private:
  TestClock clock_;
  SystemRandom random_;
  std::filesystem::path folder_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  std::unique_ptr<store::Backend> backend_;
  std::unique_ptr<realtime::Conductor> conductor_;
  http::StaticFiles pages_;
  std::unique_ptr<Service> service_;
};

}  // namespace popradio::api
