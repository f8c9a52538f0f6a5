// Mixed API traffic in an open loop: every request has a time at which it ought to be sent, whether
// or not the ones before it are answered, and its latency counts from that time.
//
//   traffic_client --port P --playing ID --songs FILE [--rate 1000] [--seconds 10] [--seed 0]
//
// FILE has one song id on each line. Prints one line of JSON at the end.
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <deque>
#include <fstream>
#include <memory>
#include <random>

#include "bench/load_client.h"

namespace popradio::bench {
namespace {

constexpr int kConnections = 128;
constexpr int kReadyBatch = 128;
constexpr std::uint32_t kSessions = 5'000;        // that ask; they are listeners, too
constexpr std::int64_t kPatience = 10 * kSecond;  // for the last answers
constexpr std::int64_t kShareUnit = 10'000;

enum Kind { kStream, kSongs, kSong, kLike, kComment, kKinds };
constexpr std::array<const char*, kKinds> kNames{"stream", "songs", "song", "like", "comment"};
// Of kShareUnit requests. Half of the likes, and all comments, are for the song that plays, so that
// everybody who listens hears of them.
constexpr std::array<int, kKinds> kShares{6'000, 2'000, 1'495, 500, 5};

struct Options {
  int port = 0;
  int rate = 1'000;
  int seconds = 10;
  std::uint32_t seed = 0;
  std::string playing;
  std::vector<std::string> songs;
};

struct Due {
  std::int64_t at = 0;
  Kind kind = kStream;
};

struct Connection {
  int fd = -1;
  bool busy = false;
  Due due;
  std::string text;
};

class Traffic {
 public:
  explicit Traffic(const Options& options)
      : options_(options), dice_(options.seed), next_like_(options.seed << 20) {}

  int Run() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ < 0) Die("epoll");
    for (Connection& connection : connections_) Connect(connection);
    const std::int64_t total = static_cast<std::int64_t>(options_.rate) * options_.seconds;
    const std::int64_t began = Now();
    const std::int64_t deadline = began + options_.seconds * kSecond + kPatience;
    std::array<epoll_event, kReadyBatch> ready;
    std::int64_t made = 0;
    while (answered_ + errors_ < total && Now() < deadline) {
      for (const std::int64_t now = Now(); made < total; ++made) {
        const std::int64_t at = began + made * kSecond / options_.rate;
        if (at > now) break;
        waiting_.push_back({at, Draw()});
      }
      while (!waiting_.empty() && !idle_.empty()) {
        Connection& connection = *idle_.back();
        idle_.pop_back();
        Send(connection, waiting_.front());
        waiting_.pop_front();
      }
      const std::int64_t next =
          made < total ? began + made * kSecond / options_.rate : Now() + kMillisecond;
      const std::int64_t wait = std::clamp<std::int64_t>(next - Now(), 0, 10 * kMillisecond);
      const timespec patience{0, static_cast<long>(wait)};
      const int count = ::epoll_pwait2(epoll_, ready.data(), kReadyBatch, &patience, nullptr);
      for (int i = 0; i < count; ++i) {
        Read(*static_cast<Connection*>(ready[static_cast<std::size_t>(i)].data.ptr));
      }
    }
    errors_ += total - answered_ - errors_;  // never answered
    Print(total);
    return 0;
  }

