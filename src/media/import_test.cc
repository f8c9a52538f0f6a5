#include "media/import.h"

#include <gtest/gtest.h>

#include "domain/author_name.h"
#include "media/catalogue_json.h"
#include "media/csv.h"
#include "media/export.h"
#include "media/m3u.h"
#include "media/media_testing.h"
#include "media/resolve.h"

namespace popradio::media {
namespace {

const Instant kNow = *ParseIso8601("2026-03-01T12:00:00Z");

// A station to import into: applies plans as a store would.
struct Station {
  CataloguePtr catalogue = std::make_shared<const Catalogue>();
  SeededRandom random{7};
  ImportOptions options;

  ImportReport Import(const ParsedCatalogue& parsed, Instant now = kNow) {
    ImportPlan plan = PlanImport(*catalogue, parsed, now, random, options);
    std::vector<Song> songs = catalogue->songs();
    std::vector<Playlist> playlists = catalogue->playlists();
    Put(songs, plan.change.songs);
    Put(playlists, plan.change.playlists);
    catalogue = std::make_shared<const Catalogue>(catalogue->version() + 1, songs, playlists);
    comments = plan.comments;
    return plan.report;
  }
  ImportReport ImportJson(std::string_view text, Instant now = kNow) {
    const auto parsed = ParseCatalogueJson(text);
    EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error().message);
    return Import(*parsed, now);
  }
  std::vector<Comment> comments;

 private:
  template <class Record>
  static void Put(std::vector<Record>& records, const std::vector<Record>& change) {
    for (const Record& record : change) {
      const auto it = std::find_if(records.begin(), records.end(),
                                   [&](const Record& r) { return r.id == record.id; });
      it == records.end() ? records.push_back(record) : void(*it = record);
    }
  }
};

constexpr const char* kFile = R"({"songs":[
{"_id":"507f1f77bcf86cd799439011","title":"Love Story","artist":"Taylor Swift","videoUrl":"https://e.org/1.mp4","duration":235,"likes":10,"createdAt":"2025-01-01T00:00:00Z"},
{"title":"Cafe\u0301","artist":"B","videoUrl":"https://e.org/2.mp4","duration":100},
{"title":"Broken","artist":"C","videoUrl":"ftp://e.org/3.mp4","duration":100},
{"title":"Long","artist":"C","videoUrl":"/4.mp4","duration":100000},
{"title":"Lengthless","artist":"C","videoUrl":"/5.mp4"},
{"_id":"507f1f77bcf86cd799439011","title":"Again","artist":"C","videoUrl":"/6.mp4","duration":100}],
"playlists":[
{"title":"Mix","songs":["507f1f77bcf86cd799439011",
"aaaaaaaaaaaaaaaaaaaaaaaa"]},
{"title":""}],
"comments":[
{"targetType":"song","targetId":"507f1f77bcf86cd799439011","text":" So  dreamy! ","author":"Pink Cloud","createdAt":"2026-02-20T00:00:00Z"},
{"targetType":"song","targetId":"507f1f77bcf86cd799439011","text":"old","createdAt":"2025-02-20T00:00:00Z"},
{"targetType":"playlist","targetId":"bbbbbbbbbbbbbbbbbbbbbbbb","text":"where?"}]})";

TEST(PlanImport, AddsWhatFitsAndNamesTheRestByLine) {
  Station station;
  const ImportReport report = station.ImportJson(kFile);
  EXPECT_EQ(report.added.size(), 3u);
  EXPECT_EQ(report.added[0].line, 2);
  EXPECT_EQ(report.added[0].what, "song \"Love Story\"");
  EXPECT_EQ(report.comments, 1u);
  EXPECT_EQ(
      report.refused,
      (std::vector<Refusal>{
          {4, "song \"Broken\"",
           "videoUrl must be an http(s) address or a path on this station that begins with \"/\""},
          {5, "song \"Long\"", "duration must be a whole number of seconds between 1 and 86400"},
          {6, "song \"Lengthless\"",
           "duration must be given: the station asks no other server how long a song is"},
          {7, "song \"Again\"", "its _id stands in an earlier record of this file too"},
          {10, "playlist \"Mix\"",
           "there is no song aaaaaaaaaaaaaaaaaaaaaaaa; the playlist goes without it"},
          {11, "playlist", "title must be between 1 and 400 bytes long"},
          {15, "comment", "there is no playlist bbbbbbbbbbbbbbbbbbbbbbbb"}}));
  EXPECT_EQ(report.warnings,
            std::vector<std::string>{"1 comments have expired since and were left out"});

  const auto& songs = station.catalogue->songs();
  ASSERT_EQ(songs.size(), 2u);
  EXPECT_EQ(songs[0].id.ToHex(), "507f1f77bcf86cd799439011");
  EXPECT_EQ(songs[0].base_likes, 10);
  EXPECT_EQ(FormatIso8601(songs[0].created_at), "2025-01-01T00:00:00.000Z");
  EXPECT_EQ(songs[1].title, "Caf\u00e9");
  EXPECT_EQ(songs[1].created_at, kNow);
  EXPECT_EQ(station.catalogue->playlists()[0].songs, std::vector<ObjectId>{songs[0].id});
  EXPECT_EQ(station.comments[0].text, "So dreamy!");
  EXPECT_EQ(station.comments[0].expire_at, *ParseIso8601("2026-03-22T00:00:00Z"));
}

