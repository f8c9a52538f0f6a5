#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "api/route_table.h"
#include "api/service_testing.h"

// The curator's routes, the radio, and what operators ask.
namespace popradio::api {
namespace {

std::vector<Song> Songs(int count) {
  std::vector<Song> songs;
  for (int n = 1; n <= count; ++n) songs.push_back(MakeSong(n));
  return songs;
}

constexpr auto kNewSong =
    R"({"title":"New","artist":"Somebody","duration":60,"videoUrl":"https://cdn.example.org/new.mp4","unknown":1})";

TEST(Token, IsAskedForAndWrongOnesAreCounted) {
  TestStation station(Songs(1));
  const auto none = station.Get("/v1/admin/rotation");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.Header("WWW-Authenticate"), "Bearer");
  TestStation::Ask wrong{.target = "/v1/admin/rotation",
                         .headers = {{"Authorization", "Bearer wrong"}}};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(station.Send(wrong).Code(), "unauthorized");
  EXPECT_EQ(station.Send(wrong).Code(), "rate_limited");
  EXPECT_EQ(station.Curate("GET", "/v1/admin/rotation").status, 429)
      << "who has guessed too often learns nothing";
  station.clock().Advance(std::chrono::seconds(62));
  for (int i = 0; i < 30; ++i) EXPECT_EQ(station.Curate("GET", "/v1/admin/rotation").status, 200);
}

TEST(Token, ManyBytesAreTakenFromItsOwnerOnly) {
  TestStation station;
  http::Request head;
  head.method = http::Method::kPost;
  head.path = "/v1/admin/import";
  EXPECT_EQ(station.service().BodyLimitFor(head).max_bytes, kSmallBody);
  head.fields[head.field_count++] = {"Authorization", "Bearer the-curators-token"};
  EXPECT_EQ(station.service().BodyLimitFor(head).max_bytes, kImportBody);
}

TEST(Curator, AChangeIsVisibleAtOnce) {
  TestStation station(Songs(3));
  const auto made = station.Curate("POST", "/v1/admin/songs", kNewSong);
  ASSERT_EQ(made.status, 201) << made.body;
  const auto id = std::string(made.Data().at("_id").as_string());
  EXPECT_EQ(made.Data().at("source").as_string(), "link");
  EXPECT_EQ(station.Get("/v1/songs").Data().at("songs").at(0).at("_id").as_string(), id);
  const auto changed =
      station.Curate("PATCH", "/v1/admin/songs/" + id, R"({"title":"Renamed","releaseYear":null})");
  EXPECT_EQ(changed.Data().at("title").as_string(), "Renamed");
  EXPECT_EQ(station.Get("/v1/songs/" + id).Data().at("title").as_string(), "Renamed");
  EXPECT_EQ(station.Get("/v1/songs?q=renamed").Data().at("songs").as_array().size(), 1u);
  EXPECT_FALSE(station.Curate("DELETE", "/v1/admin/songs/" + id).Data().at("isActive").as_bool());
  EXPECT_EQ(station.Get("/v1/songs/" + id).Code(), "song_not_found");
  EXPECT_EQ(
      station.Curate("GET", "/v1/admin/songs?isActive=false").Data().at("songs").as_array().size(),
      1u);
}

TEST(Curator, ASecondSongOfTheSameIdIsAConflict) {
  TestStation station(Songs(1));
  const std::string body =
      R"({"_id":")" + SongIdOf(1).ToHex() +
      R"(","title":"x","artist":"y","duration":5,"audioUrl":"https://a.example/x.mp3"})";
  EXPECT_EQ(station.Curate("POST", "/v1/admin/songs", body).Code(), "conflict");
}

TEST(Curator, NamesTheFieldThatDoesNotFitAndChangesNothing) {
  TestStation station(Songs(2));
  const std::string path = "/v1/admin/songs/" + SongIdOf(2).ToHex();
  const auto before = station.Curate("GET", path).body;
  for (const char* body :
       {R"({"title":""})", R"({"duration":0})", R"({"duration":"5"})", R"({"genre":[1]})",
        R"({"videoUrl":"javascript:void"})", R"({"isActive":"yes"})", R"({"releaseYear":"x"})"}) {
    const auto answer = station.Curate("PATCH", path, body);
    EXPECT_EQ(answer.Code(), "invalid_parameter") << body;
    const std::string field(body + 2, std::string_view(body).find('"', 2) - 2);
    EXPECT_NE(answer.Sentence().find(field), std::string::npos) << answer.Sentence();
  }
  EXPECT_EQ(station.Curate("GET", path).body, before);
}

