#include "app/control.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <future>

namespace popradio::app {
namespace {

class Recorded final : public Output {
 public:
  void Out(std::string_view text) override { out.append(text); }
  void Err(std::string_view text) override { err.append(text); }
  bool Interactive() const override { return interactive; }
  std::string out, err;
  bool interactive = false;
};

class ControlTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/popradio-control-XXXXXX";
    root_ = ::mkdtemp(name);
    // Longer than a Unix socket's path may be.
    folder_ = root_ + "/" + std::string(120, 'x');
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string root_, folder_;
};

TEST_F(ControlTest, AVerbRunsInTheServerAndPrintsHere) {
  const auto server = ControlServer::Start(folder_, [](const VerbCall& call, Output& output) {
    output.Out("out " + call.Get("file") + "\n");
    output.Err(output.Interactive() ? "terminal" : "pipe");
    output.Out(std::string(3'000'000, 'x'));
    return call.verb == "import" ? 7 : 1;
  });
  ASSERT_TRUE(server) << server.error().message;
  Recorded here;
  here.interactive = true;
  const auto code = RunOnServer(folder_, {"import", {{"file", "/a \"b\"\n"}}}, here);
  EXPECT_EQ(code, 7);
  EXPECT_EQ(here.out, "out /a \"b\"\n\n" + std::string(3'000'000, 'x'));
  EXPECT_EQ(here.err, "terminal");
}

TEST_F(ControlTest, WithoutAServerThereIsNoAnswer) {
  Recorded here;
  EXPECT_EQ(RunOnServer(folder_, {"import", {}}, here), std::nullopt);
  {
    const auto server = ControlServer::Start(folder_, [](const VerbCall&, Output&) { return 0; });
  }
  EXPECT_EQ(RunOnServer(folder_, {"import", {}}, here), std::nullopt);
}

TEST_F(ControlTest, TheSocketIsItsOwnersAlone) {
  const auto server = ControlServer::Start(folder_, [](const VerbCall&, Output&) { return 0; });
  struct stat info {};
  ASSERT_EQ(::stat((folder_ + "/control.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ControlTest, ASocketThatAKilledServerLeftIsReplaced) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const int here = ::open(folder_.c_str(), O_DIRECTORY);
  const std::string path = "/proc/self/fd/" + std::to_string(here) + "/control.sock";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(fd);
  ::close(here);
  EXPECT_TRUE(ControlServer::Start(folder_, [](const VerbCall&, Output&) { return 0; }));
}

TEST_F(ControlTest, AStoppingServerCancelsAVerbThatRuns) {
  std::promise<void> began;
  auto server = ControlServer::Start(folder_, [&](const VerbCall&, Output& output) {
    began.set_value();
    while (!output.Cancelled()) std::this_thread::yield();
    return 3;
  });
  Recorded here;
  auto code = std::async(std::launch::async, [&] {
    return RunOnServer(folder_, {"scan", {}}, here);
  });
  began.get_future().wait();
  server->reset();
  EXPECT_EQ(code.get(), 3);
}

TEST_F(ControlTest, AnExceptionInAVerbIsAFailureAndNotTheEndOfTheServer) {
  const auto server = ControlServer::Start(folder_, [](const VerbCall& call, Output&) -> int {
    if (call.verb == "bad") throw std::runtime_error("no disk");
    return 0;
  });
  Recorded here;
  EXPECT_EQ(RunOnServer(folder_, {"bad", {}}, here), 1);
  EXPECT_NE(here.err.find("no disk"), std::string::npos);
  EXPECT_EQ(RunOnServer(folder_, {"good", {}}, here), 0);
}

}  // namespace
}  // namespace popradio::app