TEST(PlanImport, ASecondImportChangesNothing) {
  Station station;
  station.ImportJson(kFile);
  const std::vector<Comment> comments = station.comments;
  const CataloguePtr before = station.catalogue;
  const ImportReport report = station.ImportJson(kFile, kNow + std::chrono::hours(1));
  EXPECT_TRUE(report.added.empty());
  EXPECT_TRUE(report.changed.empty());
  EXPECT_EQ(report.unchanged, 3u);
  EXPECT_EQ(station.catalogue->songs(), before->songs());
  EXPECT_EQ(station.catalogue->playlists(), before->playlists());
  EXPECT_EQ(station.comments, comments);  // the same ids, so that a store that has them adds none
}

TEST(PlanImport, KeepsNamesAndMomentsOfCommentsAndRefusesThoseThatDoNotFit) {
  Station station;
  const auto comment = [](const std::string& text, const std::string& more,
                          const std::string& type = "song") {
    return R"({"targetType":")" + type + R"(","targetId":"507f1f77bcf86cd799439011","text":")" +
           text + "\"," + more + "},\n";
  };
  const ImportReport report = station.ImportJson(
      R"({"songs":[{"_id":"507f1f77bcf86cd799439011","title":"A","artist":"B","videoUrl":"/1.mp4","duration":60}],
"playlists":[{"_id":"507f1f77bcf86cd799439011","title":"P"}],"comments":[
)" + comment("one", R"("author":" Velvet  Comet 42 ","atMs":59000)") +
      comment("two", R"("author":"Velvet Comet 42","atMs":60001)") +
      comment("three", R"("author":"","atMs":null)") + comment("a", R"("author":"sh1t","atMs":1)") +
      comment("b", R"("atMs":-1)") + comment("c", R"("atMs":86400001)") +
      comment("d", R"("atMs":"1")") + comment("e", R"("atMs":1)", "playlist") +
      comment("f", R"("atMs":1.5)") + "{}]}");
  ASSERT_EQ(station.comments.size(), 3u);
  EXPECT_EQ(station.comments[0].author, "Velvet Comet 42");
  EXPECT_EQ(station.comments[0].at_ms, 59'000);
  EXPECT_EQ(station.comments[1].at_ms, 60'001) << "the song may have been longer then";
  EXPECT_EQ(station.comments[1].session, station.comments[0].session);
  EXPECT_EQ(station.comments[2].author, "");
  EXPECT_EQ(station.comments[2].at_ms, std::nullopt);
  std::vector<std::string> reasons;
  for (const Refusal& refusal : report.refused) reasons.push_back(refusal.reason);
  ASSERT_EQ(reasons.size(), 7u);
  EXPECT_TRUE(reasons[0].starts_with("author: ")) << reasons[0];
  reasons.erase(reasons.begin());
  EXPECT_EQ(reasons,
            (std::vector<std::string>{
                "atMs must be between 0 and 86400000", "atMs must be between 0 and 86400000",
                "atMs must be a whole number", "atMs is for songs only",
                "atMs must be a whole number", "targetType must be \"song\" or \"playlist\""}));
}

TEST(PlanImport, AnImportedAuthorIsASessionThatDependsOnTheStation) {
  Station one, two;
  two.options.station_secret = "another";
  one.ImportJson(kFile);
  two.ImportJson(kFile);
  EXPECT_EQ(one.comments[0].session, ImportedAuthor("Pink Cloud", ""));
  EXPECT_NE(one.comments[0].session, two.comments[0].session);
  EXPECT_EQ(one.comments[0].id, two.comments[0].id);
}

TEST(PlanImport, UpdatesFieldByField) {
  Station station;
  station.ImportJson(kFile);
  const ImportReport report = station.ImportJson(
      R"({"songs":[{"_id":"507f1f77bcf86cd799439011","genre":["Country"],"isActive":false}]})",
      kNow + std::chrono::hours(1));
  ASSERT_EQ(report.changed.size(), 1u) << (report.refused.empty() ? "" : report.refused[0].reason);
  const Song& song = station.catalogue->songs()[0];
  EXPECT_EQ(song.title, "Love Story");
  EXPECT_EQ(song.genre, std::vector<std::string>{"Country"});
  EXPECT_FALSE(song.is_active);
  EXPECT_EQ(song.base_likes, 10);
  EXPECT_EQ(song.updated_at, kNow + std::chrono::hours(1));
  EXPECT_EQ(FormatIso8601(song.created_at), "2025-01-01T00:00:00.000Z");
}

TEST(PlanImport, DoesNotCountLikersTwiceWhenAStationReadsItsOwnNumbers) {
  Station station;
  station.ImportJson(kFile);
  // Ten to begin with, and three listeners since.
  station.options.counts = [](const Target&) { return ShownCounts{13, 0}; };
  const auto with_likes = [](int likes) {
    return R"({"songs":[{"_id":"507f1f77bcf86cd799439011","likes":)" + std::to_string(likes) +
           "}]}";
  };
  EXPECT_EQ(station.ImportJson(with_likes(13)).unchanged, 1u);
  EXPECT_EQ(station.catalogue->songs()[0].base_likes, 10);
  station.ImportJson(with_likes(20));
  EXPECT_EQ(station.catalogue->songs()[0].base_likes, 20);
}

TEST(PlanImport, PairsOffRecordsOfOneNameAndTakesRepeatsOnce) {
  Station station;
  constexpr const char* kTwins = R"({"songs":[
{"title":"Twin","artist":"A","videoUrl":"/1.mp4","duration":60},
{"title":"Twin","artist":"A","videoUrl":"/2.mp4","duration":61},
{"title":"Twin","artist":"A","videoUrl":"/1.mp4","duration":60}]})";
  const ImportReport first = station.ImportJson(kTwins);
  EXPECT_EQ(first.added.size(), 2u);
  EXPECT_EQ(first.warnings,
            std::vector<std::string>{"1 songs are listed more than once and were taken once"});
  EXPECT_EQ(station.ImportJson(kTwins).unchanged, 2u);
  EXPECT_EQ(station.catalogue->songs().size(), 2u);
}

