#include "app/control.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/log.h"

namespace popradio::app {
namespace {

namespace json = boost::json;

// One frame on the socket: a kind, the length of the payload (little endian), the payload.
enum class Frame : char { kCall = 'c', kOut = 'o', kErr = 'e', kExit = 'x' };
constexpr std::uint32_t kMaxFrame = 1 << 20;
constexpr int kPollMs = 200;
constexpr std::size_t kMaxCalls = 16;

// The socket's address, by way of the folder's descriptor: a Unix socket's path may have 107
// characters, the path of a data folder may be longer.
class SocketPlace {
 public:
  explicit SocketPlace(const std::string& data_dir)
      : folder_(::open(data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address_.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(folder_) + "/control.sock";
    std::memcpy(address_.sun_path, path.c_str(), path.size() + 1);
  }
  ~SocketPlace() {
    if (folder_ >= 0) ::close(folder_);
  }
  SocketPlace(const SocketPlace&) = delete;
  SocketPlace& operator=(const SocketPlace&) = delete;

  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }
  const char* path() const { return address_.sun_path; }

 private:
  int folder_;
  sockaddr_un address_{};
};

bool WriteAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(fd, data, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool ReadAll(int fd, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(fd, data, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool WriteFrame(int fd, Frame kind, std::string_view payload) {
  do {
    const auto part = payload.substr(0, kMaxFrame);
    char head[5] = {static_cast<char>(kind)};
    const auto size = static_cast<std::uint32_t>(part.size());
    std::memcpy(head + 1, &size, 4);
    if (!WriteAll(fd, head, sizeof head) || !WriteAll(fd, part.data(), part.size())) return false;
    payload.remove_prefix(part.size());
  } while (!payload.empty());
  return true;
}

bool ReadFrame(int fd, Frame& kind, std::string& payload) {
  char head[5];
  if (!ReadAll(fd, head, sizeof head)) return false;
  std::uint32_t size;
  std::memcpy(&size, head + 1, 4);
  if (size > kMaxFrame) return false;
  kind = static_cast<Frame>(head[0]);
  payload.resize(size);
  return ReadAll(fd, payload.data(), size);
}

// Waits until the server has sent something, and tells it once when the verb is to end early: it
// then still says what was done.
void AwaitServer(int fd, const Output& output, bool& told) {
  pollfd poll_fd{fd, POLLIN, 0};
  while (::poll(&poll_fd, 1, kPollMs) <= 0) {
    if (told || !output.Cancelled()) continue;
    ::shutdown(fd, SHUT_WR);
    told = true;
  }
}

class SocketOutput final : public Output {
 public:
  SocketOutput(int fd, bool interactive, const std::atomic<bool>& stopping)
      : fd_(fd), interactive_(interactive), stopping_(stopping) {}
  void Out(std::string_view text) override { Send(Frame::kOut, text); }
  void Err(std::string_view text) override { Send(Frame::kErr, text); }
  bool Interactive() const override { return interactive_; }
  bool Cancelled() const override {
    if (broken_ || stopping_) return true;
    pollfd poll_fd{fd_, POLLRDHUP, 0};
    return ::poll(&poll_fd, 1, 0) > 0;
  }

 private:
  void Send(Frame kind, std::string_view text) {
    if (!text.empty() && !broken_) broken_ = !WriteFrame(fd_, kind, text);
  }
  int fd_;
  bool interactive_;
  bool broken_ = false;
  const std::atomic<bool>& stopping_;
};

}  // namespace

const std::string& VerbCall::Get(std::string_view name) const {
  static const std::string kNone;
  for (const auto& [key, value] : arguments) {
    if (key == name) return value;
  }
  return kNone;
}

struct ControlServer::Call {
  std::thread thread;
  std::atomic<bool> done{false};
};

Result<std::unique_ptr<ControlServer>> ControlServer::Start(const std::string& data_dir,
                                                            VerbRunner runner) {
  const SocketPlace place(data_dir);
  // The lock on the data folder is ours, so a socket that lies there is of a server that died.
  ::unlink(place.path());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const mode_t before = ::umask(0177);
  const bool bound = fd >= 0 && ::bind(fd, place.address(), sizeof(sockaddr_un)) == 0;
  const int error = errno;
  ::umask(before);
  const std::string path = data_dir + "/control.sock";
  if (!bound || ::listen(fd, kMaxCalls) != 0) {
    if (fd >= 0) ::close(fd);
    return Fail(ErrorCode::kUnavailable, "Cannot open " + path + ": " + std::strerror(error) + ".");
  }
  return std::unique_ptr<ControlServer>(new ControlServer(fd, path, std::move(runner)));
}

ControlServer::ControlServer(int fd, std::string path, VerbRunner runner)
    : fd_(fd), path_(std::move(path)), runner_(std::move(runner)), thread_([this] { Accept(); }) {}

ControlServer::~ControlServer() {
  stopping_ = true;
  thread_.join();
  for (const auto& call : calls_) call->thread.join();
  ::close(fd_);
  ::unlink(path_.c_str());
}

void ControlServer::Accept() {
  while (!stopping_) {
    std::erase_if(calls_, [](const std::unique_ptr<Call>& call) {
      if (!call->done) return false;
      call->thread.join();
      return true;
    });
    pollfd poll_fd{fd_, POLLIN, 0};
    if (::poll(&poll_fd, 1, kPollMs) <= 0) continue;
    const int client = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (calls_.size() >= kMaxCalls) {
      ::close(client);
      continue;
    }
    auto call = std::make_unique<Call>();
    call->thread = std::thread([this, client, &done = call->done] {
      Serve(client);
      ::close(client);
      done = true;
    });
    calls_.push_back(std::move(call));
  }
}

void ControlServer::Serve(int fd) {
  const timeval patience{
      10, 0};  // for the call itself; what the verb prints may take as long as it likes
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  Frame kind{};
  std::string payload;
  if (!ReadFrame(fd, kind, payload) || kind != Frame::kCall) return;
  VerbCall call;
  bool interactive = false;
  try {
    const json::value value = json::parse(payload);
    call.verb = value.at("verb").as_string().c_str();
    interactive = value.at("interactive").as_bool();
    for (const json::value& pair : value.at("arguments").as_array()) {
      call.arguments.emplace_back(pair.at(0).as_string().c_str(), pair.at(1).as_string().c_str());
    }
  } catch (const std::exception& error) {
    Log(LogLevel::kWarn, "bad call on the control socket", {{"reason", error.what()}});
    return;
  }
  Log(LogLevel::kInfo, "verb", {{"verb", call.verb}});
  SocketOutput output(fd, interactive, stopping_);
  int code = 1;
  try {
    code = runner_(call, output);
  } catch (const std::exception& error) {
    output.Err(std::string("popradio: ") + error.what() + "\n");
    Log(LogLevel::kError, "verb failed", {{"verb", call.verb}, {"reason", error.what()}});
  }
  WriteFrame(fd, Frame::kExit, std::to_string(code));
}

std::optional<int> RunOnServer(const std::string& data_dir, const VerbCall& call, Output& output) {
  const SocketPlace place(data_dir);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ::connect(fd, place.address(), sizeof(sockaddr_un)) != 0) {
    if (fd >= 0) ::close(fd);
    return std::nullopt;
  }
  json::array arguments;
  for (const auto& [name, value] : call.arguments) arguments.push_back(json::array{name, value});
  const json::value message = {
      {"verb", call.verb}, {"interactive", output.Interactive()}, {"arguments", arguments}};
  std::optional<int> code;
  Frame kind{};
  std::string payload;
  if (WriteFrame(fd, Frame::kCall, json::serialize(message))) {
    bool told = false;
    while (!code) {
      AwaitServer(fd, output, told);
      if (!ReadFrame(fd, kind, payload)) break;
      if (kind == Frame::kOut) output.Out(payload);
      if (kind == Frame::kErr) output.Err(payload);
      if (kind == Frame::kExit) code = std::atoi(payload.c_str());
    }
  }
  ::close(fd);
  if (!code) {
    output.Err("popradio: the server that runs on " + data_dir +
               " ended before the work was done.\n");
    code = 1;
  }
  return code;
}

}  // namespace popradio::app
