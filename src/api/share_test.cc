#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <regex>
#include <set>

#include "api/pages.h"
#include "api/service_testing.h"
#include "api/share_card.h"

namespace popradio::api {
namespace {

constexpr std::string_view kHostile =
    R"("'></title></script><script>alert(1)</script><!-- $& $1 \ &lt;)";

std::string SongPage(int n) { return "/songs/" + SongIdOf(n).ToHex(); }
std::string PlaylistPage(int n) { return "/playlists/" + PlaylistIdOf(n).ToHex(); }

// The content of <meta …="name" content="…">, as it stands there; "(none)" when there is none.
std::string MetaOf(const std::string& page, const std::string& name) {
  const std::string before = "=\"" + name + "\" content=\"";
  const std::size_t at = page.find(before);
  if (at == std::string::npos) return "(none)";
  const std::size_t begin = at + before.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

// The page's block of data, read.
boost::json::object SchemaOf(const std::string& page) {
  constexpr std::string_view kOpen = "<script type=\"application/ld+json\">";
  const std::size_t at = page.find(kOpen);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + kOpen.size();
  return boost::json::parse(page.substr(begin, page.find("</script>", begin) - begin)).as_object();
}

std::string Text(const boost::json::value& value) { return std::string(value.as_string()); }

std::size_t Count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Pages, AreTheAddressesOfTheAppsRouter) {
  std::ifstream file(std::string(POPRADIO_SOURCE_DIR) + "/web/src/app/router.tsx");
  const std::string router((std::istreambuf_iterator<char>(file)), {});
  std::set<std::string> theirs = {"/"}, ours;
  const std::regex path("<Route path=\"([^\"*]+)\"");
  for (std::sregex_iterator i(router.begin(), router.end(), path), end; i != end; ++i) {
    const std::string found = (*i)[1].str();
    if (!found.starts_with("dev/")) theirs.insert("/" + found);  // built in development only
  }
  ASSERT_GT(theirs.size(), 3u) << "the router is written otherwise now";
  for (const std::string_view pattern : AppPagePatterns()) ours.emplace(pattern);
  EXPECT_EQ(ours, theirs);
}

TEST(Pages, TellWhatASongIs) {
  TestStation station({MakeSong(1)});
  const std::string page = station.Get(SongPage(1)).body;
  const std::string here = "http://radio.example" + SongPage(1);
  EXPECT_NE(page.find("<title>Love Story by Taylor Swift · PopRadio</title>"), page.npos);
  EXPECT_NE(page.find("<link rel=\"canonical\" href=\"" + here + "\">"), page.npos);
  EXPECT_EQ(Count(page, "<title>"), 1u);
  EXPECT_EQ(MetaOf(page, "og:title"), "Love Story by Taylor Swift");
  EXPECT_EQ(MetaOf(page, "og:type"), "music.song");
  EXPECT_EQ(MetaOf(page, "og:url"), here);
  EXPECT_EQ(MetaOf(page, "og:image"), "https://cdn.popradio.com/albums/love-story.jpg");
  EXPECT_EQ(MetaOf(page, "music:duration"), "235");
  EXPECT_EQ(MetaOf(page, "twitter:card"), "summary_large_image");
  EXPECT_EQ(MetaOf(page, "robots"), "(none)");
  EXPECT_TRUE(MetaOf(page, "description").find("Pop, Country, 2008, 3:55.") != std::string::npos);
  const auto schema = SchemaOf(page);
  EXPECT_EQ(Text(schema.at("@type")), "MusicRecording");
  EXPECT_EQ(Text(schema.at("name")), "Love Story");
  EXPECT_EQ(Text(schema.at("byArtist").at("name")), "Taylor Swift");
  EXPECT_EQ(Text(schema.at("duration")), "PT3M55S");
  EXPECT_EQ(Text(schema.at("url")), here);
  EXPECT_EQ(Text(schema.at("video").at("@type")), "VideoObject");
  EXPECT_EQ(Text(schema.at("video").at("embedUrl")), "http://radio.example/embed" + SongPage(1));
  EXPECT_FALSE(schema.at("video").as_object().contains("contentUrl"))
      << "it may be a player's page";
}

TEST(Pages, TellWhatAPlaylistAndTheStationAre) {
  Playlist list = MakePlaylist(1, {SongIdOf(1), SongIdOf(2)});
  list.description = "For\nrainy days.";
  TestStation station(MakeSongs(2), {list});
  const std::string page = station.Get(PlaylistPage(1)).body;
  EXPECT_EQ(MetaOf(page, "og:type"), "music.playlist");
  EXPECT_EQ(MetaOf(page, "og:description"), "For rainy days. 2 songs, 7 minutes.");
  const auto schema = SchemaOf(page);
  EXPECT_EQ(Text(schema.at("@type")), "MusicPlaylist");
  EXPECT_EQ(schema.at("numTracks").to_number<int>(), 2);
  EXPECT_EQ(Text(schema.at("track").at(0).at("name")), "Love Story");

  const std::string radio = station.Get("/").body;
  EXPECT_EQ(MetaOf(radio, "og:type"), "music.radio_station");
  EXPECT_EQ(MetaOf(radio, "og:image"), "http://radio.example/share-card.png");
  EXPECT_EQ(MetaOf(radio, "og:image:width"), "1200");
  EXPECT_EQ(Text(SchemaOf(radio).at("@type")), "RadioStation");
  EXPECT_EQ(MetaOf(station.Get("/mine").body, "robots"), "noindex");
}

TEST(Pages, ShowTheStationsPictureWhereASongHasOnlyADrawing) {
  Song song = MakeSong(2);
  TestStation drawn({song});
  EXPECT_EQ(MetaOf(drawn.Get(SongPage(2)).body, "og:image"), "http://radio.example/share-card.png");
  song.album_art = "https://cdn.example.org/a.SVG?x=1";
  TestStation given({song});
  EXPECT_EQ(MetaOf(given.Get(SongPage(2)).body, "og:image"), "http://radio.example/share-card.png");
  song.album_art = "/covers/a.jpg";
  TestStation relative({song});
  EXPECT_EQ(MetaOf(relative.Get(SongPage(2)).body, "og:image"),
            "http://radio.example/covers/a.jpg");
}

TEST(Pages, LetNoTitleOutOfItsPlace) {
  Song song = MakeSong(1);
  song.title = song.artist = kHostile;
  song.genre = {std::string(kHostile.substr(0, 50))};
  song.album_art = "https://cdn.example.org/\"><script>alert(2)</script>.jpg";
  Playlist list = MakePlaylist(1, {song.id});
  list.title = list.description = kHostile;
  TestStation station({song}, {list});
  for (const std::string& path : {SongPage(1), PlaylistPage(1), "/embed" + SongPage(1)}) {
    const std::string page = station.Get(path).body;
    const auto scripts = path.starts_with("/embed") ? 0u : path == SongPage(1) ? 2u : 1u;
    EXPECT_EQ(Count(page, "<script"), scripts) << page;
    EXPECT_EQ(Count(page, "</script>"), scripts) << page;
    EXPECT_EQ(Count(page, "</title>"), 1u) << page;
    EXPECT_EQ(Count(page, "<!--"), 0u) << page;
    EXPECT_EQ(Count(page, "</html>"), 1u) << "$& repeats nothing: " << page;
  }
  EXPECT_EQ(Text(SchemaOf(station.Get(SongPage(1)).body).at("name")), kHostile);
  EXPECT_EQ(Text(SchemaOf(station.Get(PlaylistPage(1)).body).at("name")), kHostile);
  const auto oembed = station.Get("/oembed?url=http%3A%2F%2Fradio.example" + SongPage(1)).Json();
  EXPECT_EQ(Count(Text(oembed.at("html")), "<"), 2u) << oembed.at("html");
}

// The data that comes with a page, read.
boost::json::object DataOf(const std::string& page, const std::string& id) {
  const std::string open = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t at = page.find(open);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + open.size();
  return boost::json::parse(page.substr(begin, page.find("</script>", begin) - begin)).as_object();
}

boost::json::object OnAirOf(const std::string& page) { return DataOf(page, "on-air"); }

TEST(Pages, OfASongBringTheSongAndAskForItsPicture) {
  TestStation station(MakeSongs(2), {MakePlaylist(1, {SongIdOf(1)})});
  const SessionId alice = MakeSession(1);
  ASSERT_EQ(station.Post("/v1" + SongPage(1) + "/like", alice).status, 200);
  const std::string page = station.Get(SongPage(1), alice).body;
  const auto brought = DataOf(page, "song").at("data").as_object();
  EXPECT_EQ(brought, station.Get("/v1" + SongPage(1)).Json().at("data").as_object());
  EXPECT_FALSE(brought.at("isLikedByUser").as_bool()) << "a page is everybody's";
  const std::string asks = "rel=\"preload\" as=\"image\"";
  EXPECT_EQ(Count(page, asks), 1u) << page;
  EXPECT_EQ(Count(page, "<b>Love Story</b><i>Taylor Swift</i></div><div id=\"root\">"), 1u) << page;
  const std::string list = station.Get(PlaylistPage(1)).body;
  EXPECT_EQ(Count(list, asks), 1u);
  EXPECT_EQ(Count(list, "</b><i></i></div><div id=\"root\">"), 1u) << list;
  for (const std::string& path : {"/embed" + SongPage(1), SongPage(9), std::string("/songs")}) {
    EXPECT_EQ(Count(station.Get(path).body, asks), 0u) << path;
    EXPECT_TRUE(DataOf(station.Get(path).body, "song").empty()) << path;
  }
}

TEST(Pages, OfAllSongsBringTheFirstOfThemAndShowTheirRows) {
  Song elsewhere = MakeSong(3);
  elsewhere.album_art = "https://cdn.example.org/3.jpg";
  Song hostile = MakeSong(4);
  hostile.title = hostile.artist = kHostile;
  TestStation station({MakeSong(1), MakeSong(2), elsewhere, hostile});
  const SessionId alice = MakeSession(1);
  ASSERT_EQ(station.Post("/v1" + SongPage(2) + "/like", alice).status, 200);
  EXPECT_FALSE(DataOf(station.Get("/songs").body, "songs").empty()) << "from the first visitor on";
  const auto asked = station.Get("/v1/songs?sort=likes&limit=40").Json().at("data");
  const std::string page = station.Get("/songs", alice).body;
  EXPECT_EQ(DataOf(page, "songs").at("data"), asked) << "and it is everybody's";
  EXPECT_EQ(Count(page, "<li>"), 4u) << page;
  EXPECT_LT(page.find("<ul><li>"), page.find("<div id=\"root\">")) << page;
  EXPECT_EQ(Count(page, "<!--"), 0u) << page;
  EXPECT_EQ(Count(page, "</script>"), 1u) << page;
  const std::string second = Text(asked.at("songs").at(1).at("albumArt"));
  EXPECT_EQ(Count(page, "srcset=\"" + second + "&amp;w=96 96w, "), 1u) << page;
  EXPECT_EQ(Count(page, "https://cdn.example.org/3.jpg&"), 0u)
      << "another site's picture has one size";
  for (const char* path : {"/songs?q=love", "/", "/playlists"}) {
    EXPECT_TRUE(DataOf(station.Get(path).body, "songs").empty()) << path;
  }
}

TEST(Pages, OfTheRadioBringWhatIsOnAir) {
  TestStation station(MakeSongs(3));
  const std::string page = station.Get("/").body;
  const auto brought = OnAirOf(page).at("data").as_object();
  const auto asked = station.Get("/v1/radio/stream").Json().at("data").as_object();
  EXPECT_EQ(brought.at("nowPlaying"), asked.at("nowPlaying"));
  EXPECT_EQ(brought.at("queue"), asked.at("queue"));
  EXPECT_EQ(brought.at("skip"), asked.at("skip"));
  const std::string title = Text(brought.at("nowPlaying").at("title"));
  EXPECT_EQ(Count(page, "<div id=\"root\"><h1>" + title + "</h1>"), 1u) << page;
  EXPECT_EQ(Count(page, "rel=\"preload\" as=\"image\""), 1u);
  EXPECT_EQ(Count(station.Get("/songs").body, "on-air"), 0u) << "only the radio's page";

  TestStation empty(std::vector<Song>{});
  EXPECT_TRUE(OnAirOf(empty.Get("/").body).at("data").at("nowPlaying").is_null());
}

TEST(Pages, BringNobodysHeartsToOthers) {
  TestStation station({MakeSong(1)});
  const SessionId alice = MakeSession(1);
  ASSERT_EQ(station.Post("/v1" + SongPage(1) + "/like", alice).status, 200);
  for (const std::string& page : {station.Get("/").body, station.Get("/", alice).body}) {
    EXPECT_FALSE(OnAirOf(page).at("data").at("nowPlaying").at("isLikedByUser").as_bool())
        << "a page may be kept by whoever stands in between";
  }
}

TEST(Pages, OfTheRadioLetNoTitleOutOfItsPlace) {
  Song song = MakeSong(1);
  song.title = song.artist = kHostile;
  song.album_art = "https://cdn.example.org/\"><script>alert(2)</script>.jpg";
  TestStation station({song});
  const std::string page = station.Get("/").body;
  EXPECT_EQ(Count(page, "<script"), 2u) << page;
  EXPECT_EQ(Count(page, "</script>"), 2u) << page;
  EXPECT_EQ(Count(page, "<!--"), 0u) << page;
  EXPECT_EQ(Text(OnAirOf(page).at("data").at("nowPlaying").at("title")), kHostile);
}

TEST(Pages, OfWhatIsNotThereAre404AndNotIndexed) {
  Song hidden = MakeSong(2);
  hidden.is_active = false;
  TestStation station({MakeSong(1), hidden});
  for (const std::string& path :
       {SongPage(2), SongPage(9), std::string("/songs/abc"), PlaylistPage(1),
        "/embed" + SongPage(2), "/embed" + PlaylistPage(1)}) {
    const auto page = station.Get(path);
    EXPECT_EQ(page.status, 404) << path;
    EXPECT_EQ(page.Header("Cache-Control"), "no-store") << path;
    EXPECT_EQ(MetaOf(page.body, "robots"), "noindex") << path;
    EXPECT_EQ(MetaOf(page.body, "og:title"), "(none)") << path;
  }
  for (const char* path :
       {"/song", "/songs/507f1f77bcf86cd799439011/more", "/embed/mine", "/embed/songs"}) {
    EXPECT_EQ(station.Get(path).Code(), "not_found") << path;
    const auto page =
        station.Send({.target = path, .headers = {{"Accept", "text/html,*/*;q=0.8"}}});
    EXPECT_EQ(page.status, 404) << path;
    EXPECT_EQ(MetaOf(page.body, "robots"), "noindex") << path;
  }
}

TEST(Pages, HaveOneAddressAndAreOnlyRead) {
  TestStation station({MakeSong(1)});
  const auto moved = station.Get(SongPage(1) + "/?from=mail");
  EXPECT_EQ(moved.status, 308);
  EXPECT_EQ(moved.Header("Location"), SongPage(1) + "?from=mail");
  EXPECT_EQ(station.Get("//evil.example/").status, 404) << "no way to another site";
  const auto written = station.Post("/songs");
  EXPECT_EQ(written.status, 405);
  EXPECT_EQ(written.Header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(station.Send({.method = "OPTIONS", .target = "/mine"}).status, 204);
}

TEST(Pages, AreAskedForAgainAndComeOnlyWhenTheyChanged) {
  TestStation station({MakeSong(1)});
  const auto page = station.Get(SongPage(1));
  EXPECT_EQ(page.Header("Cache-Control"), "no-cache");
  const std::string tag = page.Header("ETag");
  const auto again = station.Send({.target = SongPage(1), .headers = {{"If-None-Match", tag}}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  station.Curate("PATCH", "/v1/admin" + SongPage(1), R"({"title":"Another"})");
  const auto changed = station.Send({.target = SongPage(1), .headers = {{"If-None-Match", tag}}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(MetaOf(changed.body, "og:title"), "Another by Taylor Swift");
}

TEST(Embed, IsTheOnlyPageThatOthersMayFrame) {
  TestStation station({MakeSong(1)}, {MakePlaylist(1, {SongIdOf(1)})});
  for (const std::string& path :
       {std::string("/embed"), "/embed" + SongPage(1), "/embed" + PlaylistPage(1)}) {
    const auto page = station.Get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_NE(page.head.find("frame-ancestors *;"), page.head.npos) << path;
    EXPECT_EQ(page.Header("X-Frame-Options"), "") << path;
    EXPECT_EQ(MetaOf(page.body, "robots"), "noindex, indexifembedded") << path;
  }
  for (const std::string& path :
       {std::string("/"), SongPage(1), std::string("/embed.html"), std::string("/docs")}) {
    const auto page = station.Get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_NE(page.head.find("frame-ancestors 'self'"), page.head.npos) << path;
    EXPECT_EQ(page.Header("X-Frame-Options"), "SAMEORIGIN") << path;
  }
}

TEST(Oembed, AnswersForPagesOfThisStationOnly) {
  TestStation station({MakeSong(1)}, {MakePlaylist(1, {SongIdOf(1)})});
  const auto ask = [&](const std::string& url, const std::string& more = "") {
    return station.Get("/oembed?url=" + url + more);
  };
  const auto song = ask("https://RADIO.example" + SongPage(1) + "%3Fx%23y").Json();
  EXPECT_EQ(Text(song.at("type")), "video");
  EXPECT_EQ(Text(song.at("version")), "1.0");
  EXPECT_EQ(Text(song.at("author_name")), "Taylor Swift");
  EXPECT_EQ(song.at("width").to_number<int>(), 640);
  EXPECT_TRUE(song.at("html").as_string().starts_with("<iframe src=\"http://radio.example/embed" +
                                                      SongPage(1) +
                                                      "\" width=\"640\" height=\"360\""));
  const auto radio = ask("http://radio.example", "&format=json&maxwidth=300&maxheight=9999").Json();
  EXPECT_EQ(radio.at("width").to_number<int>(), 300);
  EXPECT_EQ(radio.at("height").to_number<int>(), 360);
  EXPECT_FALSE(radio.as_object().contains("thumbnail_url")) << "larger than was asked for";
  EXPECT_TRUE(ask("http://radio.example/").Json().as_object().contains("thumbnail_width"));
  EXPECT_EQ(ask("http://radio.example" + PlaylistPage(1)).status, 200);

  for (const char* url :
       {"http://evil.example/", "http://radio.example.evil.example/", "ftp://radio.example/",
        "http://radio.example/mine", "http://radio.example/songs/507f1f77bcf86cd799439012", "/"}) {
    EXPECT_EQ(ask(url).status, 404) << url;
  }
  EXPECT_EQ(ask("http://radio.example/", "&format=xml").status, 501);
  EXPECT_EQ(station.Get("/oembed").Code(), "invalid_parameter");
  EXPECT_EQ(ask("http://radio.example/", "&maxwidth=wide").Code(), "invalid_parameter");
}

TEST(Sitemap, ListsWhatIsActive) {
  Song hidden = MakeSong(2);
  hidden.is_active = false;
  TestStation station({MakeSong(1), hidden}, {MakePlaylist(1, {})});
  const std::string map = station.Get("/sitemap.xml").body;
  EXPECT_NE(map.find("<loc>http://radio.example" + SongPage(1) +
                     "</loc><lastmod>2026-01-12T08:00:01.000Z</lastmod>"),
            map.npos);
  EXPECT_NE(map.find("<loc>http://radio.example" + PlaylistPage(1) + "</loc>"), map.npos);
  EXPECT_EQ(map.find(SongPage(2)), map.npos);
  EXPECT_EQ(Count(map, "<url>"), FixedPages().size() + 2);
  EXPECT_EQ(station.Get("/sitemap.xml?part=1").body, map);
  EXPECT_EQ(station.Get("/sitemap.xml?part=2").status, 404);
}

TEST(Sitemap, OfManySongsHasParts) {
  std::vector<Song> songs = MakeSongs(10'500);
  TestStation station(std::move(songs));
  const std::string index = station.Get("/sitemap.xml").body;
  EXPECT_EQ(Count(index, "<sitemap>"), 2u);
  EXPECT_NE(index.find("<loc>http://radio.example/sitemap.xml?part=2</loc>"), index.npos);
  const std::string first = station.Get("/sitemap.xml?part=1").body;
  const std::string second = station.Get("/sitemap.xml?part=2").body;
  EXPECT_EQ(Count(first, "<url>"), 10'000u);
  EXPECT_EQ(Count(second, "<url>"), 500 + FixedPages().size());
  EXPECT_NE(second.find(SongPage(1) + "<"), second.npos) << "the oldest comes last";
}

TEST(Robots, PointToTheSitemap) {
  TestStation station;
  const auto robots = station.Get("/robots.txt");
  EXPECT_EQ(robots.Header("Cache-Control"), "public, max-age=300");
  EXPECT_TRUE(robots.body.ends_with("\nSitemap: http://radio.example/sitemap.xml\n"))
      << robots.body;
}

}  // namespace
}  // namespace popradio::api