TEST(Curator, SendingBackWhatWasShownTurnsNoFileIntoALink) {
  Song song = MakeSong(2);
  song.video_url.clear();
  song.media.video_path = "/library/two.mp4";
  TestStation station({song});
  const std::string path = "/v1/admin/songs/" + song.id.ToHex();
  const auto shown = station.Curate("GET", path).Data().as_object();
  EXPECT_EQ(shown.at("source").as_string(), "file");
  boost::json::object back = shown;
  back["title"] = "Renamed";
  ASSERT_EQ(station.Curate("PATCH", path, boost::json::serialize(back)).status, 200);
  const Song& stored = station.backend().catalogue().Current()->songs()[0];
  EXPECT_EQ(stored.title, "Renamed");
  EXPECT_EQ(stored.video_url, "");
  EXPECT_EQ(stored.album_art, "");
}

TEST(Curator, APlaylistNamesSongsThatExistInItsOrder) {
  TestStation station(Songs(3));
  const auto ids = [](std::initializer_list<int> songs) {
    std::string out;
    for (const int n : songs)
      out.append(out.empty() ? "\"" : ",\"").append(SongIdOf(n).ToHex()).append("\"");
    return "[" + out + "]";
  };
  const auto made = station.Curate("POST", "/v1/admin/playlists",
                                   R"({"title":"Mix","songs":)" + ids({3, 1}) + "}");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string path = "/v1/admin/playlists/" + std::string(made.Data().at("_id").as_string());
  EXPECT_EQ(
      boost::json::serialize(
          station.Curate("PATCH", path, R"({"isFeatured":true,"songs":)" + ids({1, 2, 3}) + "}")
              .Data()
              .at("songs")),
      ids({1, 2, 3}));
  EXPECT_EQ(station.Get("/v1/playlists/featured").Data().at("playlists").as_array().size(), 1u);
  const auto refused = station.Curate("PATCH", path, R"({"songs":)" + ids({9}) + "}");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.Sentence().find("songs"), std::string::npos);
}

TEST(Curator, AHiddenCommentIsGoneAndComesBack) {
  TestStation station(Songs(1));
  const std::string path = "/v1/songs/" + SongIdOf(1).ToHex() + "/comments";
  const auto made =
      station.Post(path, MakeSession(1), R"({"text":"hide me"})").Data().at("comment");
  const std::string admin = "/v1/admin/comments/" + std::string(made.at("_id").as_string());
  EXPECT_TRUE(
      station.Curate("PATCH", admin, R"({"isHidden":true})").Data().at("isHidden").as_bool());
  EXPECT_TRUE(station.Get(path).Data().at("comments").as_array().empty());
  EXPECT_EQ(station.Curate("GET", "/v1/admin/comments?isHidden=true")
                .Data()
                .at("comments")
                .as_array()
                .size(),
            1u);
  EXPECT_EQ(station.Curate("GET", "/v1/admin/comments?isHidden=false")
                .Data()
                .at("comments")
                .as_array()
                .size(),
            0u);
  station.Curate("PATCH", admin, R"({"isHidden":false})");
  EXPECT_EQ(station.Get(path).Data().at("comments").as_array().size(), 1u);
  EXPECT_EQ(
      station.Curate("PATCH", "/v1/admin/comments/" + std::string(24, '0'), R"({"isHidden":true})")
          .Code(),
      "comment_not_found");
}

TEST(Curator, ExportsAFileThatImportsAsUnchanged) {
  TestStation station(Songs(3), {MakePlaylist(1, {SongIdOf(2)})});
  station.Post("/v1/songs/" + SongIdOf(2).ToHex() + "/like", MakeSession(1));
  station.Post("/v1/songs/" + SongIdOf(2).ToHex() + "/comments", MakeSession(1),
               R"({"text":"kept"})");
  const auto file = station.Curate("GET", "/v1/admin/export");
  EXPECT_EQ(file.body.find(MakeSession(1).ToString()), std::string::npos);
  const auto report = station.Curate("POST", "/v1/admin/import", file.body);
  ASSERT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(report.Data().at("added").as_int64(), 0);
  EXPECT_EQ(report.Data().at("changed").as_int64(), 0);
  EXPECT_EQ(report.Data().at("unchanged").as_int64(), 4);
  EXPECT_EQ(station.Get("/v1/songs/" + SongIdOf(2).ToHex()).Data().at("likes").as_int64(), 1);
  EXPECT_EQ(station.Curate("POST", "/v1/admin/import", "{").Code(), "invalid_json");
}

