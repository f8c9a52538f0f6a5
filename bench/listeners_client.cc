// A crowd of listeners: joins event streams, holds them, and takes the time at which each of them
// hears a marked event. Most of them stand for other machines, so they ask nothing of this one:
// they look at their sockets once a second, when no one else wants the core, and what counts is
// when the kernel had the event for them (its receive timestamp). Where several events wait in a
// socket the kernel tells the time of the last one only; so some of the listeners, spread evenly
// among all, are witnesses: they read at once, like a client on a machine of its own.
//
//   listeners_client --port P --listeners N [--witnesses W] [--path /v1/radio/events] [--rate 6000]
//                    [--seconds 300]
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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <new>

#include "bench/listeners_crowd.h"

namespace popradio::bench {
namespace {

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

    std::vector<std::int64_t> times, witnessed;
    for (int i = 0; i < options_.listeners; ++i) {
      const Arrival& arrival =
          arrivals_[static_cast<std::size_t>(mark) * static_cast<std::size_t>(options_.listeners) +
                    static_cast<std::size_t>(i)];
      const std::int64_t read_at = arrival.read.load(std::memory_order_relaxed);
      if (read_at == 0) continue;
      const std::int64_t received_at = arrival.received.load(std::memory_order_relaxed);
      if (i < options_.witnesses) witnessed.push_back(read_at - answered);
      times.push_back((received_at != 0 ? received_at : read_at) - answered);
    }
    std::sort(times.begin(), times.end());
    std::sort(witnessed.begin(), witnessed.end());
    std::printf(
        "{\"status\":%d,\"listening\":%d,\"heard\":%zu,\"answer_ms\":%.3f,\"first_ms\":%.3f,"
        "\"median_ms\":%.3f,\"p99_ms\":%.3f,\"last_ms\":%.3f,\"sent_to_last_ms\":%.3f,"
        "\"witnessed_median_ms\":%.3f,\"witnessed_last_ms\":%.3f}\n",
        answer.status, listening, times.size(), ToMs(answered - sent), ToMs(Percentile(times, 0)),
        ToMs(Percentile(times, 0.5)), ToMs(Percentile(times, 0.99)), ToMs(Percentile(times, 1)),
        ToMs(Percentile(times, 1) + answered - sent), ToMs(Percentile(witnessed, 0.5)),
        ToMs(Percentile(witnessed, 1)));
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
                  : name == "--witnesses" ? &options.witnesses
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
      options.witnesses < 0 || options.witnesses > std::min(options.listeners, kMaxPerProcess) ||
      options.listeners > kMaxPerProcess * (kMaxProcesses - 1)) {
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

  // The witnesses are the first listeners by number, and have a process of their own.
  const int crowd = options.listeners - options.witnesses;
  const int crowds = (crowd + kMaxPerProcess - 1) / kMaxPerProcess;
  std::vector<int> firsts;
  if (options.witnesses > 0) firsts.push_back(0);
  for (int i = 0; i < crowds; ++i) {
    firsts.push_back(options.witnesses +
                     static_cast<int>(static_cast<std::int64_t>(crowd) * i / crowds));
  }
  const int processes = static_cast<int>(firsts.size());
  firsts.push_back(options.listeners);
  const pid_t parent = ::getpid();
  std::vector<pid_t> children;
  for (std::size_t i = 0; i + 1 < firsts.size(); ++i) {
    const pid_t child = ::fork();
    if (child < 0) Die("fork");
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      ::alarm(static_cast<unsigned>(options.seconds));
      const bool witnesses = firsts[i] < options.witnesses;
      // The work of other machines: it comes after the server's.
      const sched_param none{};
      if (!witnesses && ::sched_setscheduler(0, SCHED_IDLE, &none) != 0) Die("sched_setscheduler");
      Crowd(options, shared->reports[i], arrivals, firsts[i], firsts[i + 1] - firsts[i], witnesses)
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