TEST(PlanImport, TakesPlaylistsOfM3uAndTablesTwiceWithoutChange) {
  Station station;
  const auto m3u = ParseM3u(
      "#EXTM3U\n#PLAYLIST:Mine\n#EXTINF:60,A - B\nhttps://e.org/1.mp3\n"
      "#EXTINF:60,C - D\nnowhere:bad\n#EXTINF:61,E - F\nhttps://e.org/2.mp4\n");
  const ImportReport first = station.Import(*m3u);
  EXPECT_EQ(first.added.size(), 3u);
  ASSERT_EQ(first.refused.size(), 1u);
  EXPECT_EQ(first.refused[0].line, 6);
  EXPECT_EQ(station.catalogue->playlists()[0].songs.size(), 2u);
  EXPECT_EQ(station.Import(*m3u).unchanged, 3u);
  const auto csv = ParseCsv("title,artist,duration,audioUrl\nB,A,1:00,https://e.org/1.mp3\n");
  EXPECT_EQ(station.Import(*csv).unchanged, 1u);
}

Comment MakeComment(const Song& song, int number) {
  Comment comment;
  SeededRandom random(static_cast<std::uint64_t>(number));
  comment.id = ObjectId::Make(kNow, random);
  comment.target = {TargetType::kSong, song.id};
  comment.session = SessionId::Make(random);
  comment.text = "Comment \"" + std::to_string(number) + "\" 💕";
  comment.created_at = kNow - std::chrono::hours(number);
  comment.expire_at = kNow + std::chrono::hours(24);
  comment.is_hidden = number % 2 == 0;
  return comment;
}

