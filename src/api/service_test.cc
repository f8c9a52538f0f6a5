#include "api/service.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <set>

#include "api/service_testing.h"

namespace popradio::api {
namespace {

std::string LikePath(int n) { return "/v1/songs/" + SongIdOf(n).ToHex() + "/like"; }
std::string SongPath(int n) { return "/v1/songs/" + SongIdOf(n).ToHex(); }

ServiceOptions Limited(store::LimitAction action, int limit) {
  ServiceOptions options;
  options.limits.per_window[static_cast<std::size_t>(action)] = limit;
  return options;
}

TEST(Service, AnswersTheDocumentsExample) {
  TestStation station({MakeSong(1)});
  const SessionId me = MakeSession(1);
  EXPECT_EQ(
      station.Post(LikePath(1), me).body,
      R"({"success":true,"data":{"songId":"507f1f77bcf86cd799439011","likes":42539,"isLiked":true}})");
  EXPECT_EQ(
      station.Get("/api/songs", me).body,
      R"({"success":true,"data":{"songs":[{"_id":"507f1f77bcf86cd799439011","title":"Love Story",)"
      R"("artist":"Taylor Swift","albumArt":"https://cdn.popradio.com/albums/love-story.jpg",)"
      R"("videoUrl":"https://cdn.popradio.com/videos/love-story.mp4",)"
      R"("audioUrl":"https://cdn.popradio.com/audio/love-story.mp3","duration":235,"genre":["Pop","Country"],)"
      R"("releaseYear":2008,"likes":42539,"plays":1289456,"isLikedByUser":true,)"
      R"("createdAt":"2026-01-12T08:00:01.000Z"}],"pagination":{"currentPage":1,"totalPages":1,"totalSongs":1,)"
      R"("hasNext":false,"hasPrev":false,"limit":20,"nextCursor":null}}})");
}

TEST(Service, ServesTheSameRoutesUnderBothBasePaths) {
  TestStation station(MakeSongs(3));
  for (const char* path : {"/songs", "/songs/popular", "/songs/recent", "/playlists",
                           "/playlists/featured", "/radio/schedule", "/radio/history"}) {
    const auto v1 = station.Get(std::string("/v1") + path),
               api = station.Get(std::string("/api") + path);
    EXPECT_EQ(v1.status, 200) << path;
    EXPECT_EQ(v1.body, api.body) << path;
  }
}

TEST(LikeFlow, AsksInTheDocumentsOrder) {
  TestStation station(MakeSongs(3), {}, Limited(store::LimitAction::kLike, 2));
  const SessionId me = MakeSession(1);
  EXPECT_EQ(station.Post("/v1/songs/abc/like", me).Code(), "invalid_id");
  EXPECT_EQ(station.Post(LikePath(9), me).Code(), "song_not_found");
  EXPECT_EQ(station.Post(LikePath(1), me).status, 200);
  EXPECT_EQ(station.Post(LikePath(2), me).status, 200);
  const auto again = station.Post(LikePath(1), me);
  EXPECT_EQ(again.status, 409) << "liked already is said before the limit";
  EXPECT_EQ(again.Sentence(), "You've already liked this song");
  const auto refused = station.Post(LikePath(3), me);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.Code(), "rate_limited");
  EXPECT_TRUE(refused.Sentence().starts_with("Rate limit exceeded. Try again in "))
      << refused.Sentence();
  EXPECT_EQ(refused.Json().at("retryAfter").as_int64(), std::stoll(refused.Header("Retry-After")));
  EXPECT_TRUE(refused.Header("RateLimit").starts_with("\"like\";r=0;t="))
      << refused.Header("RateLimit");
  EXPECT_EQ(station.Delete(LikePath(3), me).Code(), "not_liked");
  EXPECT_EQ(station.Delete(LikePath(1), me).Data().at("likes").as_int64(), 42538);
}

TEST(LikeFlow, WhatIsRefusedDoesNotCount) {
  TestStation station(MakeSongs(3), {}, Limited(store::LimitAction::kLike, 3));
  const SessionId me = MakeSession(1);
  station.Post(LikePath(1), me);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(station.Post(LikePath(1), me).status, 409);
    EXPECT_EQ(station.Post(LikePath(9), me).status, 404);
  }
  EXPECT_EQ(station.Post(LikePath(2), me).status, 200);
  EXPECT_EQ(station.Post(LikePath(3), me).status, 200);
  EXPECT_EQ(station.Post(LikePath(1), MakeSession(2)).status, 429)
      << "an address, whatever the session";
  station.clock().Advance(std::chrono::minutes(62));
  EXPECT_EQ(station.Post(LikePath(1), MakeSession(2)).status, 200);
}

