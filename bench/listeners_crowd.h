#pragma once

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>

#include "bench/load_client.h"

// The listeners of `listeners_client`: a process of it holds one Crowd.
namespace popradio::bench {

inline constexpr int kMaxPerProcess =
    17'000;  // below the 20,000 descriptors that a process may have here
inline constexpr int kMaxProcesses = 64;
inline constexpr int kMaxEvents = 256;
inline constexpr int kFirstSource = 2, kSources = 8;
// Streams that a process is opening at one time: who joins slower than the rate is not pushed.
inline constexpr int kMaxOpening = 256;
inline constexpr int kReadyBatch = 512;
// How often those who are no witnesses look at their sockets. Waking them for every event would be
// at the server's cost: the kernel does it within the server's send().
inline constexpr int kLookEveryUs = 1'000'000;
inline constexpr std::size_t kControlBuffer = 128;  // for one timestamp
inline constexpr std::size_t kReadBuffer = 64 * 1024;
inline constexpr std::int64_t kJoinPatience = 150 * kSecond;
inline constexpr std::int64_t kEventPatience = 20 * kSecond;
// The last event of a stream's opening state.
inline constexpr std::string_view kOpeningEnd = "event: serverTime";

struct Options {
  int port = 0;
  int listeners = 0;
  int witnesses = 0;  // among the listeners
  int rate = 6'000;   // streams opened in a second, by all
  int seconds = 300;
  std::string path = "/v1/radio/events";
};

// What a process tells the first one.
struct alignas(64) Report {
  std::atomic<int> joined{0};
  std::atomic<int> failed{0};
  std::atomic<int> lost{0};  // had joined, and was closed by the server
  std::array<std::atomic<int>, kMaxEvents> heard{};
};

// When an event was there for a listener, nanoseconds of Now(); 0: not yet.
struct Arrival {
  std::atomic<std::int64_t> received{0};  // by the kernel
  std::atomic<std::int64_t> read{0};      // by this program
};

// In memory that all processes share. Behind it stand the arrivals: kMaxEvents times listeners.
struct Shared {
  std::array<Report, kMaxProcesses> reports;
};

struct Stream {
  enum class Phase : std::uint8_t { kConnecting, kHead, kOpening, kListening, kClosed };
  int fd = -1;
  Phase phase = Phase::kConnecting;
  // How much of "#m<number>;" was seen, also when it is spread over two reads.
  std::uint8_t mark_seen = 0;
  std::uint16_t mark = 0;
};

// The streams of one process.
class Crowd {
 public:
  Crowd(const Options& options, Report& report, Arrival* arrivals, int first, int count,
        bool witnesses)
      : options_(options),
        witnesses_(witnesses),
        report_(report),
        arrivals_(arrivals),
        first_(first),
        // So that all processes are done at the same time, and every listener's neighbours in the
        // server's list are anybody's.
        rate_(std::max<std::int64_t>(1, std::int64_t{options.rate} * count / options.listeners)),
        real_time_ahead_(Now(CLOCK_REALTIME) - Now()),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        streams_(static_cast<std::size_t>(count)),
        buffer_(std::make_unique<char[]>(kReadBuffer)) {
    if (epoll_ < 0) Die("epoll");
  }

  [[noreturn]] void Run() {
    const std::int64_t began = Now();
    std::array<epoll_event, kReadyBatch> ready;
    for (;;) {
      const std::int64_t due = (Now() - began) * rate_ / kSecond;
      while (opened_ < streams_.size() && static_cast<std::int64_t>(opened_) < due &&
             opening_ < kMaxOpening) {
        Open(opened_++);
      }
      if (!witnesses_ && opened_ == streams_.size() && opening_ == 0) LookAround();
      const int patience_ms = opened_ < streams_.size() ? 2 : 1000;
      const int count = ::epoll_wait(epoll_, ready.data(), kReadyBatch, patience_ms);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = ready[static_cast<std::size_t>(i)];
        OnReady(event.data.u32, event.events);
      }
    }
  }

 private:
  // Everybody has joined: from now on nobody waits.
  [[noreturn]] void LookAround() {
    for (;;) {
      ::usleep(kLookEveryUs);
      for (std::uint32_t index = 0; index < streams_.size(); ++index) {
        Stream& stream = streams_[index];
        if (stream.phase == Stream::Phase::kListening && !Read(stream, index)) Close(stream);
      }
    }
  }

