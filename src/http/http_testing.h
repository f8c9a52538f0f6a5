#pragma once

#include <atomic>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "http/request.h"

namespace popradio::http {

// A clock that stands still until a test moves it. Thread-safe.
class ManualClock final : public Clock {
 public:
  Instant Now() const override { return FromEpochMs(784111777000 + ms_.load()); }
  Millis Steady() const override { return Millis(ms_.load()); }
  void Advance(Millis by) { ms_ += by.count(); }

 private:
  std::atomic<std::int64_t> ms_{1000};
};

// A request as the parser would hand it on; the texts must outlive it.
Request MakeRequest(Method method, std::initializer_list<HeaderField> fields = {});

// One answer as a client reads it.
struct Answer {
  int status = 0;  // 0: the connection ended before a whole answer
  std::string head;
  std::string body;
  // The value of the first field of that name, empty if there is none.
  std::string Field(std::string_view name) const;
};

// A client over a plain blocking socket, to say exactly what a test wants said. Every wait ends
// after ten seconds, which no passing test comes near.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return fd_ >= 0; }
  void Send(std::string_view bytes);
  void FinishSending();  // shuts down its sending side
  // Reads one answer, to its Content-Length; of a HEAD, or a 1xx, 204 or 304, the head only.
  Answer Read(bool head_only = false);
  // Everything to the end of the connection.
  std::string ReadAll();
  // Whether the server has ended the connection, waiting at most `wait` for it.
  bool ClosedWithin(std::chrono::milliseconds wait);
  int fd() const { return fd_; }

 private:
  bool Fill();  // false at the end
  int fd_ = -1;
  std::string buffer_;
};

}  // namespace popradio::http