TEST(LikeFlow, ASessionHasALimitOfItsOwn) {
  TestStation station(MakeSongs(3), {}, Limited(store::LimitAction::kSessionLike, 1));
  EXPECT_EQ(station.Post(LikePath(1), MakeSession(1)).status, 200);
  EXPECT_EQ(station.Post(LikePath(2), MakeSession(1)).status, 429);
  EXPECT_EQ(station.Post(LikePath(2), MakeSession(2)).status, 200);
}

TEST(ApiLimit, CountsEveryRequestOfAnAddressAndNothingElse) {
  TestStation station(MakeSongs(3), {}, Limited(store::LimitAction::kApi, 5));
  const auto first = station.Get("/v1/songs");
  EXPECT_EQ(first.Header("RateLimit-Policy"), "\"api\";q=5;w=3600");
  EXPECT_TRUE(first.Header("RateLimit").starts_with("\"api\";r=4;t="));
  for (const char* path : {"/v1/songs/abc", "/v1/nothing", "/api/time", "/v1/radio/stream"})
    station.Get(path);
  EXPECT_EQ(station.Get("/v1/songs").status, 429);
  for (const char* path :
       {"/health", "/health/live", "/health/ready", "/metrics", "/openapi.json", "/docs", "/"}) {
    EXPECT_EQ(station.Get(path).status, 200) << path;
  }
  EXPECT_EQ(station.Get("/api/media/" + SongIdOf(2).ToHex() + "/art").status, 200);
  EXPECT_EQ(station.Send({.target = "/v1/songs", .peer = "203.0.113.8"}).status, 200);
}

TEST(ApiLimit, OfNoneSaysNothing) {
  TestStation station(MakeSongs(1), {}, Limited(store::LimitAction::kApi, 0));
  EXPECT_EQ(station.Get("/v1/songs").Header("RateLimit"), "");
  EXPECT_EQ(station.Get("/v1/songs").Header("RateLimit-Policy"), "");
}

