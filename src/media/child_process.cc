#include "media/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

extern char** environ;

namespace popradio::media {
namespace {

// How often the child is looked at although nothing was written: bounds the delay after its end
// when a grandchild keeps the pipes open.
constexpr int kGlanceMs = 50;

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { Close(); }
  void Reset(int fd) {
    Close();
    fd_ = fd;
  }
  void Close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Pipe {
  Fd read, write;
  bool Open() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) return false;
    read.Reset(fds[0]);
    write.Reset(fds[1]);
    return ::fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0;
  }
};

std::string NotInstalled(const std::string& program) {
  if (program == "ffmpeg" || program == "ffprobe")
    return program + " is not installed: apt-get install ffmpeg";
  return program + " is not installed";
}

// Kills and reaps on every way out; a child is never left behind.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    Reap(0);
  }
  bool Reap(int options) {
    int status = 0;
    pid_t got;
    do {
      got = ::waitpid(pid_, &status, options);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    pid_ = 0;
    code_ = got < 0 ? 255 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
  }
  int code() const { return code_; }

 private:
  pid_t pid_;
  int code_ = 255;
};

tl::unexpected<Error> NoProcess(const std::string& program, int error) {
  return Fail(ErrorCode::kUnavailable, "cannot start " + program + ": " + std::strerror(error));
}

}  // namespace

Result<ChildOutput> RunChild(const Clock& clock, const std::vector<std::string>& argv,
                             const ChildLimits& limits,
                             const std::function<void(std::string_view)>& on_output) {
  const std::string& program = argv.at(0);
  Pipe out, errors;
  if (!out.Open() || !errors.Open()) return NoProcess(program, errno);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, errors.write.get(), 2);
  // The parent may have blocked or ignored signals for its own reasons; the child starts clean. A
  // group of its own, so that Ctrl-C reaches the program that was typed and not the file in hand.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int spawned =
      ::posix_spawnp(&pid, program.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (spawned == ENOENT) return Fail(ErrorCode::kUnavailable, NotInstalled(program));
  if (spawned != 0) return NoProcess(program, spawned);
  Child child(pid);
  out.write.Close();
  errors.write.Close();

  ChildOutput result;
  std::size_t seen = 0;
  char buffer[16 * 1024];
  // Reads what is there. False at the end of the stream.
  const auto drain = [&](int fd, auto&& take) {
    for (;;) {
      const ssize_t got = ::read(fd, buffer, sizeof buffer);
      if (got > 0) {
        take(std::string_view(buffer, static_cast<std::size_t>(got)));
      } else if (got == 0) {
        return false;
      } else if (errno != EINTR) {
        return errno == EAGAIN;
      }
      if (seen > limits.max_output_bytes) return true;
    }
  };
  const auto take_output = [&](std::string_view piece) {
    seen += piece.size();
    if (on_output) {
      on_output(piece);
    } else if (seen <= limits.max_output_bytes) {
      result.out.append(piece);
    }
  };
  const auto take_errors = [&](std::string_view piece) {
    result.errors.append(piece);
    if (result.errors.size() > 2 * kMaxErrorBytes)
      result.errors.erase(0, result.errors.size() - kMaxErrorBytes);
  };

  const Millis give_up = clock.Steady() + limits.deadline;
  bool out_open = true, errors_open = true, ended = false;
  while (out_open || errors_open || !ended) {
    const Millis left = give_up - clock.Steady();
    if (left.count() <= 0) {
      return Fail(ErrorCode::kUnavailable, program + " did not finish within " +
                                               std::to_string(limits.deadline.count() / 1000) +
                                               " s");
    }
    pollfd fds[2] = {{out_open ? out.read.get() : -1, POLLIN, 0},
                     {errors_open ? errors.read.get() : -1, POLLIN, 0}};
    // With both pipes closed only the end is awaited, which comes at once.
    const int wait_ms = out_open || errors_open ? kGlanceMs : 1;
    ::poll(fds, 2, static_cast<int>(std::min<std::int64_t>(wait_ms, left.count())));
    const bool was_ended = ended;
    if (!ended) ended = child.Reap(WNOHANG);
    if (out_open) out_open = drain(out.read.get(), take_output);
    if (errors_open) errors_open = drain(errors.read.get(), take_errors);
    if (seen > limits.max_output_bytes) {
      return Fail(ErrorCode::kUnavailable, program + " wrote more than " +
                                               std::to_string(limits.max_output_bytes) + " bytes");
    }
    // Everything the child wrote has been read by now; pipes that a grandchild holds are not waited
    // for.
    if (was_ended) break;
  }
  if (result.errors.size() > kMaxErrorBytes)
    result.errors.erase(0, result.errors.size() - kMaxErrorBytes);
  result.exit_code = child.code();
  return result;
}

}  // namespace popradio::media
