#include "migrate/migrate.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <thread>

#include "store/contract/harness.h"
#include "store/distributed/distributed_side.h"
#include "store/distributed/mongo/mongo_testing.h"
#include "store/distributed/mongo_likers.h"
#include "store/distributed/redis/redis_testing.h"
#include "store/embedded/embedded_backend.h"
#include "store/embedded/embedded_side.h"
#include "sync/sync_worker.h"

// A station is carried to real servers and back.
namespace popradio::migrate {
namespace {

using process_testing::Spawn;
using process_testing::TemporaryFolder;
using store::CarriedLike;
using store::CarryMark;
using store::Part;
using store::StationSide;
using store::contract::Await;
using store::contract::ManualClock;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kFewRows = 3;

std::string Text(Instant moment) { return FormatIso8601(moment); }

// Everything that a side holds, line by line, read in pages of `limit`; what has no order of its
// own is sorted.
std::vector<std::string> Dump(StationSide& side, std::size_t limit = kFewRows) {
  std::vector<std::string> lines;
  std::vector<CarriedLike> likes;
  for (int part = 0; part < store::kParts; ++part) {
    std::string cursor;
    do {
      auto page = side.Read(static_cast<Part>(part), cursor, limit);
      if (!page) throw std::runtime_error(page.error().message);
      const store::CarriedRows& rows = page->rows;
      const auto line = [&](const auto&... parts) {
        std::string text = std::to_string(part);
        ((text += " ", text += parts), ...);
        lines.push_back(text);
      };
      const auto number = [](auto n) { return std::to_string(n); };
      if (rows.station) {
        line(rows.station->secret, number(rows.station->revision), number(rows.station->seed),
             number(rows.station->rotation.has_value()),
             number(rows.station->rotation.value_or(Rotation()).song_window));
      }
      for (const Song& song : rows.songs) {
        line(song.id.ToHex(), song.title, song.artist, song.album_art, song.video_url,
             number(song.duration_s), testing::PrintToString(song.genre),
             number(song.release_year.value_or(0)), number(song.base_likes),
             number(song.base_plays), Text(song.created_at), Text(song.updated_at),
             number(song.is_active), song.media.video_path, song.media.fingerprint,
             number(song.media.file_bytes), number(song.media.file_mtime_ms));
      }
      for (const Playlist& list : rows.playlists) {
        std::string songs;
        for (const ObjectId& id : list.songs) songs += id.ToHex();
        line(list.id.ToHex(), list.title, list.description, songs, number(list.base_likes),
             number(list.base_views), number(list.is_featured), Text(list.created_at));
      }
      likes.insert(likes.end(), rows.likes.begin(), rows.likes.end());
      for (const store::CarriedCount& count : rows.plays) {
        line(Name(count.target.type), count.target.id.ToHex(), number(count.likes),
             number(count.plays));
      }
      for (const Comment& comment : rows.comments) {
        line(comment.id.ToHex(), comment.target.id.ToHex(), comment.session.ToString(),
             comment.author, comment.fingerprint, comment.text, Text(comment.created_at),
             Text(comment.expire_at), number(comment.at_ms.value_or(-1)),
             number(comment.is_hidden));
      }
      for (const store::CarriedPlace& place : rows.forgotten) {
        line(place.comment.ToHex(), Text(place.created_at), Text(place.expire_at));
      }
      for (const store::CarriedVisit& visit : rows.sessions) {
        line(visit.session.ToString(), Text(visit.first), Text(visit.last));
      }
      for (const store::CarriedDay& day : rows.days) {
        line(Text(day.day.date), number(day.day.total_plays), number(day.day.unique_visitors));
        for (const auto* top : {&day.day.top_songs, &day.day.top_playlists}) {
          for (const auto& one : *top) line(one.id.ToHex(), number(one.plays), number(one.likes));
        }
        for (const auto& one : day.counted) {
          line("counted", one.target.id.ToHex(), number(one.plays), number(one.likes));
        }
      }
      for (const Slot& slot : rows.slots) {
        line(number(slot.seq), slot.song.ToHex(), Text(slot.starts_at), Text(slot.ends_at),
             Code(slot.why), number(slot.skipped));
      }
      cursor = page->next;
    } while (!cursor.empty());
  }
  std::sort(likes.begin(), likes.end());
  for (const CarriedLike& like : likes) {
    lines.push_back("like " + like.target.id.ToHex() + " " + like.session.ToString() + " " +
                    Text(like.at));
  }
  return lines;
}

// The lines that only one of two stations has: a failure names these, not whole stations.
std::vector<std::string> Differing(std::vector<std::string> one, std::vector<std::string> other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  std::vector<std::string> lines;
  std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(),
                                std::back_inserter(lines));
  return lines;
}

// A side as another one shows it.
class PassedOn : public StationSide {
 public:
  explicit PassedOn(StationSide& side) : side_(side) {}
  std::string where() const override { return side_.where(); }
  Result<store::StationTally> Count(Instant staying) override { return side_.Count(staying); }
  Result<std::string> Token() override { return side_.Token(); }
  Result<store::CarriedPage> Read(Part part, const std::string& after, std::size_t limit) override {
    return side_.Read(part, after, limit);
  }
  Result<std::optional<CarryMark>> Mark() override { return side_.Mark(); }
  Result<void> SetMark(const CarryMark& mark) override { return side_.SetMark(mark); }
  Result<void> Clear() override { return side_.Clear(); }
  Result<void> Write(Part part, store::CarriedRows rows, const CarryMark& then) override {
    return side_.Write(part, std::move(rows), then);
  }
  Result<void> Complete(const store::CarryStep& step) override { return side_.Complete(step); }
  Result<void> RemoveMark() override { return side_.RemoveMark(); }