TEST(Curator, SeesTheDay) {
  TestStation station(Songs(2));
  station.Post("/v1/songs/" + SongIdOf(1).ToHex() + "/play", MakeSession(1));
  station.Post("/v1/songs/" + SongIdOf(1).ToHex() + "/play", MakeSession(2));
  const auto days = station.Curate("GET", "/v1/admin/analytics").Data().at("days").as_array();
  ASSERT_EQ(days.size(), 1u);
  EXPECT_EQ(days[0].at("date").as_string(), "2026-02-03");
  EXPECT_EQ(days[0].at("totalPlays").as_int64(), 2);
  EXPECT_EQ(days[0].at("uniqueVisitors").as_int64(), 2);
  EXPECT_EQ(station.Curate("GET", "/v1/admin/analytics?from=yesterday").Code(),
            "invalid_parameter");
  EXPECT_EQ(station.Curate("GET", "/v1/admin/analytics?from=2026-02-02&to=2026-02-01").Code(),
            "invalid_parameter");
}

TEST(Radio, ShowsNowAndTheNextFiveInTime) {
  TestStation station(Songs(12));
  const auto stream = station.Get("/v1/radio/stream", MakeSession(1));
  EXPECT_EQ(stream.Header("Cache-Control"), "no-store");
  const auto data = stream.Data();
  EXPECT_EQ(data.at("queue").as_array().size(), 5u);
  EXPECT_EQ(data.at("serverTime").as_string(), "2026-02-03T10:25:00.000Z");
  EXPECT_EQ(data.at("listeners").as_int64(), 1);
  EXPECT_EQ(data.at("nowPlaying").at("endsAt"), data.at("queue").at(0).at("startedAt"));
  const auto schedule = station.Get("/v1/radio/schedule").Data().at("slots").as_array();
  ASSERT_EQ(schedule.size(), 6u);
  EXPECT_EQ(schedule[1].at("song").at("_id"), data.at("queue").at(0).at("_id"));
}