TEST(ExportCatalogue, ImportedElsewhereGivesTheSameStation) {
  Station here;
  here.ImportJson(kFile);
  const ImportReport more = here.ImportJson(
      R"({"songs":[{"_id":"507f1f77bcf86cd799439012","title":"</script> \u0041 \u2028 \"\\","artist":"\ud83d\ude00",
    "videoUrl":"/x.mp4","albumArt":"/a.jpg","duration":1,"isActive":false,"plays":7,"releaseYear":1999,"genre":["Pop"],
    "media":{"videoPath":"/v/x.mp4","fingerprint":"00112233445566778899aabbccddeeff","fileBytes":12,"fileMtimeMs":34}}],
    "playlists":[{"title":"Full","description":"two\nlines","isFeatured":true,"isActive":false,"likes":3,"views":9,
    "songs":["507f1f77bcf86cd799439012","507f1f77bcf86cd799439011","507f1f77bcf86cd799439012"],"coverPath":"/c.webp"}]})");
  ASSERT_EQ(more.added.size(), 2u);
  std::vector<Comment> comments;
  for (int i = 1; i <= 5; ++i) comments.push_back(MakeComment(here.catalogue->songs()[0], i));
  std::size_t given = 0;
  const auto next = [&]() -> Result<std::vector<Comment>> {
    const std::size_t begin = given;
    given = std::min<std::size_t>(given + 2, comments.size());
    return std::vector<Comment>(comments.begin() + static_cast<std::ptrdiff_t>(begin),
                                comments.begin() + static_cast<std::ptrdiff_t>(given));
  };
  // Everybody has 100 likers more than the base.
  const auto counts = [&](const Target& target) {
    if (target.type == TargetType::kPlaylist) {
      const Playlist& p = here.catalogue->playlists()[*here.catalogue->FindPlaylist(target.id)];
      return ShownCounts{p.base_likes + 100, p.base_views + 100};
    }
    const Song& s = here.catalogue->songs()[*here.catalogue->FindSong(target.id)];
    return ShownCounts{s.base_likes + 100, s.base_plays + 100};
  };
  std::string file;
  const auto sink = [&](std::string_view piece) -> Result<void> {
    file += piece;
    return {};
  };
  comments[0].at_ms = 83'500;
  comments[1].at_ms = 0;
  comments[2].author = "velvet-comet-42";  // came from a third station
  const auto author = [](const Comment& comment) {
    return AuthorName(comment, "the secret of the first station");
  };
  ASSERT_TRUE(ExportCatalogue(*here.catalogue, counts, next, author, sink).has_value());
  for (const Comment& comment : comments)
    EXPECT_EQ(file.find(comment.session.ToString()), std::string::npos);

  Station there;
  there.options.station_secret = "the secret of the second";
  const ImportReport report = there.ImportJson(file, kNow + std::chrono::hours(5));
  EXPECT_TRUE(report.refused.empty()) << report.refused[0].reason;
  EXPECT_TRUE(report.warnings.empty()) << report.warnings[0];
  std::vector<Song> expected = here.catalogue->songs();
  for (Song& song : expected) song.base_likes += 100, song.base_plays += 100;
  EXPECT_EQ(there.catalogue->songs(), expected);
  std::vector<Playlist> lists = here.catalogue->playlists();
  for (Playlist& list : lists) list.base_likes += 100, list.base_views += 100;
  EXPECT_EQ(there.catalogue->playlists(), lists);
  ASSERT_EQ(there.comments.size(), comments.size());
  for (std::size_t i = 0; i < comments.size(); ++i) {
    EXPECT_EQ(there.comments[i].id, comments[i].id);
    EXPECT_EQ(there.comments[i].text, comments[i].text);
    EXPECT_EQ(there.comments[i].created_at, comments[i].created_at);
    EXPECT_EQ(there.comments[i].at_ms, comments[i].at_ms);
    EXPECT_EQ(there.comments[i].is_hidden, comments[i].is_hidden);
    EXPECT_EQ(AuthorName(there.comments[i], "the secret of the second"), author(comments[i]));
    EXPECT_NE(there.comments[i].session, comments[i].session);
  }
  // And here it changes nothing, because the numbers are the ones shown.
  here.options.counts = counts;
  const ImportReport again = here.ImportJson(file);
  EXPECT_EQ(again.unchanged, 5u);
  EXPECT_TRUE(again.changed.empty() && again.added.empty());
}

TEST(ExportCatalogue, StopsWhenNobodyTakesTheFile) {
  Station station;
  station.ImportJson(kFile);
  const auto sink = [](std::string_view) -> Result<void> {
    return Fail(ErrorCode::kUnavailable, "disk full");
  };
  const auto none = []() -> Result<std::vector<Comment>> { return std::vector<Comment>(); };
  const auto done = ExportCatalogue(
      *station.catalogue, [](const Target&) { return ShownCounts{}; }, none, {}, sink);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().message, "disk full");
}