 protected:
  StationSide& side_;
};

// Loses the last like of every page.
class Losing final : public PassedOn {
 public:
  using PassedOn::PassedOn;
  Result<void> Write(Part part, store::CarriedRows rows, const CarryMark& then) override {
    if (!rows.likes.empty()) rows.likes.pop_back();
    return PassedOn::Write(part, std::move(rows), then);
  }
};

// Dies in the middle of its n-th change, or behind it, but before the next one.
class Dying final : public PassedOn {
 public:
  Dying(StationSide& side, std::uint64_t changes, std::uint64_t micros)
      : PassedOn(side), left_(changes), micros_(micros) {}
  ~Dying() override {
    if (dying_.joinable()) dying_.detach();  // there was no next one
  }
  Result<void> SetMark(const CarryMark& mark) override { return Die(), PassedOn::SetMark(mark); }
  Result<void> Clear() override { return Die(), PassedOn::Clear(); }
  Result<void> Write(Part part, store::CarriedRows rows, const CarryMark& then) override {
    return Die(), PassedOn::Write(part, std::move(rows), then);
  }
  Result<void> Complete(const store::CarryStep& step) override {
    return Die(), PassedOn::Complete(step);
  }
  Result<void> RemoveMark() override { return Die(), PassedOn::RemoveMark(); }

