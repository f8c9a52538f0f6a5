#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "api/error_map.h"
#include "api/rendered_catalogue.h"
#include "api/reply.h"
#include "api/service_testing.h"
#include "api/stream_text.h"

namespace popradio::api {
namespace {

const MediaUrls& Urls() {
  static const MediaUrls urls("/api/media", "");
  return urls;
}

RenderedPtr Render(std::vector<Song> songs, std::vector<Playlist> playlists = {}) {
  return std::make_shared<const RenderedCatalogue>(
      std::make_shared<const Catalogue>(1, std::move(songs), std::move(playlists)), Urls());
}

constexpr std::string_view kLoveStory =
    R"({"_id":"507f1f77bcf86cd799439011","title":"Love Story","artist":"Taylor Swift",)"
    R"("albumArt":"https://cdn.popradio.com/albums/love-story.jpg",)"
    R"("videoUrl":"https://cdn.popradio.com/videos/love-story.mp4",)"
    R"("audioUrl":"https://cdn.popradio.com/audio/love-story.mp3","duration":235,)"
    R"("genre":["Pop","Country"],"releaseYear":2008,"likes":42538,"plays":1289456,"isLikedByUser":true,)"
    R"("createdAt":"2026-01-12T08:00:01.000Z"})";

TEST(RenderedCatalogue, WritesTheDocumentsSongByteForByte) {
  const auto rendered = Render({MakeSong(1)});
  std::string out;
  rendered->AppendSong(out, 0, {42538, 1289456, true});
  EXPECT_EQ(out, kLoveStory);
}

TEST(RenderedCatalogue, SaysNullForAnUnknownYearAndEscapesWhatHasTo) {
  Song song = MakeSong(2);
  song.title = "Quote \" and \\ </script>\n";
  song.genre.clear();
  const auto rendered = Render({song});
  std::string out;
  rendered->AppendSong(out, 0, {});
  const auto json = boost::json::parse(out).as_object();
  EXPECT_TRUE(json.at("releaseYear").is_null());
  EXPECT_EQ(json.at("title").as_string(), song.title);
  EXPECT_TRUE(json.at("genre").as_array().empty());
  EXPECT_EQ(out.find("</script>"), std::string::npos) << "an answer may be placed in a page";
}

TEST(RenderedCatalogue, GivesWhatHasNoPictureAGeneratedCover) {
  const auto rendered = Render({MakeSong(2)}, {MakePlaylist(1, {SongIdOf(2)})});
  std::string out;
  rendered->AppendSong(out, 0, {});
  const auto art = std::string(boost::json::parse(out).at("albumArt").as_string());
  EXPECT_TRUE(art.starts_with("/api/media/" + SongIdOf(2).ToHex() + "/art?v=")) << art;
  out.clear();
  const store::Engagement numbers[2];
  EXPECT_EQ(rendered->AppendPlaylist(out, 0, numbers), 2u);
  const auto cover = std::string(boost::json::parse(out).at("coverImage").as_string());
  EXPECT_TRUE(cover.starts_with("/api/media/" + PlaylistIdOf(1).ToHex() + "/cover?v=")) << cover;
}

TEST(RenderedCatalogue, EmbedsAPlaylistsActiveSongsInItsOrder) {
  Song silent = MakeSong(3);
  silent.is_active = false;
  const auto rendered = Render({MakeSong(1), MakeSong(2), silent},
                               {MakePlaylist(1, {SongIdOf(2), SongIdOf(3), SongIdOf(1)})});
  std::vector<Target> targets;
  rendered->CollectTargets(0, targets);
  ASSERT_EQ(targets.size(), 3u);
  const store::Engagement numbers[] = {{5, 6, true}, {1, 2, false}, {3, 4, true}};
  std::string out;
  EXPECT_EQ(rendered->AppendPlaylist(out, 0, numbers), 3u);
  const auto json = boost::json::parse(out).as_object();
  EXPECT_EQ(json.at("likes").as_int64(), 5);
  EXPECT_EQ(json.at("views").as_int64(), 6);
  EXPECT_TRUE(json.at("isLikedByUser").as_bool());
  const auto& songs = json.at("songs").as_array();
  ASSERT_EQ(songs.size(), 2u);
  EXPECT_EQ(songs[0].at("_id").as_string(), SongIdOf(2).ToHex());
  EXPECT_EQ(songs[1].at("_id").as_string(), SongIdOf(1).ToHex());
  EXPECT_EQ(songs[1].at("likes").as_int64(), 3);
}

TEST(RenderedCatalogue, ListsFeaturedPlaylistsFirst) {
  auto featured = MakePlaylist(1, {});
  featured.is_featured = true;
  auto closed = MakePlaylist(4, {});
  closed.is_active = false;
  const auto rendered = Render({}, {featured, MakePlaylist(2, {}), MakePlaylist(3, {}), closed});
  EXPECT_EQ(rendered->playlist_order(), (std::vector<Catalogue::Index>{0, 2, 1}));
}

TEST(MediaUrls, AreVersionedByContentAndAbsoluteOnlyWhereAsked) {
  Song song = MakeSong(2);
  song.video_url.clear();
  song.media.video_path = "/library/a.mp4";
  song.media.fingerprint = "abc";
  const std::string first = Urls().Video(song);
  EXPECT_TRUE(first.starts_with("/api/media/" + song.id.ToHex() + "/video?v="));
  EXPECT_EQ(Urls().Audio(song), "");
  song.media.fingerprint = "abd";
  EXPECT_NE(Urls().Video(song), first);
  EXPECT_TRUE(MediaUrls("/api/media", "https://radio.example/")
                  .Video(song)
                  .starts_with("https://radio.example/api/media/"));
  EXPECT_TRUE(MediaUrls("https://cdn.example/m/", "https://radio.example")
                  .Video(song)
                  .starts_with("https://cdn.example/m/" + song.id.ToHex()));
  song.video_url = "/elsewhere/a.mp4";
  EXPECT_EQ(Urls().Video(song), "/elsewhere/a.mp4");
  EXPECT_EQ(MediaUrls("/api/media", "https://radio.example").Video(song),
            "https://radio.example/elsewhere/a.mp4");
}

realtime::OnAir SevenSlots(Instant start) {
  realtime::OnAir on_air;
  for (int i = 0; i < 7; ++i) {
    Slot slot;
    slot.seq = 100 + i;
    slot.song = SongIdOf(1 + i % 3);
    slot.starts_at = start + std::chrono::seconds(100 * i);
    slot.ends_at = slot.starts_at + std::chrono::seconds(100);
    on_air.slots.push_back(slot);
  }
  return on_air;
}

TEST(StreamText, IsTheWholeAnswerWithNumbersAndTimesInPlace) {
  const auto rendered = Render({MakeSong(1), MakeSong(2), MakeSong(3)});
  const Instant start = *ParseIso8601("2026-02-03T10:25:00.000Z");
  const auto on_air = SevenSlots(start);
  StreamText stream;
  stream.Prepare(rendered, on_air, 9, start + Millis(150'000), SkipPolicy::kVote);
  ASSERT_EQ(stream.targets().size(), 6u);
  EXPECT_EQ(stream.seq(), 101);
  std::vector<store::Engagement> numbers(6);
  for (int i = 0; i < 6; ++i) numbers[i] = {10 + i, 20 + i, i % 2 == 0};
  std::string out;
  stream.Write(numbers, {start + Millis(150'123), 42, {3, 7, true}}, out);
  const auto json = boost::json::parse(out);
  EXPECT_TRUE(json.at("success").as_bool());
  const auto& data = json.at("data").as_object();
  const auto& playing = data.at("nowPlaying").as_object();
  EXPECT_EQ(playing.at("_id").as_string(), SongIdOf(2).ToHex());
  EXPECT_EQ(playing.at("seq").as_int64(), 101);
  EXPECT_EQ(playing.at("startedAt").as_string(), "2026-02-03T10:26:40.000Z");
  EXPECT_EQ(playing.at("endsAt").as_string(), "2026-02-03T10:28:20.000Z");
  EXPECT_EQ(playing.at("likes").as_int64(), 10);
  EXPECT_TRUE(playing.at("isLikedByUser").as_bool());
  EXPECT_EQ(playing.at("why").at("code").as_string(), "rotation");
  const auto& queue = data.at("queue").as_array();
  ASSERT_EQ(queue.size(), 5u);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(queue[i].at("seq").as_int64(), 102 + i);
    EXPECT_EQ(queue[i].at("likes").as_int64(), 11 + i);
    EXPECT_EQ(queue[i].at("plays").as_int64(), 21 + i);
  }
  EXPECT_EQ(data.at("serverTime").as_string(), "2026-02-03T10:27:30.123Z");
  EXPECT_EQ(data.at("listeners").as_int64(), 42);
  EXPECT_TRUE(data.at("playlistId").is_null());
  EXPECT_EQ(boost::json::serialize(data.at("skip")),
            R"({"policy":"vote","votes":3,"needed":7,"voted":true})");
}

TEST(StreamText, HoldsWhileItsSongPlaysAndNoLonger) {
  const auto rendered = Render({MakeSong(1), MakeSong(2), MakeSong(3)});
  const Instant start = FromEpochMs(1'000'000'000'000);
  StreamText stream;
  EXPECT_FALSE(stream.Covers(nullptr, 0, start));
  stream.Prepare(rendered, SevenSlots(start), 9, start + Millis(5), SkipPolicy::kVote);
  EXPECT_TRUE(stream.Covers(rendered.get(), 9, start));
  EXPECT_TRUE(stream.Covers(rendered.get(), 9, start + Millis(99'999)));
  EXPECT_FALSE(stream.Covers(rendered.get(), 9, start + Millis(100'000)));
  EXPECT_FALSE(stream.Covers(rendered.get(), 9, start - Millis(1)));
  EXPECT_FALSE(stream.Covers(rendered.get(), 10, start + Millis(5)));
  EXPECT_FALSE(stream.Covers(Render({}).get(), 9, start + Millis(5)));
}

TEST(StreamText, TheKeptAnswerIsTheOneThatWouldBeWritten) {
  const auto rendered = Render({MakeSong(1), MakeSong(2), MakeSong(3)});
  const Instant start = FromEpochMs(1'000'000'000'000);
  StreamText stream;
  stream.Prepare(rendered, SevenSlots(start), 9, start, SkipPolicy::kVote);
  const std::vector<store::Engagement> numbers(6, {7, 8, false});
  StreamLive live{start + Millis(1), 3, {}};
  std::string first, kept, written;
  EXPECT_FALSE(stream.WriteKept(1, live, kept));
  stream.Write(numbers, live, first);
  stream.Keep(1, live, first);
  live.now += Millis(4321);
  ASSERT_TRUE(stream.WriteKept(1, live, kept));
  stream.Write(numbers, live, written);
  EXPECT_EQ(kept, written);
  EXPECT_FALSE(stream.WriteKept(2, live, kept)) << "a like came";
  live.listeners = 4;
  EXPECT_FALSE(stream.WriteKept(1, live, kept)) << "a listener came";
  live.listeners = 3;
  live.standing.votes = 1;
  EXPECT_FALSE(stream.WriteKept(1, live, kept)) << "a vote came";
}

TEST(StreamText, OfAStationWithoutSongsIsNullAndEmpty) {
  StreamText stream;
  stream.Prepare(Render({}), realtime::OnAir(), 1, FromEpochMs(0), SkipPolicy::kOff);
  std::string out;
  stream.Write({}, {FromEpochMs(0), 0, {}}, out);
  EXPECT_EQ(
      out,
      R"({"success":true,"data":{"nowPlaying":null,"queue":[],"serverTime":"1970-01-01T00:00:00.000Z",)"
      R"("listeners":0,"playlistId":null,"skip":{"policy":"off","votes":0,"needed":1,"voted":false}}})");
}

TEST(Errors, KeepTheEnvelopeAndTheDocumentsSentences) {
  http::Response response;
  WriteError(Error(ErrorCode::kRateLimited, RateLimitSentence(900), 900), response);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(
      response.body,
      R"({"success":false,"error":"Rate limit exceeded. Try again in 15 minutes.","code":"rate_limited","retryAfter":900})");
  EXPECT_EQ(response.FindHeader("Retry-After"), "900");
}

TEST(Errors, SayWhenToComeBackInWordsThatFit) {
  const std::pair<int, const char*> cases[] = {
      {1, "1 second"},   {42, "42 seconds"},  {59, "59 seconds"},  {60, "1 minute"},
      {61, "2 minutes"}, {900, "15 minutes"}, {901, "16 minutes"}, {3660, "61 minutes"}};
  for (const auto& [seconds, words] : cases) {
    EXPECT_EQ(RateLimitSentence(seconds),
              std::string("Rate limit exceeded. Try again in ") + words + ".");
  }
}

TEST(Errors, KeepABugsMessageToThemselves) {
  http::Response response;
  WriteError(Error(ErrorCode::kInternal, "secret of the house"), response);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
}

TEST(Errors, EveryCodeHasAStatusAndAName) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const PublicError shown = Publish(static_cast<ErrorCode>(i));
    EXPECT_GE(shown.status, 400);
    EXPECT_TRUE(names.insert(shown.code).second) << shown.code;
  }
  EXPECT_EQ(Publish(ErrorCode::kAlreadyLiked).status, 409);
  EXPECT_EQ(Publish(ErrorCode::kNotLiked).status, 404);
  EXPECT_EQ(Publish(ErrorCode::kUnavailable).status, 503);
}

}  // namespace
}  // namespace popradio::api