TEST(Sessions, WhoSendsNoneGetsOneAndWhoSendsOneKeepsIt) {
  TestStation station(MakeSongs(1));
  const std::string first = station.Get("/v1/songs").Header("X-Session-Id");
  EXPECT_TRUE(SessionId::Parse(first)) << first;
  EXPECT_NE(station.Get("/v1/songs").Header("X-Session-Id"), first);
  EXPECT_EQ(station.Get("/v1/songs", MakeSession(1)).Header("X-Session-Id"),
            MakeSession(1).ToString());
  const auto bad =
      station.Send({.target = "/v1/songs", .headers = {{"X-Session-Id", "a1b2c3d4e5f6g7h8"}}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.Code(), "invalid_session");
  const std::string id = MakeSession(1).ToString();
  EXPECT_EQ(
      station.Send({.target = "/v1/songs", .headers = {{"X-Session-Id", id}, {"x-session-id", id}}})
          .status,
      400);
}

TEST(Sessions, AMintedOneIsStoredOnlyOnceItComesBackOrWrites) {
  TestStation station(MakeSongs(1));
  const auto stored = [&](const std::string& text) {
    auto found = station.Run(station.backend().sessions().Find(*SessionId::Parse(text)));
    return found && found->has_value();
  };
  const std::string reader = station.Get("/v1/songs").Header("X-Session-Id");
  EXPECT_FALSE(stored(reader));
  station.Get("/v1/songs", SessionId::Parse(reader));
  EXPECT_TRUE(stored(reader));
  EXPECT_TRUE(stored(station.Post(LikePath(1)).Header("X-Session-Id")));
}

TEST(Sessions, ForgettingTakesEverythingBack) {
  TestStation station(MakeSongs(2));
  const SessionId me = MakeSession(1), other = MakeSession(2);
  station.Post(LikePath(1), me);
  station.Post(SongPath(1) + "/comments", me, R"({"text":"forget this"})");
  station.Post(SongPath(1) + "/comments", other, R"({"text":"keep this"})");
  EXPECT_EQ(station.Get("/v1/sessions/me", me).Data().at("liked").at("songs").as_array().size(),
            1u);
  EXPECT_EQ(boost::json::serialize(station.Delete("/v1/sessions/me", me).Data()),
            R"({"forgotten":true})");
  EXPECT_EQ(station.Get(SongPath(1), me).Data().at("likes").as_int64(), 42538);
  EXPECT_FALSE(station.Run(station.backend().sessions().Find(me))->has_value() &&
               station.Get("/v1/sessions/me", me).Data().at("liked").at("songs").as_array().size() >
                   0);
  const auto comments = station.Get(SongPath(1) + "/comments", me).Data().at("comments").as_array();
  ASSERT_EQ(comments.size(), 1u);
  EXPECT_EQ(comments[0].at("text").as_string(), "keep this");
}

TEST(Comments, ShowASessionToItsOwnerAlone) {
  TestStation station(MakeSongs(1));
  const SessionId me = MakeSession(1);
  const auto made =
      station.Post(SongPath(1) + "/comments", me, R"({"text":" This song is so dreamy! 💕✨ "})");
  ASSERT_EQ(made.status, 201) << made.body;
  const auto comment = made.Data().at("comment").as_object();
  EXPECT_EQ(comment.at("sessionId").as_string(), me.ToString());
  EXPECT_EQ(comment.at("text").as_string(), "This song is so dreamy! 💕✨");
  EXPECT_EQ(comment.at("createdAt").as_string(), "2026-02-03T10:25:00.000Z");
  EXPECT_TRUE(comment.at("isMine").as_bool());
  const auto seen = station.Get(SongPath(1) + "/comments", MakeSession(2));
  EXPECT_EQ(seen.body.find(me.ToString()), std::string::npos);
  EXPECT_FALSE(seen.Data().at("comments").at(0).at("isMine").as_bool());
  EXPECT_EQ(seen.Data().at("comments").at(0).at("author"), comment.at("author"));
  EXPECT_TRUE(seen.Data().at("nextCursor").is_null());
}

TEST(Comments, OnAMomentComeBackNearIt) {
  TestStation station(MakeSongs(1));
  const std::string path = SongPath(1) + "/comments";
  const auto add = [&](int number, const std::string& more) {
    return station.Post(path, MakeSession(static_cast<std::uint64_t>(number)),
                        R"({"text":"number )" + std::to_string(number) + "\"" + more + "}");
  };
  EXPECT_EQ(add(1, R"(,"atMs":20000)").Data().at("comment").at("atMs").as_int64(), 20'000);
  add(2, R"(,"atMs":4999)");
  add(3, R"(,"atMs":5000)");
  add(4, R"(,"atMs":35000)");
  EXPECT_FALSE(add(5, "").Data().at("comment").as_object().contains("atMs"));
  const auto near = [&](const std::string& query) {
    std::string texts;
    const auto data = station.Get(path + query).Data();
    EXPECT_TRUE(data.at("nextCursor").is_null());
    for (const auto& comment : data.at("comments").as_array())
      texts += std::string(comment.at("text").as_string()).substr(7) + " ";
    return texts;
  };
  EXPECT_EQ(near("?around=20000"), "3 1 4 ");
  EXPECT_EQ(near("?around=19999"), "2 3 1 ");
  EXPECT_EQ(near("?around=0"), "2 3 ");
  EXPECT_EQ(near("?around=86400000"), "");
  EXPECT_EQ(near("?around=20000&cursor=anything"), "3 1 4 ");
  EXPECT_EQ(near("").size(), 10u) << "all five";
  for (const std::string value : {"", "-1", "x", "1.5", "86400001", "99999999999999999999"}) {
    EXPECT_NE(station.Get(path + "?around=" + value).Sentence().find("around"), std::string::npos)
        << value;
  }
  for (const std::string value : {"-1", "235001", "\"1\"", "1.5", "null", "true", "1e300"}) {
    const auto refused = add(6, ",\"atMs\":" + value);
    EXPECT_EQ(refused.Code(), "invalid_parameter") << value;
    EXPECT_NE(refused.Sentence().find("atMs"), std::string::npos) << value;
  }
}

TEST(Comments, RefuseBodiesThatDoNotFit) {
  TestStation station(MakeSongs(1));
  const std::string path = SongPath(1) + "/comments";
  EXPECT_EQ(station.Post(path, MakeSession(1), R"({"text":""})").Sentence(),
            "Comment text must be between 1 and 500 characters");
  EXPECT_EQ(station.Post(path, MakeSession(1), R"({"text":5})").Code(), "invalid_parameter");
  EXPECT_EQ(station.Post(path, MakeSession(1), R"({"text":"a","text":"b"})").Code(),
            "invalid_json");
  EXPECT_EQ(station.Post(path, MakeSession(1)).Code(), "invalid_json");
  EXPECT_EQ(station
                .Send({.method = "POST",
                       .target = path,
                       .headers = {{"Content-Type", "text/plain"}},
                       .body = "x"})
                .status,
            415);
}

TEST(Plays, ARetryWithTheSameKeyCountsOnce) {
  TestStation station(MakeSongs(1));
  TestStation::Ask ask{
      .method = "POST",
      .target = SongPath(1) + "/play",
      .headers = {{"X-Session-Id", MakeSession(1).ToString()}, {"Idempotency-Key", "once"}}};
  EXPECT_EQ(station.Send(ask).Data().at("plays").as_int64(), 1289457);
  EXPECT_EQ(station.Send(ask).Data().at("plays").as_int64(), 1289457);
  ask.headers[1].second = "twice";
  EXPECT_EQ(station.Send(ask).Data().at("plays").as_int64(), 1289458);
  ask.headers[1].second = "";
  EXPECT_EQ(station.Send(ask).Code(), "invalid_parameter");
}

TEST(Listing, FollowsCursorsThroughEveryOrder) {
  TestStation station(MakeSongs(45));
  for (int n = 2; n <= 9; ++n) station.Post(LikePath(n), MakeSession(n));
  for (const std::string sort : {"recent", "popular", "likes", "plays"}) {
    std::vector<std::string> paged, followed;
    for (int page = 1; page <= 5; ++page) {
      const auto data =
          station.Get("/v1/songs?limit=10&sort=" + sort + "&page=" + std::to_string(page)).Data();
      for (const auto& song : data.at("songs").as_array())
        paged.emplace_back(song.at("_id").as_string());
    }
    std::string cursor;
    for (int i = 0; i < 10; ++i) {
      const auto data =
          station.Get("/v1/songs?limit=10&sort=" + sort + (i > 0 ? "&cursor=" + cursor : ""))
              .Data();
      for (const auto& song : data.at("songs").as_array())
        followed.emplace_back(song.at("_id").as_string());
      const auto& next = data.at("pagination").at("nextCursor");
      EXPECT_EQ(next.is_null(), !data.at("pagination").at("hasNext").as_bool());
      if (next.is_null()) break;
      cursor = std::string(next.as_string());
    }
    EXPECT_EQ(paged.size(), 45u);
    EXPECT_EQ(followed, paged) << sort;
    EXPECT_EQ(std::set<std::string>(paged.begin(), paged.end()).size(), 45u);
  }
}

TEST(Listing, ALikeLiftsASongAtOnce) {
  TestStation station(MakeSongs(5));
  EXPECT_EQ(station.Get("/v1/songs/popular").Data().at("songs").at(1).at("_id").as_string(),
            SongIdOf(5).ToHex());
  station.clock().Advance(Millis(1000));
  station.Post(LikePath(3), MakeSession(1));
  EXPECT_EQ(station.Get("/v1/songs/popular").Data().at("songs").at(1).at("_id").as_string(),
            SongIdOf(3).ToHex());
}

TEST(Listing, FiltersAndSearches) {
  TestStation station(MakeSongs(20));
  EXPECT_EQ(station.Get("/v1/songs?q=LOVE%20st%C3%B6ry")
                .Data()
                .at("pagination")
                .at("totalSongs")
                .as_int64(),
            1);
  EXPECT_EQ(station.Get("/v1/songs?genre=rock&limit=100").Data().at("songs").as_array().size(),
            10u);
  EXPECT_EQ(
      station.Get("/v1/songs?q=song&genre=Pop").Data().at("pagination").at("totalSongs").as_int64(),
      9);
  EXPECT_EQ(station.Get("/v1/songs?q=%21%21").Data().at("songs").as_array().size(), 0u);
  EXPECT_EQ(station.Get("/v1/songs?q=").Data().at("pagination").at("totalSongs").as_int64(), 20);
  EXPECT_EQ(station.Get("/v1/songs?sort=loudest").Code(), "invalid_parameter");
  EXPECT_EQ(station.Get("/v1/songs?q=" + std::string(201, 'x')).Code(), "invalid_parameter");
}

TEST(Listing, IsNotSentAgainToWhoHasIt) {
  TestStation station(MakeSongs(3));
  const SessionId me = MakeSession(1);
  const auto first = station.Get("/v1/songs", me);
  EXPECT_EQ(first.Header("Cache-Control"), "private, no-cache");
  TestStation::Ask ask{
      .target = "/v1/songs",
      .headers = {{"X-Session-Id", me.ToString()}, {"If-None-Match", first.Header("ETag")}}};
  EXPECT_EQ(station.Send(ask).status, 304);
  station.Post(LikePath(2), me);
  EXPECT_EQ(station.Send(ask).status, 200);
}

TEST(Playlists, CountAViewWhenTheyAreOpened) {
  TestStation station(MakeSongs(3), {MakePlaylist(1, {SongIdOf(2), SongIdOf(1)})});
  const std::string path = "/v1/playlists/" + PlaylistIdOf(1).ToHex();
  EXPECT_EQ(station.Get(path).Data().at("views").as_int64(), 1);
  const auto second = station.Get(path).Data();
  EXPECT_EQ(second.at("views").as_int64(), 2);
  EXPECT_EQ(second.at("songs").at(0).at("_id").as_string(), SongIdOf(2).ToHex());
  EXPECT_EQ(station.Send({.method = "HEAD", .target = path}).status, 200);
  EXPECT_EQ(station.Get("/v1/playlists").Data().at("playlists").at(0).at("views").as_int64(), 2);
}

TEST(CrossSite, WritesAreRefusedAndReadsAreNot) {
  TestStation station(MakeSongs(1));
  TestStation::Ask ask{
      .method = "POST", .target = LikePath(1), .headers = {{"Sec-Fetch-Site", "cross-site"}}};
  EXPECT_EQ(station.Send(ask).Code(), "cross_site");
  ask.method = "GET";
  ask.target = "/v1/songs";
  EXPECT_EQ(station.Send(ask).status, 200);
  EXPECT_EQ(station.Get(SongPath(1)).Data().at("likes").as_int64(), 42538);
}

TEST(Methods, AreNamedWhereTheyDoNotFit) {
  TestStation station(MakeSongs(1));
  const auto wrong = station.Send({.method = "PUT", .target = LikePath(1)});
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.Code(), "method_not_allowed");
  EXPECT_NE(wrong.Header("Allow").find("POST"), std::string::npos);
  const auto options = station.Send({.method = "OPTIONS", .target = LikePath(1)});
  EXPECT_EQ(options.status, 204);
  EXPECT_NE(options.Header("Allow").find("DELETE"), std::string::npos);
  EXPECT_EQ(station.Get("/v1/nothing").Code(), "not_found");
  EXPECT_EQ(station.Get("/v1").status, 404);
}

