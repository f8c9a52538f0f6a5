// A crowd of listeners: joins event streams, holds them, and takes the time at which each of them
// hears a marked event: when the kernel had it for the listener's socket (its receive timestamp),
// and when this program, which stands for all their machines at once, had read it.
//
//   listeners_client --port P --listeners N [--path /v1/radio/events] [--rate 6000] [--seconds 300]
//
// Several processes hold the streams, so that each stays below the descriptor limit, from the
// addresses 127.0.0.2 to 127.0.0.9. The first process talks to whoever started it, in lines:
//   it prints   {"joined":…,"failed":…,"seconds":…}    when everybody has its opening state
//   it reads    publish PATH BODY                      BODY has one %, which becomes the mark
//   it prints   {"status":…,"answer_ms":…,"sent_to_last_ms":…,…}
//               when the last listener has it, or after kEventPatience
//   it reads    state, and prints {"listening":…,"lost":…}
// and ends with its input, and in any case after --seconds.
#include <fcntl.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <memory>
#include <new>

#include "bench/load_client.h"

namespace popradio::bench {
namespace {

constexpr int kMaxPerProcess = 17'000;  // below the 20,000 descriptors that a process may have here
constexpr int kMaxProcesses = 64;
constexpr int kMaxEvents = 256;
constexpr int kFirstSource = 2, kSources = 8;
// Streams that a process is opening at one time: who joins slower than the rate is not pushed.
constexpr int kMaxOpening = 256;
constexpr int kReadyBatch = 512;
// A process that waits is woken for every event, at the server's cost: a hundred thousand times
// what a hundred thousand machines would each do for themselves. So it sleeps and then takes what
// is there. It is read late by up to this.
constexpr int kNapUs = 4'000;
constexpr std::size_t kControlBuffer = 128;  // for one timestamp
constexpr std::size_t kReadBuffer = 64 * 1024;
constexpr std::int64_t kJoinPatience = 150 * kSecond;
constexpr std::int64_t kEventPatience = 20 * kSecond;
// The last event of a stream's opening state.
constexpr std::string_view kOpeningEnd = "event: serverTime";

struct Options {
  int port = 0;
  int listeners = 0;
  int rate = 6'000;  // streams opened in a second, by all
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
  Crowd(const Options& options, Report& report, Arrival* arrivals, int first, int count, int rate)
      : options_(options),
        report_(report),
        arrivals_(arrivals),
        first_(first),
        rate_(rate),
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
      const int patience_ms = opened_ < streams_.size() ? 2 : 1000;
      const int count = ::epoll_wait(epoll_, ready.data(), kReadyBatch, patience_ms);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = ready[static_cast<std::size_t>(i)];
        OnReady(event.data.u32, event.events);
      }
      if (opening_ == 0 && count < kReadyBatch) ::usleep(kNapUs);
    }
  }

 private:
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
  Report& report_;
  Arrival* arrivals_;
  int first_;  // number of this process's first listener among all
  int rate_;
  const std::int64_t real_time_ahead_;  // of Now()
  std::int64_t received_ = 0;           // what is being looked at
  int epoll_;
  std::vector<Stream> streams_;
  std::unique_ptr<char[]> buffer_;
  std::size_t opened_ = 0;
  int opening_ = 0;
};

// The first process's side.
class Conductor {
 public:
  Conductor(const Options& options, Shared& shared, const Arrival* arrivals, int processes)
      : options_(options), shared_(shared), arrivals_(arrivals), processes_(processes) {}

  void AwaitJoined() {
    const std::int64_t began = Now();
    while (Sum(&Report::joined) + Sum(&Report::failed) < options_.listeners &&
           Now() - began < kJoinPatience) {
      ::usleep(1000);
    }
    std::printf("{\"joined\":%d,\"failed\":%d,\"seconds\":%.3f,\"processes\":%d}\n",
                Sum(&Report::joined), options_.listeners - Sum(&Report::joined),
                static_cast<double>(Now() - began) / 1e9, processes_);
  }

  void State() {
    const int lost = Sum(&Report::lost);
    std::printf("{\"listening\":%d,\"lost\":%d}\n", Sum(&Report::joined) - lost, lost);
  }

