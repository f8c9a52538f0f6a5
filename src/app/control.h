#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"

namespace popradio::app {

// Where a verb writes: this terminal, or the far end of the control socket. Thread-safe per object
// is not promised: one verb, one thread.
class Output {
 public:
  virtual ~Output() = default;
  virtual void Out(std::string_view text) = 0;  // standard output
  virtual void Err(std::string_view text) = 0;  // standard error: progress, problems
  // Standard error is a terminal: progress may overwrite its line, colours are welcome.
  virtual bool Interactive() const { return false; }
  // Whoever asked wants no more of it, or the server stops: a long verb ends at its next step.
  virtual bool Cancelled() const { return false; }
};

// A verb that works on a station's data, with its arguments. Paths are absolute: it may run in
// another process with another working directory.
struct VerbCall {
  std::string verb;
  std::vector<std::pair<std::string, std::string>> arguments;
  // The first argument of that name; empty without one.
  const std::string& Get(std::string_view name) const;
};

// Runs a verb and returns its exit code.
using VerbRunner = std::function<int(const VerbCall&, Output&)>;

// `control.sock` in the data folder: a running server owns its database, so it does what a verb
// asks for and sends back what the verb prints. The socket is of mode 0600, in a folder only the
// owner should open; each caller gets a thread.
class ControlServer {
 public:
  // Fails when the socket cannot be made (path too long for a Unix socket, …).
  static Result<std::unique_ptr<ControlServer>> Start(const std::string& data_dir,
                                                      VerbRunner runner);
  ~ControlServer();  // refuses new calls, cancels those that run, and waits for them

 private:
  ControlServer(int fd, std::string path, VerbRunner runner);
  void Accept();
  void Serve(int fd);

  struct Call;
  int fd_;
  std::string path_;
  VerbRunner runner_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<Call>> calls_;
  std::thread thread_;
};

// Asks the server that runs on the folder to run the verb. No value when no server runs there.
std::optional<int> RunOnServer(const std::string& data_dir, const VerbCall& call, Output& output);

}  // namespace popradio::app