TEST(Pages, AreTheAppForItsOwnAddressesAndNothingElse) {
  TestStation station({MakeSong(1)});
  for (const char* path :
       {"/", "/songs", "/songs/507f1f77bcf86cd799439011", "/playlists", "/mine"}) {
    const auto page = station.Get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_NE(page.body.find("the app"), page.body.npos) << path;
    EXPECT_NE(page.Header("Content-Security-Policy").find("script-src 'self'"), std::string::npos);
  }
  EXPECT_NE(station.Get("/assets/app-12345678.js").Header("Cache-Control").find("immutable"),
            std::string::npos);
  EXPECT_EQ(station.Get("/nope.js").Code(), "not_found");
  const auto lost = station.Send({.target = "/lost", .headers = {{"Accept", "text/html,*/*"}}});
  EXPECT_EQ(lost.status, 404);
  EXPECT_TRUE(lost.body.ends_with("the app</body></html>"));
}

TEST(Media, AGeneratedCoverLivesLongUnderItsVersionedAddress) {
  TestStation station({MakeSong(2)});
  const auto url = std::string(station.Get(SongPath(2)).Data().at("albumArt").as_string());
  const auto art = station.Get(url);
  EXPECT_EQ(art.status, 200);
  EXPECT_NE(art.body.find("<svg"), std::string::npos);
  EXPECT_EQ(art.Header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(art.Header("Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_EQ(station.Get(url + "0").Header("Cache-Control"), "public, max-age=60");
  EXPECT_EQ(
      station.Send({.target = url, .headers = {{"If-None-Match", art.Header("ETag")}}}).status,
      304);
  EXPECT_EQ(station.Get("/api/media/" + SongIdOf(2).ToHex() + "/video").Code(), "not_found");
  EXPECT_EQ(station.Get("/v1/media/" + SongIdOf(7).ToHex() + "/art").Code(), "song_not_found");
}

}  // namespace
}  // namespace popradio::api