 private:
  void Die() {
    if (dying_.joinable()) dying_.join();  // for good
    if (--left_ > 0) return;
    dying_ = std::thread([micros = micros_] {
      boost::asio::io_context io;
      boost::asio::steady_timer(io, std::chrono::microseconds(micros)).wait();
      ::_exit(9);
    });
  }
  std::uint64_t left_;
  const std::uint64_t micros_;
  std::thread dying_;
};

class MigrateTest : public testing::Test {
 protected:
  void SetUp() override {
    options_.redis = "redis://" + redis_.endpoint().ToString();
    options_.mongo = database_.url();
  }
  std::string Folder(const std::string& name) const { return temporary_.path() + "/" + name; }
  std::unique_ptr<store::Backend> Embedded(const std::string& name) {
    store::EmbeddedOptions options;
    options.data_dir = Folder(name);
    auto opened = store::OpenEmbedded(options, data_clock_, random_);
    if (!opened) throw std::runtime_error(opened.error().message);
    return *std::move(opened);
  }
  std::unique_ptr<StationSide> EmbeddedSide(const std::string& name) {
    auto side = store::OpenEmbeddedSide(Folder(name), false, clock_);
    if (!side) throw std::runtime_error(side.error().message);
    return *std::move(side);
  }
  std::unique_ptr<StationSide> DistributedSide() {
    auto side = store::OpenDistributedSide(options_, false, clock_, random_);
    if (!side) throw std::runtime_error(side.error().message);
    return *std::move(side);
  }
  Options FewRows(bool overwrite = false) {
    Options options;
    options.rows_per_page = kFewRows;
    options.overwrite = overwrite;
    return options;
  }
  void Carry(StationSide& source, StationSide& target, bool overwrite = false) {
    const auto report = Migrate(source, target, clock_, FewRows(overwrite));
    ASSERT_TRUE(report) << report.error().message;
    for (const Compared& line : report->compared) {
      EXPECT_TRUE(line.agree) << line.what << ": " << line.source << ", " << line.target;
    }
  }
  std::string Refusal(StationSide& source, StationSide& target) {
    const auto report = Migrate(source, target, clock_, FewRows());
    return report ? "" : report.error().message;
  }
  void Sync() {
    auto worker = sync::SyncWorker::Open(options_, clock_, random_);
    ASSERT_TRUE(worker) << worker.error().message;
    const auto report = (*worker)->SyncOnce();
    ASSERT_TRUE(report) << report.error().message;
  }

  // Something of everything.
  void MakeStation(const std::string& name);