  void Publish(const std::string& path, std::string body) {
    if (events_ == kMaxEvents) Die("too many events");
    const int mark = events_++;
    if (const std::size_t at = body.find('%'); at != std::string::npos) {
      body.replace(at, 1, "#m" + std::to_string(mark) + ";");
    }
    const std::string request =
        "POST " + path +
        " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "X-Session-Id: 6f1c2a8e-3b7d-4c11-9d3e-5a1f0c9b7e21\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    if (publisher_ < 0) Connect();  // once: the time to connect is not what is measured
    const std::int64_t sent = Now();
    if (::send(publisher_, request.data(), request.size(), MSG_NOSIGNAL) < 0) Die("publish");
    std::string text;
    Answer answer;
    while (answer.length == 0) {
      char part[4096];
      const ssize_t n = ::recv(publisher_, part, sizeof part, 0);
      if (n <= 0) Die("the answer to a publish");
      text.append(part, static_cast<std::size_t>(n));
      answer = ReadAnswer(text);
    }
    const std::int64_t answered = Now();
    const auto heard = [&] {
      int sum = 0;
      for (int i = 0; i < processes_; ++i) {
        sum +=
            shared_.reports[static_cast<std::size_t>(i)].heard[static_cast<std::size_t>(mark)].load(
                std::memory_order_acquire);
      }
      return sum;
    };
    const int listening = Sum(&Report::joined) - Sum(&Report::lost);
    while (heard() < listening && Now() - answered < kEventPatience) ::usleep(1000);

    std::vector<std::int64_t> times, read;
    for (int i = 0; i < options_.listeners; ++i) {
      const Arrival& arrival =
          arrivals_[static_cast<std::size_t>(mark) * static_cast<std::size_t>(options_.listeners) +
                    static_cast<std::size_t>(i)];
      const std::int64_t read_at = arrival.read.load(std::memory_order_relaxed);
      if (read_at == 0) continue;
      const std::int64_t received_at = arrival.received.load(std::memory_order_relaxed);
      read.push_back(read_at - answered);
      times.push_back((received_at != 0 ? received_at : read_at) - answered);
    }
    std::sort(times.begin(), times.end());
    std::sort(read.begin(), read.end());
    std::printf(
        "{\"status\":%d,\"listening\":%d,\"heard\":%zu,\"answer_ms\":%.3f,\"first_ms\":%.3f,"
        "\"median_ms\":%.3f,\"p99_ms\":%.3f,\"last_ms\":%.3f,\"sent_to_last_ms\":%.3f,"
        "\"last_read_ms\":%.3f}\n",
        answer.status, listening, times.size(), ToMs(answered - sent), ToMs(Percentile(times, 0)),
        ToMs(Percentile(times, 0.5)), ToMs(Percentile(times, 0.99)), ToMs(Percentile(times, 1)),
        ToMs(Percentile(times, 1) + answered - sent), ToMs(Percentile(read, 1)));
  }

 private:
  int Sum(std::atomic<int> Report::*number) const {
    int sum = 0;
    for (int i = 0; i < processes_; ++i)
      sum += shared_.reports[static_cast<std::size_t>(i)].*number;
    return sum;
  }

  void Connect() {
    publisher_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to = Loopback(1, options_.port);
    const int on = 1;
    ::setsockopt(publisher_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{10, 0};
    ::setsockopt(publisher_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(publisher_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      Die("connect");
    }
  }

  const Options& options_;
  Shared& shared_;
  const Arrival* arrivals_;
  int processes_;
  int publisher_ = -1;
  int events_ = 0;
};

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--path") {
      options.path = argv[i + 1];
      continue;
    }
    int* number = name == "--port"        ? &options.port
                  : name == "--listeners" ? &options.listeners
                  : name == "--rate"      ? &options.rate
                  : name == "--seconds"   ? &options.seconds
                                          : nullptr;
    if (number == nullptr) {
      std::fprintf(stderr, "listeners_client: there is no %s\n", argv[i]);
      std::exit(2);
    }
    *number = std::atoi(argv[i + 1]);
  }
  if (options.port <= 0 || options.rate <= 0 || options.seconds <= 0 || options.listeners <= 0 ||
      options.listeners > kMaxPerProcess * kMaxProcesses) {
    std::fprintf(stderr, "listeners_client: --port and --listeners are needed\n");
    std::exit(2);
  }
  return options;
}

// An anonymous mapping: children that are forked later see the same memory, zero at first.
void* ShareMemory(std::size_t bytes) {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) Die("mmap");
  return memory;
}

int Main(int argc, char** argv) {
  const Options options = Parse(argc, argv);
  RaiseDescriptorLimit();
  std::signal(SIGPIPE, SIG_IGN);
  auto* const shared = new (ShareMemory(sizeof(Shared))) Shared;
  // A mapping is zero at first, and that is what an atomic 0 looks like.
  auto* const arrivals = static_cast<Arrival*>(
      ShareMemory(sizeof(Arrival) * kMaxEvents * static_cast<std::size_t>(options.listeners)));

  const int processes = (options.listeners + kMaxPerProcess - 1) / kMaxPerProcess;
  const pid_t parent = ::getpid();
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const int first =
        static_cast<int>(static_cast<std::int64_t>(options.listeners) * i / processes);
    const int end =
        static_cast<int>(static_cast<std::int64_t>(options.listeners) * (i + 1) / processes);
    const pid_t child = ::fork();
    if (child < 0) Die("fork");
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      ::alarm(static_cast<unsigned>(options.seconds));
      // The work of other machines: it comes after the server's.
      const sched_param none{};
      if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0) Die("sched_setscheduler");
      Crowd(options, shared->reports[static_cast<std::size_t>(i)], arrivals, first, end - first,
            std::max(1, options.rate / processes))
          .Run();
    }
    children.push_back(child);
  }
  ::alarm(static_cast<unsigned>(options.seconds));

  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  Conductor conductor(options, *shared, arrivals, processes);
  conductor.AwaitJoined();
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t path = line.find(' ');
    const std::size_t body = line.find(' ', path + 1);
    if (line == "state") {
      conductor.State();
    } else if (line.starts_with("publish ") && body != std::string::npos) {
      conductor.Publish(line.substr(path + 1, body - path - 1), line.substr(body + 1));
    } else {
      std::fprintf(stderr, "listeners_client: what is \"%s\"?\n", line.c_str());
      break;
    }
  }
  for (const pid_t child : children) ::kill(child, SIGKILL);
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  return 0;
}

}  // namespace
}  // namespace popradio::bench

int main(int argc, char** argv) { return popradio::bench::Main(argc, argv); }