// The prepared answer and the one written anew say the same, whatever happened in between.
TEST(Radio, ThePreparedAnswerNeverLagsBehind) {
  TestStation station(Songs(12));
  const SessionId me = MakeSession(1);
  const auto playing = [&](std::optional<SessionId> session) {
    return station.Get("/v1/radio/stream", session).Data().at("nowPlaying").as_object();
  };
  const auto id = std::string(playing(std::nullopt).at("_id").as_string());
  const auto likes = playing(std::nullopt).at("likes").as_int64();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(playing(me).at("isLikedByUser").as_bool());
    station.Post("/v1/songs/" + id + "/like", me);
    EXPECT_TRUE(playing(me).at("isLikedByUser").as_bool());
    EXPECT_EQ(playing(me).at("likes").as_int64(), likes + 1);
    station.Delete("/v1/songs/" + id + "/like", me);
  }
  EXPECT_FALSE(playing(me).at("isLikedByUser").as_bool());
  station.Post("/v1/songs/" + id + "/like", me);
  EXPECT_EQ(playing(std::nullopt).at("likes").as_int64(), likes + 1);
  EXPECT_FALSE(playing(std::nullopt).at("isLikedByUser").as_bool());
  EXPECT_TRUE(playing(me).at("isLikedByUser").as_bool());
  EXPECT_FALSE(playing(MakeSession(2)).at("isLikedByUser").as_bool());
  station.Curate("PATCH", "/v1/admin/songs/" + id, R"({"title":"Renamed on the air"})");
  EXPECT_EQ(playing(std::nullopt).at("title").as_string(), "Renamed on the air");
  const auto before = playing(me).at("seq").as_int64();
  station.clock().Advance(Millis(5'000));
  station.Curate("POST", "/v1/admin/radio/next");
  EXPECT_EQ(playing(std::nullopt).at("seq").as_int64(), before + 1);
}

TEST(Skip, ASingleListenerSkipsAtOnceAndNotTwice) {
  TestStation station(Songs(12));
  const SessionId me = MakeSession(1);
  const auto before = station.Get("/v1/radio/stream", me).Data();
  EXPECT_EQ(boost::json::serialize(before.at("skip")),
            R"({"policy":"vote","votes":0,"needed":1,"voted":false})");
  station.clock().Advance(Millis(20'000));
  const auto result = station.Post("/v1/radio/next", me).Data();
  EXPECT_TRUE(result.at("skipped").as_bool());
  EXPECT_EQ(result.at("nowPlaying").at("_id"), before.at("queue").at(0).at("_id"));
  const auto again = station.Post("/v1/radio/next", me);
  EXPECT_EQ(again.Code(), "skip_too_soon");
  EXPECT_LE(again.Json().at("retryAfter").as_int64(), 10);
}

TEST(Skip, NeedsHalfOfThoseWhoListen) {
  TestStation station(Songs(12));
  const auto ask = [&](int n, std::string_view method, const char* target) {
    return station.Send({.method = method,
                         .target = target,
                         .headers = {{"X-Session-Id", MakeSession(n).ToString()}},
                         .peer = "203.0.113." + std::to_string(n)});
  };
  for (int n = 1; n <= 4; ++n) ask(n, "GET", "/v1/radio/stream");
  station.clock().Advance(Millis(10'000));
  const auto first = ask(1, "POST", "/v1/radio/next").Data();
  EXPECT_FALSE(first.at("skipped").as_bool());
  EXPECT_EQ(first.at("votes").as_int64(), 1);
  EXPECT_EQ(first.at("needed").as_int64(), 2);
  EXPECT_TRUE(ask(1, "GET", "/v1/radio/stream").Data().at("skip").at("voted").as_bool());
  EXPECT_FALSE(ask(2, "GET", "/v1/radio/stream").Data().at("skip").at("voted").as_bool());
  EXPECT_FALSE(ask(1, "POST", "/v1/radio/next").Data().at("skipped").as_bool()) << "one vote each";
  EXPECT_TRUE(ask(2, "POST", "/v1/radio/next").Data().at("skipped").as_bool());
  EXPECT_EQ(ask(1, "GET", "/v1/radio/stream").Data().at("skip").at("votes").as_int64(), 0);
}

TEST(Skip, NamesTheSongItMeans) {
  TestStation station(Songs(12));
  station.Get("/v1/radio/stream", MakeSession(1));
  EXPECT_EQ(station.Post("/v1/radio/next", MakeSession(1), R"({"seq":999999})").Code(),
            "song_over");
  EXPECT_EQ(station.Post("/v1/radio/next", MakeSession(1), R"({"songId":"abc"})").Code(),
            "invalid_parameter");
  const auto seq = station.Get("/v1/radio/stream").Data().at("nowPlaying").at("seq").as_int64();
  station.clock().Advance(Millis(15'000));
  EXPECT_EQ(station.Post("/v1/radio/next", MakeSession(1), R"({"seq":)" + std::to_string(seq) + "}")
                .status,
            200);
}

TEST(Skip, FollowsThePolicyWhichTheCuratorMayChange) {
  ServiceOptions options;
  options.skip = SkipPolicy::kCurator;
  TestStation station(Songs(12), {}, options);
  EXPECT_EQ(station.Post("/v1/radio/next", MakeSession(1)).Code(), "unauthorized");
  station.clock().Advance(Millis(5'000));
  EXPECT_TRUE(station.Curate("POST", "/v1/radio/next").Data().at("skipped").as_bool());
  EXPECT_EQ(station.Curate("PATCH", "/v1/admin/rotation", R"({"skipPolicy":"off"})")
                .Data()
                .at("skipPolicy")
                .as_string(),
            "off");
  EXPECT_EQ(station.Get("/v1/radio/stream").Data().at("skip").at("policy").as_string(), "off");
  EXPECT_EQ(station.Post("/v1/radio/next", MakeSession(1)).Code(), "skip_off");
  EXPECT_EQ(station.Curate("PATCH", "/v1/admin/rotation", R"({"skipPolicy":"anarchy"})").Code(),
            "invalid_parameter");
}

TEST(Skip, AnEmptyStationHasNothingToSkip) {
  TestStation station;
  EXPECT_EQ(station.Post("/v1/radio/next", MakeSession(1)).Code(), "song_not_found");
  EXPECT_TRUE(station.Get("/v1/radio/stream").Data().at("nowPlaying").is_null());
}

TEST(Radio, APinnedSongIsNext) {
  TestStation station(Songs(12));
  const auto before = station.Get("/v1/radio/stream").Data();
  std::string pin;
  for (int n = 1; n <= 12 && pin.empty(); ++n) {
    if (boost::json::serialize(before).find(SongIdOf(n).ToHex()) == std::string::npos)
      pin = SongIdOf(n).ToHex();
  }
  const auto after =
      station.Curate("POST", "/v1/admin/radio/pin", R"({"songId":")" + pin + "\"}").Data();
  EXPECT_EQ(after.at("queue").at(0).at("_id").as_string(), pin);
  EXPECT_EQ(after.at("queue").at(0).at("why").at("code").as_string(), "pinned");
  EXPECT_EQ(station.Get("/v1/radio/stream").Data().at("queue"), after.at("queue"));
  EXPECT_EQ(station.Curate("POST", "/v1/admin/radio/pin", "{}").Code(), "invalid_parameter");
}

TEST(Radio, ADeactivatedSongIsOffTheAirWhenTheCuratorIsAnswered) {
  TestStation station(Songs(12));
  for (int i = 0; i < 4; ++i) {
    const auto gone =
        std::string(station.Get("/v1/radio/stream").Data().at("queue").at(2).at("_id").as_string());
    ASSERT_EQ(station.Curate("DELETE", "/v1/admin/songs/" + gone).status, 200);
    const auto after = station.Get("/v1/radio/stream");
    EXPECT_EQ(after.body.find(gone), std::string::npos);
    EXPECT_EQ(after.Data().at("queue").as_array().size(), 5u);
  }
}

TEST(Radio, HistoryEndsBeforeWhatPlays) {
  TestStation station(Songs(12));
  for (int i = 0; i < 5; ++i) {
    station.clock().Advance(Millis(5'000));
    station.Curate("POST", "/v1/admin/radio/next");
  }
  const auto now = station.Get("/v1/radio/stream").Data().at("nowPlaying").at("seq").as_int64();
  std::vector<std::int64_t> seen;
  std::string before;
  for (int i = 0; i < 10; ++i) {
    const auto page = station.Get("/v1/radio/history?limit=2" + before).Data();
    for (const auto& slot : page.at("slots").as_array()) {
      seen.push_back(slot.at("seq").as_int64());
      EXPECT_TRUE(slot.at("skipped").as_bool());
    }
    if (page.at("nextCursor").is_null()) break;
    before = "&before=" + std::string(page.at("nextCursor").as_string());
  }
  EXPECT_EQ(seen, (std::vector<std::int64_t>{now - 1, now - 2, now - 3, now - 4, now - 5}));
}

TEST(Operations, SayHowEverythingIs) {
  TestStation station(Songs(2));
  const auto health = station.Get("/health");
  EXPECT_EQ(health.status, 200) << health.body;
  EXPECT_EQ(health.Json().at("status").as_string(), "ok");
  EXPECT_EQ(health.Json().at("services").at("radio").as_string(), "ok");
  EXPECT_GE(health.Json().at("services").as_object().size(), 2u);
  EXPECT_EQ(station.Get("/health/ready").Json().at("status").as_string(), "ok");
  station.Get("/v1/songs");
  const auto metrics = station.Get("/metrics").body;
  EXPECT_NE(metrics.find(
                "popradio_http_requests_total{method=\"GET\",route=\"/songs\",status=\"2xx\"} 1"),
            std::string::npos)
      << metrics;
  EXPECT_NE(metrics.find("popradio_songs 2"), std::string::npos);
}

TEST(Operations, TheConnectionsOwnRefusalsHaveTheEnvelope) {
  TestStation station;
  http::Response response;
  station.service().RenderError(414, "uri_too_long", "The request line is too long.", response);
  EXPECT_EQ(response.body,
            R"({"success":false,"error":"The request line is too long.","code":"uri_too_long"})");
  EXPECT_EQ(response.FindHeader("X-Content-Type-Options"), "nosniff");
}

}  // namespace
}  // namespace popradio::api