  const SystemClock clock_;
  // The station's moments are apart, and a little ago, but of today: what is counted later in a
  // test must not begin another day, which would be a row more.
  const Instant today_ = std::chrono::floor<std::chrono::days>(clock_.Now());
  ManualClock data_clock_{std::max<Instant>(today_, clock_.Now() - std::chrono::minutes(10))};
  SystemRandom random_;
  TemporaryFolder temporary_;
  redis::RedisServer redis_{{"--appendonly", "yes"}};
  mongo::TestDatabase database_;
  store::DistributedOptions options_;
  std::vector<SessionId> fans_;
  std::vector<Target> songs_;
};

void MigrateTest::MakeStation(const std::string& name) {
  const auto backend = Embedded(name);
  const auto tick = [&] { data_clock_.Advance(Millis(7)); };
  store::CatalogueChange change;
  songs_.clear();
  for (int i = 0; i < 8; ++i) {
    Song song;
    song.id = ObjectId::Make(data_clock_.Now(), random_);
    song.title = "$title " + std::to_string(i);
    song.artist = "Ärtist";
    song.video_url = "https://x/" + std::to_string(i);
    song.duration_s = 100 + i;
    song.genre = {"Pop", "$where"};
    if (i % 2 == 0) song.release_year = 1990 + i;
    song.base_likes = i * 10;
    song.base_plays = i * 100;
    song.created_at = song.updated_at = data_clock_.Now();
    song.is_active = i != 7;
    song.media.video_path = "/media/" + std::to_string(i) + ".mp4";
    song.media.fingerprint = "abc";
    song.media.file_bytes = 5'000'000'000;
    song.media.file_mtime_ms = 1'700'000'000'123;
    songs_.push_back({TargetType::kSong, song.id});
    change.songs.push_back(song);
    tick();
  }
  Playlist playlist;
  playlist.id = ObjectId::Make(data_clock_.Now(), random_);
  playlist.title = "Best";
  playlist.songs = {songs_[3].id, songs_[1].id, songs_[3].id};
  playlist.created_at = playlist.updated_at = data_clock_.Now();
  playlist.base_views = 5;
  playlist.is_featured = true;
  change.playlists.push_back(playlist);
  ASSERT_TRUE(Await(backend->catalogue().Update(
      [&](const Catalogue&) -> Result<store::CatalogueChange> { return change; })));
  const Target list{TargetType::kPlaylist, playlist.id};

  fans_.clear();
  for (int i = 0; i < 11; ++i) fans_.push_back(SessionId::Make(random_));
  auto& engagement = backend->engagement();
  for (std::size_t fan = 0; fan < fans_.size(); ++fan) {
    backend->sessions().Touch(fans_[fan], data_clock_.Now());
    backend->analytics().Visit(fans_[fan], data_clock_.Now());
    // In an order that is not that of ids.
    for (std::size_t i = 0; i < 5; ++i) {
      tick();
      const Target& song = songs_[(fan * 3 + i * 5) % songs_.size()];
      ASSERT_TRUE(Await(engagement.Like(fans_[fan], song)));
      ASSERT_TRUE(Await(engagement.Count(song, &fans_[fan], std::nullopt)));
    }
    if (fan % 2 == 0) ASSERT_TRUE(Await(engagement.Like(fans_[fan], list)));
    ASSERT_TRUE(Await(engagement.Count(list, nullptr, std::nullopt)));
  }
  ASSERT_TRUE(Await(engagement.Unlike(fans_[1], songs_[3])));

  for (int i = 0; i < 7; ++i) {
    Comment comment;
    comment.id = ObjectId::Make(data_clock_.Now(), random_);
    comment.target = i % 2 == 0 ? songs_[0] : list;
    comment.session = fans_[static_cast<std::size_t>(i)];
    comment.text = "so gut 💙 " + std::to_string(i);
    if (i == 2) comment.author = "Old Name";
    if (i == 3) comment.fingerprint = "print";
    if (i == 4) comment.at_ms = 41'000;
    comment.created_at = data_clock_.Now();
    ASSERT_TRUE(Await(backend->comments().Add(comment)));
    if (i == 5) ASSERT_TRUE(Await(backend->comments().SetHidden(comment.id, true)));
    tick();
  }
  ASSERT_TRUE(Await(backend->comments().Forget(fans_[6])));

  std::vector<Slot> slots;
  for (int i = 0; i < 10; ++i) {
    const Instant begins = data_clock_.Now() + Millis(100'000 * i);
    slots.push_back({i + 4, songs_[static_cast<std::size_t>(i) % 7].id, begins,
                     begins + Millis(100'000), i % 2 ? Why::kLoved : Why::kFresh, i == 3});
  }
  ASSERT_TRUE(Await(backend->timeline().Replace(0, 0xf123456789abcdefULL, slots)));
  Rotation rotation;
  rotation.song_window = 17;
  rotation.skip = SkipPolicy::kCurator;
  ASSERT_TRUE(Await(backend->timeline().SaveRotation(rotation)));
  ASSERT_TRUE(backend->Close());
}

TEST_F(MigrateTest, AStationComesBackAsItWas) {
  MakeStation("here");
  std::vector<std::string> before;
  std::vector<store::LikedSet> liked;
  std::string secret;
  {
    const auto backend = Embedded("here");
    secret = backend->StationSecret();
    for (const SessionId& fan : fans_) {
      liked.push_back(*Await(backend->engagement().Liked(fan)));
    }
  }
  {
    const auto source = EmbeddedSide("here"), target = DistributedSide();
    before = Dump(*source);
    Carry(*source, *target);
    EXPECT_EQ(Dump(*target), before);
    EXPECT_EQ(Dump(*target, 1'000), before);
  }
  {
    // It serves: numbers with their bases, likes in their order, and counting goes on.
    auto node = store::OpenDistributed(options_, clock_, random_);
    ASSERT_TRUE(node) << node.error().message;
    EXPECT_EQ((*node)->StationSecret(), secret);
    for (std::size_t i = 0; i < fans_.size(); ++i) {
      const auto there = *Await((*node)->engagement().Liked(fans_[i]));
      EXPECT_EQ(there.songs, liked[i].songs);
      EXPECT_EQ(there.playlists, liked[i].playlists);
    }
    EXPECT_EQ(Await((*node)->engagement().Like(fans_[0], songs_[0])).error().code,
              ErrorCode::kAlreadyLiked);
    const SessionId newcomer = SessionId::Make(random_);
    const auto likes = Await((*node)->engagement().Like(newcomer, songs_[7]));
    ASSERT_TRUE(likes);
    EXPECT_EQ(Await((*node)->engagement().Unlike(newcomer, songs_[7])).value(), *likes - 1);
  }
  Sync();
  if (clock_.Now() >= today_ + std::chrono::days(1)) GTEST_SKIP() << "a day ended meanwhile";
  {
    const auto source = DistributedSide(), target = EmbeddedSide("back");
    Carry(*source, *target);
    EXPECT_THAT(Differing(Dump(*target), before), IsEmpty());
  }
  const auto backend = Embedded("back");
  EXPECT_EQ(backend->StationSecret(), secret);
  for (std::size_t i = 0; i < fans_.size(); ++i) {
    const auto there = *Await(backend->engagement().Liked(fans_[i]));
    EXPECT_EQ(there.songs, liked[i].songs);
    EXPECT_EQ(there.playlists, liked[i].playlists);
  }
}

TEST_F(MigrateTest, WhatIsThereIsNotOverwrittenWithoutBeingTold) {
  MakeStation("one");
  MakeStation("two");
  {
    const auto one = EmbeddedSide("one"), there = DistributedSide();
    Carry(*one, *there);
  }
  const auto two = EmbeddedSide("two"), there = DistributedSide();
  const std::vector<std::string> before = Dump(*there);
  EXPECT_THAT(Refusal(*two, *there), HasSubstr("--overwrite"));
  EXPECT_EQ(Dump(*there), before);
  EXPECT_EQ(*there->Mark(), std::nullopt);

  Carry(*two, *there, /*overwrite=*/true);
  EXPECT_EQ(Dump(*there), Dump(*two));
  const auto one = EmbeddedSide("one");
  EXPECT_THAT(Refusal(*there, *one), HasSubstr("--overwrite"));
  Carry(*there, *one, /*overwrite=*/true);
  EXPECT_EQ(Dump(*one), Dump(*two));
}

TEST_F(MigrateTest, CountsThatOnlyRedisHoldsAreNotOverwrittenEither) {
  MakeStation("here");
  EXPECT_EQ(redis_.Ask({"ZADD", "song:0123456789abcdef01234567:likers{07}", "1", "x"}), "1");
  const auto here = EmbeddedSide("here"), there = DistributedSide();
  EXPECT_THAT(Refusal(*here, *there), HasSubstr("counts in Redis"));
  Carry(*here, *there, /*overwrite=*/true);
  EXPECT_EQ(redis_.Ask({"EXISTS", "song:0123456789abcdef01234567:likers{07}"}), "0");
}

TEST_F(MigrateTest, AKeyOfSomebodyElsesStays) {
  MakeStation("here");
  EXPECT_EQ(redis_.Ask({"SET", "their:key", "1"}), "OK");
  const auto here = EmbeddedSide("here"), there = DistributedSide();
  Carry(*here, *there);
  EXPECT_EQ(redis_.Ask({"GET", "their:key"}), "1");
}

TEST_F(MigrateTest, WhoIsInUseIsRefused) {
  MakeStation("here");
  {
    const auto backend = Embedded("here");
    const auto side = store::OpenEmbeddedSide(Folder("here"), true, clock_);
    ASSERT_FALSE(side);
    EXPECT_THAT(side.error().message, HasSubstr("Another PopRadio server is running"));
  }
  const auto missing = store::OpenEmbeddedSide(Folder("nowhere"), true, clock_);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("no station"));
  const auto node = store::OpenDistributed(options_, clock_, random_);
  ASSERT_TRUE(node) << node.error().message;
  (*node)->bus()->Start();
  std::string refusal;
  EXPECT_TRUE(process_testing::Eventually([&] {
    const auto side = store::OpenDistributedSide(options_, false, clock_, random_);
    refusal = side ? "" : side.error().message;
    return !side;
  }));
  EXPECT_THAT(refusal, HasSubstr("A node is running"));
}

TEST_F(MigrateTest, ADifferenceIsFoundByCounting) {
  MakeStation("here");
  {
    const auto here = EmbeddedSide("here"), there = DistributedSide();
    Losing losing(*there);
    const auto report = Migrate(*here, losing, clock_, FewRows());
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_FALSE(AllAgree(report->compared));
    for (const Compared& line : report->compared) {
      EXPECT_EQ(line.agree, !line.what.starts_with("likes")) << line.what;
    }
  }
  // Nobody serves what is not whole.
  const auto node = store::OpenDistributed(options_, clock_, random_);
  ASSERT_FALSE(node);
  EXPECT_THAT(node.error().message, HasSubstr("popradio migrate"));
  const auto worker = sync::SyncWorker::Open(options_, clock_, random_);
  ASSERT_FALSE(worker);
  // The next one begins anew, without being told.
  const auto here = EmbeddedSide("here"), there = DistributedSide();
  Carry(*here, *there);
  EXPECT_EQ(Dump(*there), Dump(*here));
}

TEST_F(MigrateTest, SumsThatAgreeDoNotHideWhatDiffers) {
  store::StationTally one, other;
  const Target a{TargetType::kSong, ObjectId::Make(clock_.Now(), random_)};
  const Target b{TargetType::kSong, ObjectId::Make(clock_.Now(), random_)};
  one.numbers = {{a, {3, 1}}, {b, {4, 1}}};
  other.numbers = {{a, {4, 1}}, {b, {3, 1}}};
  EXPECT_TRUE(AllAgree(Compare(one, one)));
  EXPECT_FALSE(AllAgree(Compare(one, other)));
  other.numbers = one.numbers;
  other.live = one.numbers;
  EXPECT_TRUE(AllAgree(Compare(one, other)));
  (*other.live)[b].plays = 2;
  EXPECT_FALSE(AllAgree(Compare(one, other)));
}

TEST_F(MigrateTest, AStoppedMoveGoesOnOnlyWithTheStationItBeganWith) {
  MakeStation("here");
  {
    const auto here = EmbeddedSide("here"), there = DistributedSide();
    Options options = FewRows();
    int pages = 0;
    options.cancelled = [&] { return ++pages > 15; };
    const auto report = Migrate(*here, *there, clock_, options);
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, HasSubstr("Run the same command again"));
    EXPECT_THAT(Refusal(*there, *here), HasSubstr("itself being moved into"));
  }
  {
    const auto backend = Embedded("here");
    ASSERT_TRUE(Await(backend->engagement().Unlike(fans_[0], songs_[0])));
  }
  const auto here = EmbeddedSide("here"), there = DistributedSide();
  EXPECT_THAT(Refusal(*here, *there), HasSubstr("before it changed"));
  Carry(*here, *there, /*overwrite=*/true);
  EXPECT_EQ(Dump(*there), Dump(*here));
}

TEST_F(MigrateTest, AMoveThatIsStoppedAfterEveryPageGoesOnEachTime) {
  MakeStation("here");
  const std::vector<std::string> before = Dump(*EmbeddedSide("here"));
  for (const bool back : {false, true}) {
    for (int runs = 1;; ++runs) {
      ASSERT_LT(runs, 200);
      // As another process has them: nothing is remembered.
      const auto source = back ? DistributedSide() : EmbeddedSide("here");
      const auto target = back ? EmbeddedSide("back") : DistributedSide();
      Options options = FewRows();
      int pages = 0;
      options.cancelled = [&] { return ++pages > 1; };
      const auto report = Migrate(*source, *target, clock_, options);
      if (!report) {
        ASSERT_THAT(report.error().message, HasSubstr("Run the same command again"));
        continue;
      }
      EXPECT_GT(runs, 30);
      for (const Compared& line : report->compared) {
        EXPECT_TRUE(line.agree) << line.what << ": " << line.source << ", " << line.target;
      }
      EXPECT_EQ(Dump(*target), before);
      break;
    }
  }
}

TEST_F(MigrateTest, LikesOfBeforeTimesWereKeptStayInOrder) {
  MakeStation("here");
  SQLite::Database(Folder("here") + "/popradio.db", SQLite::OPEN_READWRITE)
      .exec("UPDATE likes SET liked_at = NULL");
  std::vector<store::LikedSet> liked;
  {
    const auto backend = Embedded("here");
    for (const SessionId& fan : fans_) {
      liked.push_back(*Await(backend->engagement().Liked(fan)));
    }
  }
  {
    const auto here = EmbeddedSide("here"), there = DistributedSide();
    Carry(*here, *there);
  }
  const auto node = store::OpenDistributed(options_, clock_, random_);
  ASSERT_TRUE(node) << node.error().message;
  for (std::size_t i = 0; i < fans_.size(); ++i) {
    EXPECT_EQ(Await((*node)->engagement().Liked(fans_[i]))->songs, liked[i].songs);
  }
}

// ---- Killed.

const char* Given(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Not a test of its own: the process that AMoveMayBeKilledAnywhere starts and that dies.
TEST(DISABLED_MigrateChild, Moves) {
  const SystemClock clock;
  SystemRandom random;
  store::DistributedOptions options;
  options.redis = Given("POPRADIO_TEST_REDIS");
  options.mongo = Given("POPRADIO_TEST_MONGO");
  auto embedded = store::OpenEmbeddedSide(Given("POPRADIO_TEST_DATA"), false, clock);
  ASSERT_TRUE(embedded) << embedded.error().message;
  auto distributed = store::OpenDistributedSide(options, false, clock, random);
  ASSERT_TRUE(distributed) << distributed.error().message;
  const bool back = std::string(Given("POPRADIO_TEST_BACK")) == "1";
  StationSide& source = back ? **distributed : **embedded;
  Dying target(back ? **embedded : **distributed, std::stoull(Given("POPRADIO_TEST_CHANGES")),
               std::stoull(Given("POPRADIO_TEST_MICROS")));
  Options few;
  few.rows_per_page = kFewRows;
  const auto report = Migrate(source, target, clock, few);
  ASSERT_TRUE(report) << report.error().message;
  for (const Compared& line : report->compared) {
    ASSERT_TRUE(line.agree) << line.what << ": " << line.source << ", " << line.target;
  }
}

class KilledMove : public MigrateTest, public testing::WithParamInterface<bool> {
 protected:
  // The exit code of a process that moves and dies in its n-th change.
  int Move(const std::string& folder, std::uint64_t changes, std::uint64_t micros) {
    const auto set = [](const char* name, const std::string& value) {
      ::setenv(name, value.c_str(), 1);
    };
    set("POPRADIO_TEST_DATA", Folder(folder));
    set("POPRADIO_TEST_REDIS", options_.redis);
    set("POPRADIO_TEST_MONGO", options_.mongo);
    set("POPRADIO_TEST_BACK", GetParam() ? "1" : "0");
    set("POPRADIO_TEST_CHANGES", std::to_string(changes));
    set("POPRADIO_TEST_MICROS", std::to_string(micros));
    const pid_t child = Spawn({"/proc/self/exe", "--gtest_also_run_disabled_tests",
                               "--gtest_filter=DISABLED_MigrateChild.Moves"},
                              temporary_.path() + "/child.log");
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

TEST_P(KilledMove, GoesOnWhereItWas) {
  const bool back = GetParam();
  MakeStation("here");
  const std::vector<std::string> before = Dump(*EmbeddedSide("here"));
  if (back) {
    const auto here = EmbeddedSide("here"), there = DistributedSide();
    Carry(*here, *there);
  }
  const std::string folder = back ? "back" : "here";
  SeededRandom random(20261123);
  int killed = 0, code = 9;
  while (code == 9) {
    // Ever more changes, so that it ends: there are about sixty.
    code =
        Move(folder, 1 + random.Below(6) + static_cast<std::uint64_t>(killed), random.Below(4'000));
    if (code == 9) ++killed;
    ASSERT_LT(killed, 100);
  }
  // The last one may have died when all was done but the farewell.
  const std::string said = process_testing::ReadFile(temporary_.path() + "/child.log");
  ASSERT_TRUE(code == 0 || said.find("--overwrite") != std::string::npos) << said;
  EXPECT_GT(killed, 5);
  EXPECT_EQ(Dump(*(back ? EmbeddedSide("back") : DistributedSide())), before);
  if (back) {
    EXPECT_TRUE(Embedded("back"));
  } else {
    const auto node = store::OpenDistributed(options_, clock_, random_);
    EXPECT_TRUE(node) << node.error().message;
  }
}

INSTANTIATE_TEST_SUITE_P(Both, KilledMove, testing::Bool(), [](const auto& which) {
  return which.param ? "ToTheFolder" : "ToTheServers";
});

}  // namespace
}  // namespace popradio::migrate