TEST(ResolveFiles, MakesFilesBesideTheListSongs) {
  TestFolder folder;
  FakeTool tool;
  tool.files["one"] = VideoInfo(61.9, "Tagged", "Band");
  tool.files["two"] = AudioInfo(30.5);
  folder.Write("list/videos/One Song.mp4", "one");
  folder.Write("list/two.mp3", "two");
  folder.Write("list/broken.mp3", "broken");
  folder.Write("list/cover.png", "png");
  const std::string data = folder / "data";
  auto parsed = ParseCatalogueJson(R"({"songs":[
{"title":"One","artist":"A","videoUrl":"videos/One%20Song.mp4","albumArt":"cover.png"},
{"title":"Two","artist":"A","audioUrl":".\\two.mp3","duration":500},
{"title":"Three","artist":"A","audioUrl":"broken.mp3"},
{"title":"Four","artist":"A","videoUrl":"missing.mp4"},
{"videoUrl":"file:///nowhere/x.mp4"},
{"title":"Five","artist":"A","videoUrl":"/on/this/station.mp4","duration":60},
{"title":"Six","artist":"A","videoUrl":"https://e.org/6.mp4","duration":60}]})");
  ASSERT_TRUE(parsed.has_value());
  TestClock clock;
  ASSERT_TRUE(ResolveFiles(*parsed, folder / "list", data, Catalogue(), tool, clock));
  ASSERT_EQ(parsed->songs.size(), 4u);
  EXPECT_EQ(parsed->songs[0].media->video_path, folder / "list/videos/One Song.mp4");
  EXPECT_EQ(parsed->songs[0].media->art_path, folder / "list/cover.png");
  EXPECT_EQ(parsed->songs[0].media->art_type, "image/png");
  EXPECT_EQ(parsed->songs[0].duration_s, 61);
  EXPECT_EQ(parsed->songs[1].media->audio_path, folder / "list/two.mp3");
  EXPECT_EQ(parsed->songs[1].duration_s, 30);  // no silence after the end
  EXPECT_EQ(parsed->songs[2].video_url, "/on/this/station.mp4");
  EXPECT_EQ(parsed->refused,
            (std::vector<Refusal>{
                {4, "song \"Three\"", "broken.mp3: Invalid data found when processing input"},
                {5, "song \"Four\"", "there is no file missing.mp4"},
                {6, "song \"?\"", "there is no file file:///nowhere/x.mp4"}}));
  EXPECT_EQ(parsed->library_roots,
            (std::vector<std::string>{folder / "list", folder / "list/videos"}));

  Station station;
  EXPECT_EQ(station.Import(*parsed).added.size(), 4u);
  const int probes = tool.probes;
  auto again = ParseCsv("title,artist,videoUrl\nOne,A,videos/One Song.mp4\n");
  ASSERT_TRUE(ResolveFiles(*again, folder / "list", data, *station.catalogue, tool, clock));
  EXPECT_EQ(tool.probes, probes);  // known by its fingerprint
  EXPECT_EQ(station.Import(*again).unchanged, 1u);
}

TEST(ResolveFiles, TellsHowFarItIsAndStopsWhenAsked) {
  TestFolder folder;
  FakeTool tool;
  tool.files["plain"] = AudioInfo(30);
  tool.files["old"] = VideoInfo(40);
  tool.files["old"].video_codec = "mpeg2video";
  folder.Write("plain.mp3", "plain");
  folder.Write("old.mp4", "old");
  const auto parse = [] {
    return *ParseCatalogueJson(R"({"songs":[
{"title":"Far","artist":"A","videoUrl":"https://e.org/6.mp4","duration":60},
{"title":"Plain","artist":"A","audioUrl":"plain.mp3"},
{"title":"Old","artist":"A","videoUrl":"old.mp4"}]})");
  };
  TestClock clock;
  ResolveEvents events;
  std::vector<ScanProgress> told;
  events.progress = [&](const ScanProgress& progress) {
    told.push_back(progress);
    clock.now_ms += 1'000;
  };
  auto parsed = parse();
  ASSERT_TRUE(
      ResolveFiles(parsed, folder.path(), folder / "data", Catalogue(), tool, clock, events));
  ASSERT_EQ(told.size(), 4u);
  for (const ScanProgress& progress : told) EXPECT_EQ(progress.total, 2u) << "files, not songs";
  EXPECT_EQ(told[0].done, 1u);
  EXPECT_EQ(told[0].current, folder / "plain.mp3");
  EXPECT_EQ(told[1].converting, 0.5);
  EXPECT_EQ(told[1].current, folder / "old.mp4");
  EXPECT_EQ(told[3].done, 2u);

  FakeTool idle;
  events.stopped = [] { return true; };
  auto stopped = parse();
  EXPECT_FALSE(
      ResolveFiles(stopped, folder.path(), folder / "data", Catalogue(), idle, clock, events));
  EXPECT_EQ(idle.probes, 0);
}

}  // namespace
}  // namespace popradio::media
