#include "store/distributed/process_testing.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "base/random.h"

namespace popradio::process_testing {
namespace {

constexpr int kFirstPort = 12'000, kPorts = 10'000;

}  // namespace

bool CanBind(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return free;
}

std::uint16_t FreePort(int also) {
  static SystemRandom random;
  for (int tries = 0; tries < 1000; ++tries) {
    const int port = kFirstPort + static_cast<int>(random.Below(kPorts));
    if (!CanBind(port)) continue;
    if (also == 0 || CanBind(port + also)) return static_cast<std::uint16_t>(port);
  }
  throw std::runtime_error("no free port");
}

pid_t Spawn(const std::vector<std::string>& arguments, const std::string& output) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork failed");
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    const int fd = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(fd, 1);
    ::dup2(fd, 2);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  return pid;
}

std::string RunProgram(const std::vector<std::string>& arguments, Millis limit) {
  const TemporaryFolder folder;
  const std::string output = folder.path() + "/output";
  const pid_t pid = Spawn(arguments, output);
  int status = 0;
  if (!Eventually([&] { return ::waitpid(pid, &status, WNOHANG) == pid; }, limit)) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error(arguments[0] + " failed: " + ReadFile(output));
  }
  return ReadFile(output);
}

char ProcessState(pid_t pid) {
  const std::string stat = ReadFile("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_ends = stat.rfind(") ");
  return name_ends == std::string::npos ? '?' : stat[name_ends + 2];
}

bool Eventually(const std::function<bool()>& done, Millis limit) {
  const SystemClock clock;
  const Millis deadline = clock.Steady() + limit;
  while (!done()) {
    if (clock.Steady() > deadline) return false;
    ::poll(nullptr, 0, 10);
  }
  return true;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace popradio::process_testing
