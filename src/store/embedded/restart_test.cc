// Starting, stopping and being killed.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "store/embedded/database.h"
#include "store/embedded/embedded_testing.h"
#include "store/embedded/schema.h"

namespace popradio::embedded {
namespace {

using store::contract::Await;
using store::contract::ManualClock;

class RestartTest : public testing::Test {
 protected:
  Result<std::unique_ptr<store::Backend>> Open(const std::string& folder) {
    store::EmbeddedOptions options;
    options.data_dir = folder;
    return store::OpenEmbedded(options, clock_, random_);
  }
  std::string Refusal(const std::string& folder) {
    auto opened = Open(folder);
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().message;
  }
  mode_t Mode(const std::string& path) {
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
  }

  TemporaryFolder temporary_;
  ManualClock clock_{store::contract::Start()};
  SystemRandom random_;
};

TEST_F(RestartTest, TheFolderAndItsFilesAreTheOwnersAlone) {
  const std::string folder = temporary_.path() + "/a/b";
  auto backend = Open(folder);
  ASSERT_TRUE(backend) << backend.error().message;
  ASSERT_TRUE(Await((*backend)->engagement().Count({}, nullptr, std::nullopt)));
  EXPECT_EQ(Mode(folder), 0700u);
  for (const char* file : {"popradio.db", "popradio.db-wal", "popradio.db-shm", "popradio.lock"}) {
    EXPECT_EQ(Mode(folder + "/" + file), 0600u) << file;
  }
}

TEST_F(RestartTest, ASecondServerOnTheFolderIsRefused) {
  auto first = Open(temporary_.path());
  ASSERT_TRUE(first);
  EXPECT_EQ(Refusal(temporary_.path()), "Another PopRadio server is running on the data folder " +
                                            temporary_.path() +
                                            ". Stop it first, or name another folder with --data.");
  first->reset();
  EXPECT_TRUE(Open(temporary_.path()));
}

TEST_F(RestartTest, WhatCannotBeOpenedIsNamed) {
  const std::string folder = temporary_.path();
  std::ofstream(folder + "/file") << "x";
  EXPECT_NE(Refusal(folder + "/file").find("is not a folder"), std::string::npos);
  EXPECT_NE(Refusal(folder + "/file/below").find("cannot be made"), std::string::npos);
  EXPECT_NE(Refusal("").find("--data"), std::string::npos);
  std::ofstream(folder + "/popradio.db") << std::string(8192, 'x');
  EXPECT_NE(Refusal(folder).find("popradio.db is damaged or no database"), std::string::npos);
}

TEST_F(RestartTest, ADatabaseOfANewerVersionIsRefusedAndNotTouched) {
  ASSERT_TRUE(Open(temporary_.path()));
  const std::string path = temporary_.path() + "/popradio.db";
  SQLite::Database(path, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  const std::string refusal = Refusal(temporary_.path());
  EXPECT_NE(refusal.find("newer PopRadio (schema 99"), std::string::npos) << refusal;
  SQLite::Database again(path, SQLite::OPEN_READONLY);
  EXPECT_EQ(again.execAndGet("PRAGMA user_version").getInt(), 99);
}

TEST_F(RestartTest, AnotherProgramsDatabaseIsRefused) {
  SQLite::Database(temporary_.path() + "/popradio.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE theirs (x)");
  EXPECT_NE(Refusal(temporary_.path()).find("another program"), std::string::npos);
}

TEST_F(RestartTest, MigrationsGoForwardStepByStepAndOnlyOnce) {
  const Migration steps[] = {{1, "CREATE TABLE one (x); INSERT INTO one VALUES (1)"},
                             {2, "ALTER TABLE one ADD COLUMN y"},
                             {3, "UPDATE one SET y = x + 1"}};
  const std::string path = temporary_.path() + "/m.db";
  Database database(path, Database::Mode::kWriter, "");
  database.StartWriting();
  for (std::size_t known = 1; known <= 3; ++known) {
    const std::span<const Migration> program(steps, known);
    for (int start = 0; start < 2; ++start) {
      ASSERT_TRUE(CheckVersion(database, program, path));
      Migrate(database, program);
    }
  }
  EXPECT_EQ(database.connection().execAndGet("SELECT y FROM one").getInt(), 2);
  EXPECT_EQ(database.connection().execAndGet("PRAGMA user_version").getInt(), 3);
  EXPECT_FALSE(CheckVersion(database, {steps, 2}, path));
}

TEST_F(RestartTest, ADatabaseOfTheFirstSchemaOpensAndKeepsItsComments) {
  const std::string path = temporary_.path() + "/popradio.db";
  const Target song{TargetType::kSong, ObjectId::Make(clock_.Now(), random_)};
  Comment old;
  old.id = ObjectId::Make(clock_.Now(), random_);
  old.target = song;
  old.session = SessionId::Make(random_);
  old.fingerprint = "browser";
  old.text = "from before";
  old.created_at = clock_.Now();
  old.expire_at = clock_.Now() + std::chrono::days(30);
  {
    Database database(path, Database::Mode::kWriter, "");
    database.StartWriting();
    Migrate(database, Migrations().first(1));
    const TargetKey target = ToKey(song);
    database
        .Prepare(
            "INSERT INTO comments (id, target, session, fingerprint, text, created_at, "
            "expire_at, is_hidden) VALUES (?, ?, ?, ?, ?, ?, ?, 0)")
        .Bind(old.id)
        .BindBlob(target)
        .Bind(old.session)
        .Bind(old.fingerprint)
        .Bind(old.text)
        .Bind(old.created_at)
        .Bind(old.expire_at)
        .Run();
  }
  auto backend = Open(temporary_.path());
  ASSERT_TRUE(backend) << backend.error().message;
  Comment moment = old;
  moment.id = ObjectId::Make(clock_.Now(), random_);
  moment.created_at += Millis(1);
  moment.at_ms = 12'000;
  ASSERT_TRUE(Await((*backend)->comments().Add(moment)));
  EXPECT_EQ(Await((*backend)->comments().List(song, std::nullopt, 5)).value().comments,
            (std::vector{moment, old}));
  EXPECT_EQ(Await((*backend)->comments().ListMoments(song, 0, 20'000, 5)).value(),
            std::vector{moment});
  backend->reset();
  EXPECT_EQ(SQLite::Database(path).execAndGet("PRAGMA user_version").getInt64(),
            Migrations().back().version);
}

TEST_F(RestartTest, TheReleasedMigrationsCountFromOneWithoutGaps) {
  int expected = 1;
  for (const Migration& step : Migrations()) EXPECT_EQ(step.version, expected++);
}

TEST_F(RestartTest, TheSecretOutlivesRestartsAndDiffersBetweenStations) {
  std::string secret;
  for (int round = 0; round < 2; ++round) {
    auto backend = Open(temporary_.path() + "/one");
    ASSERT_TRUE(backend);
    EXPECT_EQ((*backend)->StationSecret().size(), 32u);
    if (round == 1) EXPECT_EQ((*backend)->StationSecret(), secret);
    secret = (*backend)->StationSecret();
  }
  EXPECT_NE((*Open(temporary_.path() + "/two"))->StationSecret(), secret);
}

TEST_F(RestartTest, ABackupIsAStationOfItsOwn) {
  EmbeddedHarness harness;
  const Target song{TargetType::kSong, ObjectId::Make(clock_.Now(), random_)};
  const SessionId session = SessionId::Make(random_);
  ASSERT_TRUE(Await(harness.backend().engagement().Like(session, song)));
  harness.backend().sessions().Touch(session, clock_.Now());
  const store::Charge charge{store::LimitAction::kComment, {}};
  for (int i = 0; i < 30; ++i)
    ASSERT_TRUE(harness.backend().limits().TakeNow({&charge, 1})->allowed);
  const std::string file = temporary_.path() + "/backup.db";
  const Result<void> done = Await(harness.backend().Backup(file));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(Mode(file), 0600u);
  EXPECT_EQ(Await(harness.backend().Backup(file)).error().code, ErrorCode::kConflict);
  EXPECT_FALSE(Await(harness.backend().Backup(temporary_.path() + "/no/such/folder.db")));
  EXPECT_FALSE(std::filesystem::exists(file + ".partial"));

  std::filesystem::create_directory(temporary_.path() + "/restored");
  std::filesystem::copy_file(file, temporary_.path() + "/restored/popradio.db");
  auto restored = Open(temporary_.path() + "/restored");
  ASSERT_TRUE(restored) << restored.error().message;
  store::Engagement found;
  (*restored)->engagement().ReadNow(&session, {&song, 1}, {&found, 1});
  EXPECT_EQ(found, (store::Engagement{1, 0, true}));
  EXPECT_EQ((*restored)->StationSecret(), harness.backend().StationSecret());
  EXPECT_TRUE(Await((*restored)->sessions().Find(session)).value());
  EXPECT_FALSE((*restored)->limits().TakeNow({&charge, 1})->allowed);
}

TEST_F(RestartTest, AfterCloseEverythingIsRefusedAndTheLogIsEmpty) {
  EmbeddedHarness harness;
  const Target song{TargetType::kSong, ObjectId::Make(clock_.Now(), random_)};
  ASSERT_TRUE(Await(harness.backend().engagement().Count(song, nullptr, std::nullopt)));
  ASSERT_TRUE(harness.backend().Close());
  EXPECT_EQ(Await(harness.backend().engagement().Count(song, nullptr, std::nullopt)).error().code,
            ErrorCode::kUnavailable);
  EXPECT_FALSE(Await(harness.backend().comments().List(song, std::nullopt, 1)));
  EXPECT_FALSE(std::filesystem::exists(harness.database() + "-wal"));
  EXPECT_TRUE(harness.backend().Close());
}

// A child likes as fast as it can, tells each acknowledged like through a pipe, and is killed. All
// it told is there when the folder is opened again; what it did not tell is there once or not at
// all.
TEST_F(RestartTest, AKilledServerLosesNothingThatWasAcknowledged) {
  const std::string folder = temporary_.path() + "/killed";
  std::int64_t acknowledged_in_all = 0;
  for (int round = 0; round < 5; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe_ends[0]);
      auto backend = Open(folder);
      if (!backend) ::_exit(1);
      const Target song{TargetType::kSong, ObjectId()};
      for (;;) {
        const auto plays = Await((*backend)->engagement().Count(song, nullptr, std::nullopt));
        if (!plays || ::write(pipe_ends[1], &*plays, sizeof *plays) != sizeof *plays) ::_exit(2);
      }
    }
    ::close(pipe_ends[1]);
    std::int64_t last = 0, number = 0;
    for (int i = 0; i < 40 && ::read(pipe_ends[0], &number, sizeof number) == sizeof number; ++i)
      last = number;
    ASSERT_GT(last, acknowledged_in_all);
    ::kill(child, SIGKILL);
    while (::read(pipe_ends[0], &number, sizeof number) == sizeof number) last = number;
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ::close(pipe_ends[0]);
    auto backend = Open(folder);
    ASSERT_TRUE(backend) << backend.error().message;
    store::Engagement found;
    const Target song{TargetType::kSong, ObjectId()};
    (*backend)->engagement().ReadNow(nullptr, {&song, 1}, {&found, 1});
    EXPECT_GE(found.plays, last);
    EXPECT_LE(found.plays, last + 1) << "one may have been on its way";
    acknowledged_in_all = found.plays;
  }
}

}  // namespace
}  // namespace popradio::embedded