  void Open(std::size_t index) {
    Stream& stream = streams_[index];
    ++opening_;
    stream.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (stream.fd < 0) return Close(stream);
    const int on = 1;
    ::setsockopt(stream.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    // Leaves without a TIME_WAIT that the next run would meet.
    const linger abort{1, 0};
    ::setsockopt(stream.fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    ::setsockopt(stream.fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    const sockaddr_in from = Loopback(kFirstSource + static_cast<int>(index % kSources), 0);
    const sockaddr_in to = Loopback(1, options_.port);
    if (::bind(stream.fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
      return Close(stream);
    }
    if (::connect(stream.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
        errno != EINPROGRESS) {
      return Close(stream);
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u32 = static_cast<std::uint32_t>(index);
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, stream.fd, &event) != 0) Close(stream);
  }

  void OnReady(std::uint32_t index, std::uint32_t events) {
    Stream& stream = streams_[index];
    if (stream.phase == Stream::Phase::kClosed) return;
    if (stream.phase == Stream::Phase::kConnecting && (events & EPOLLOUT) != 0) Ask(stream, index);
    if ((events & EPOLLIN) != 0 && !Read(stream, index)) return Close(stream);
    if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) Close(stream);
  }

  void Ask(Stream& stream, std::uint32_t index) {
    const std::string request = "GET " + options_.path +
                                " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
                                "X-Session-Id: " +
                                SessionId(static_cast<std::uint32_t>(first_) + index) + "\r\n\r\n";
    stream.phase = Stream::Phase::kHead;
    if (::send(stream.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      Close(stream);
    }
  }

  // False when the stream has ended.
  bool Read(Stream& stream, std::uint32_t index) {
    for (;;) {
      alignas(cmsghdr) char control[kControlBuffer];
      iovec place{buffer_.get(), kReadBuffer};
      msghdr message{};
      message.msg_iov = &place;
      message.msg_iovlen = 1;
      message.msg_control = control;
      message.msg_controllen = sizeof control;
      const ssize_t n = ::recvmsg(stream.fd, &message, MSG_DONTWAIT);
      if (n < 0) return errno == EAGAIN || errno == EINTR;
      if (n == 0) return false;
      const std::string_view text(buffer_.get(), static_cast<std::size_t>(n));
      if (stream.phase == Stream::Phase::kListening) {
        received_ = ReceivedAt(message);
        FindMark(stream, index, text);
      } else if (!ReadOpening(stream, text)) {
        return false;
      }
      // Edge-triggered: what comes after a read that was not full is reported again.
      if (text.size() < kReadBuffer) return true;
    }
  }

  // When the kernel had what was just read; 0 when it does not say.
  std::int64_t ReceivedAt(msghdr& message) const {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_TIMESTAMPNS) continue;
      timespec at{};
      std::memcpy(&at, CMSG_DATA(part), sizeof at);
      return at.tv_sec * kSecond + at.tv_nsec - real_time_ahead_;
    }
    return 0;
  }

  bool ReadOpening(Stream& stream, std::string_view text) {
    if (stream.phase == Stream::Phase::kHead) {
      if (!text.starts_with("HTTP/1.1 200")) return false;
      stream.phase = Stream::Phase::kOpening;
    }
    // A station writes the opening state in one piece; were it cut within this word, the stream
    // would never count as joined, and the run would say so.
    if (text.find(kOpeningEnd) == std::string_view::npos) return true;
    stream.phase = Stream::Phase::kListening;
    if (!witnesses_) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, stream.fd, nullptr);
    --opening_;
    report_.joined.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

  void FindMark(Stream& stream, std::uint32_t index, std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
      if (stream.mark_seen == 0) {
        at = static_cast<const char*>(std::memchr(at, '#', static_cast<std::size_t>(end - at)));
        if (at == nullptr) return;
        stream.mark_seen = 1;
        stream.mark = 0;
      } else if (stream.mark_seen == 1) {
        stream.mark_seen = *at == 'm' ? 2 : 0;
      } else if (*at >= '0' && *at <= '9') {
        stream.mark = static_cast<std::uint16_t>(stream.mark * 10 + (*at - '0'));
      } else {
        if (*at == ';' && stream.mark < kMaxEvents) Hear(stream.mark, index);
        stream.mark_seen = 0;
      }
      ++at;
    }
  }

  void Hear(std::uint16_t mark, std::uint32_t index) {
    auto& arrival =
        arrivals_[static_cast<std::size_t>(mark) * static_cast<std::size_t>(options_.listeners) +
                  static_cast<std::size_t>(first_) + index];
    if (arrival.read.load(std::memory_order_relaxed) != 0) return;
    arrival.received.store(received_, std::memory_order_relaxed);
    arrival.read.store(Now(), std::memory_order_relaxed);
    report_.heard[mark].fetch_add(1, std::memory_order_release);
  }

  void Close(Stream& stream) {
    if (stream.phase == Stream::Phase::kListening) {
      report_.lost.fetch_add(1, std::memory_order_relaxed);
    } else {
      --opening_;
      report_.failed.fetch_add(1, std::memory_order_relaxed);
    }
    if (stream.fd >= 0) ::close(stream.fd);
    stream.phase = Stream::Phase::kClosed;
  }

  const Options& options_;
  const bool witnesses_;
  Report& report_;
  Arrival* arrivals_;
  int first_;  // number of this process's first listener among all
  std::int64_t rate_;
  const std::int64_t real_time_ahead_;  // of Now()
  std::int64_t received_ = 0;           // what is being looked at
  int epoll_;
  std::vector<Stream> streams_;
  std::unique_ptr<char[]> buffer_;
  std::size_t opened_ = 0;
  int opening_ = 0;
};

}  // namespace popradio::bench