 private:
  void Connect(Connection& connection) {
    connection.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to = Loopback(1, options_.port);
    const int on = 1;
    ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(connection.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      Die("connect");
    }
    ::fcntl(connection.fd, F_SETFL, O_NONBLOCK);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) != 0) Die("epoll");
    connection.busy = false;
    connection.text.clear();
    idle_.push_back(&connection);
  }

  Kind Draw() {
    int at = static_cast<int>(dice_() % static_cast<std::uint32_t>(kShareUnit));
    for (int kind = 0; kind < kKinds; ++kind) {
      at -= kShares[static_cast<std::size_t>(kind)];
      if (at < 0) return static_cast<Kind>(kind);
    }
    return kStream;
  }

  const std::string& AnySong() { return options_.songs[dice_() % options_.songs.size()]; }

  std::string Request(Kind kind) {
    auto session = static_cast<std::uint32_t>(dice_() % kSessions);
    std::string line, body;
    switch (kind) {
      case kSongs:
        line = "GET /v1/songs?limit=20";
        break;
      case kSong:
        line = "GET /v1/songs/" + AnySong();
        break;
      case kLike:
        session = next_like_++;  // once per session
        line = "POST /v1/songs/" + (session % 2 == 0 ? options_.playing : AnySong()) + "/like";
        break;
      case kComment:
        line = "POST /v1/songs/" + options_.playing + "/comments";
        body = R"({"text":"This song is so dreamy!"})";
        break;
      case kStream:
      case kKinds:
        line = "GET /v1/radio/stream";
        break;
    }
    std::string request = line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Session-Id: ";
    request += SessionId(session);
    if (line.starts_with("POST")) {
      request += "\r\nContent-Type: application/json\r\nContent-Length: ";
      request += std::to_string(body.size());
    }
    return request + "\r\n\r\n" + body;
  }

  void Send(Connection& connection, const Due& due) {
    connection.busy = true;
    connection.due = due;
    const std::string request = Request(due.kind);
    const std::int64_t now = Now();
    late_.push_back(now - due.at);
    if (::send(connection.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      Fail(connection);
    }
  }

  void Read(Connection& connection) {
    char part[64 * 1024];
    const ssize_t n = ::recv(connection.fd, part, sizeof part, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0 || !connection.busy) return Fail(connection);
    connection.text.append(part, static_cast<std::size_t>(n));
    const Answer answer = ReadAnswer(connection.text);
    if (answer.length == 0) return;
    if (answer.status >= 200 && answer.status < 300) {
      latencies_[connection.due.kind].push_back(Now() - connection.due.at);
      ++answered_;
    } else {
      if (errors_++ == 0) {
        std::fprintf(stderr, "traffic_client: %s was answered %s\n", kNames[connection.due.kind],
                     connection.text.substr(0, 400).c_str());
      }
    }
    connection.busy = false;
    connection.text.clear();
    idle_.push_back(&connection);
  }

  // The connection has ended, which the server may only do while nothing is asked.
  void Fail(Connection& connection) {
    if (connection.busy) ++errors_;
    ::close(connection.fd);
    std::erase(idle_, &connection);
    Connect(connection);
  }

  void Print(std::int64_t total) {
    std::vector<std::int64_t> all;
    std::printf("{\"requests\":%lld,\"errors\":%lld,\"kinds\":{", static_cast<long long>(total),
                static_cast<long long>(errors_));
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      std::vector<std::int64_t>& one = latencies_[kind];
      all.insert(all.end(), one.begin(), one.end());
      std::printf("%s\"%s\":", kind == 0 ? "" : ",", kNames[kind]);
      PrintLatencies(one);
    }
    std::printf("},\"all\":");
    PrintLatencies(all);
    // How late this process itself was, which is a part of the latencies.
    std::printf(",\"late\":");
    PrintLatencies(late_);
    std::printf("}\n");
  }

  static void PrintLatencies(std::vector<std::int64_t>& times) {
    std::sort(times.begin(), times.end());
    std::printf("{\"count\":%zu,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f}",
                times.size(), ToMs(Percentile(times, 0.5)), ToMs(Percentile(times, 0.99)),
                ToMs(Percentile(times, 0.999)), ToMs(Percentile(times, 1)));
  }

  const Options& options_;
  std::mt19937 dice_;
  std::uint32_t next_like_;
  int epoll_ = -1;
  std::array<Connection, kConnections> connections_;
  std::vector<Connection*> idle_;
  std::deque<Due> waiting_;
  std::array<std::vector<std::int64_t>, kKinds> latencies_;
  std::vector<std::int64_t> late_;
  std::int64_t answered_ = 0;
  std::int64_t errors_ = 0;
};

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* const value = argv[i + 1];
    if (name == "--port") {
      options.port = std::atoi(value);
    } else if (name == "--rate") {
      options.rate = std::atoi(value);
    } else if (name == "--seconds") {
      options.seconds = std::atoi(value);
    } else if (name == "--seed") {
      options.seed = static_cast<std::uint32_t>(std::atoi(value));
    } else if (name == "--playing") {
      options.playing = value;
    } else if (name == "--songs") {
      std::ifstream file(value);
      for (std::string line; std::getline(file, line);) options.songs.push_back(line);
    } else {
      std::fprintf(stderr, "traffic_client: there is no %s\n", argv[i]);
      std::exit(2);
    }
  }
  if (options.port <= 0 || options.rate <= 0 || options.seconds <= 0 || options.songs.empty() ||
      options.playing.empty()) {
    std::fprintf(stderr, "traffic_client: --port, --playing and --songs are needed\n");
    std::exit(2);
  }
  return options;
}

}  // namespace
}  // namespace popradio::bench

int main(int argc, char** argv) {
  const auto options = popradio::bench::Parse(argc, argv);
  popradio::bench::RaiseDescriptorLimit();
  std::signal(SIGPIPE, SIG_IGN);
  ::alarm(static_cast<unsigned>(options.seconds) + 30);
  return popradio::bench::Traffic(options).Run();
}
