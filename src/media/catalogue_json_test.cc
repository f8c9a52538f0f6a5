#include "media/catalogue_json.h"

#include <gtest/gtest.h>

#include "media/json_lines.h"

namespace popradio::media {
namespace {

constexpr const char* kCatalogue = R"({
  "songs": [
    {"_id": "507f1f77bcf86cd799439011", "title": "Love Story", "artist": "Taylor Swift",
     "albumArt": "", "videoUrl": "https://cdn.popradio.com/videos/love-story.mp4",
     "audioUrl": "https://cdn.popradio.com/audio/love-story.mp3", "duration": 235.9,
     "genre": ["Pop", "Country"], "releaseYear": 2008, "likes": 42538, "plays": 1289456,
     "createdAt": "2026-02-03T10:25:00.000Z", "isActive": false, "isLikedByUser": true, "mood": "sweet"},
    {"title": "No id", "artist": "A", "duration": 60, "videoUrl": "/v.mp4", "releaseYear": null},
    {"title": 7}, "song",
    {"title": "[{\"songs\":[1,\n", "artist": "\\\"", "duration": "long"}
  ],
  "playlists": [
    {"_id": {"$oid": "507f191e810c19729de860ea"}, "title": "Dreamy Pop Vibes", "isFeatured": true,
     "songs": [
       "507f1f77bcf86cd799439011",
       {"$oid": "507f1f77bcf86cd799439012"}],
     "likes": {"$numberLong": "5"}, "createdAt": {"$date": "2026-02-03T10:25:00Z"}},
    {"title": "Bad", "songs": ["x"]}
  ],
  "comments": [
    {"targetType": "song", "targetId": "507f1f77bcf86cd799439011", "text": "Love this! 💕", "author": "Pink Cloud"},
    {"targetType": "album", "targetId": "507f1f77bcf86cd799439011", "text": "x"}
  ],
  "version": 1
})";

TEST(ParseCatalogueJson, ReadsRecordsWithTheirLines) {
  const auto parsed = ParseCatalogueJson(kCatalogue);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  ASSERT_EQ(parsed->songs.size(), 2u);
  const ParsedSong& song = parsed->songs[0];
  EXPECT_EQ(song.line, 3);
  EXPECT_EQ(song.id->ToHex(), "507f1f77bcf86cd799439011");
  EXPECT_EQ(song.title, "Love Story");
  EXPECT_EQ(song.album_art, "");
  EXPECT_EQ(song.duration_s, 235);
  EXPECT_EQ(song.genre, (std::vector<std::string>{"Pop", "Country"}));
  EXPECT_EQ(*song.release_year, 2008);
  EXPECT_EQ(song.likes, 42538);
  EXPECT_EQ(song.plays, 1289456);
  EXPECT_EQ(FormatIso8601(*song.created_at), "2026-02-03T10:25:00.000Z");
  EXPECT_EQ(song.is_active, false);
  EXPECT_EQ(parsed->songs[1].line, 8);
  EXPECT_FALSE(parsed->songs[1].id.has_value());
  EXPECT_EQ(parsed->songs[1].release_year, std::optional<std::optional<int>>(std::optional<int>()));

  ASSERT_EQ(parsed->playlists.size(), 1u);
  const ParsedPlaylist& playlist = parsed->playlists[0];
  EXPECT_EQ(playlist.line, 13);
  EXPECT_EQ(playlist.id->ToHex(), "507f191e810c19729de860ea");
  EXPECT_EQ(playlist.likes, 5);
  EXPECT_EQ(playlist.is_featured, true);
  ASSERT_EQ(playlist.songs->size(), 2u);
  EXPECT_EQ((*playlist.songs)[0].line, 15);
  EXPECT_EQ((*playlist.songs)[1].line, 16);
  ASSERT_EQ(parsed->comments.size(), 1u);
  EXPECT_EQ(parsed->comments[0].author, "Pink Cloud");

  EXPECT_EQ(
      parsed->refused,
      (std::vector<Refusal>{
          {9, "song", "title must be a text"},
          {9, "song", "a song must be an object"},
          {10, "song \"[{\"songs\":[1,\"", "duration must be a number of seconds"},
          {18, "playlist \"Bad\"", "songs must be a list of song _ids of 24 hexadecimal digits"},
          {22, "comment", "targetType must be \"song\" or \"playlist\""}}));
  EXPECT_EQ(parsed->warnings,
            (std::vector<std::string>{"the field \"mood\" is not known and was ignored",
                                      "the field \"version\" is not known and was ignored"}));
}

TEST(ParseCatalogueJson, RefusesTheWholeFileWithLineAndColumn) {
  struct Case {
    std::string text;
    const char* begins;
  };
  std::string deep = R"({"songs":)";
  for (int i = 0; i < 20; ++i) deep += "[";
  const Case cases[] = {
      {"", "line 1, column 1: this is not JSON as a catalogue has it: the file ends too early"},
      {"{\"songs\":[\n{\"title\":}\n]}", "line 2, column 10: this is not JSON"},
      {"{\"songs\":[\n",
       "line 2, column 1: this is not JSON as a catalogue has it: the file ends too early"},
      {"{\"songs\":[]} x",
       "line 1, column 14: this is not JSON as a catalogue has it: there is more after the end"},
      {deep, "line 1, column "},
      {"{\"songs\":[{\"title\":\"\xff\"}]}", "line 1, column "},
      {"[]", "line 1, column 1: a catalogue is an object"},
      {"{\"song\":[]}", "line 1, column 1: a catalogue is an object"},
      {"{\"songs\":{}}", "songs must be a list"},
      {"not json", "line 1, column "},
  };
  for (const Case& c : cases) {
    const auto parsed = ParseCatalogueJson(c.text);
    ASSERT_FALSE(parsed.has_value()) << c.text;
    EXPECT_TRUE(parsed.error().message.starts_with(c.begins)) << parsed.error().message;
  }
  EXPECT_NE(ParseCatalogueJson(deep).error().message.find("nested deeper than 16 levels"),
            std::string::npos);
}

TEST(ParseCatalogueJson, ForgivesAByteOrderMarkAndAnEmptyStation) {
  EXPECT_TRUE(ParseCatalogueJson("\xEF\xBB\xBF{\"songs\":[],\"playlists\":[]}\n").has_value());
  EXPECT_TRUE(ParseCatalogueJson("{\"songs\":null,\"playlists\":[]}").has_value());
}

TEST(ParseCatalogueJson, ReadsNumbersOfAnyShapeWithoutOverflow) {
  const auto parsed = ParseCatalogueJson(
      R"({"songs":[{"title":"A","likes":1e300,"duration":1},{"title":"B","likes":99999999999999999999},
                   {"title":"C","likes":5.0,"duration":1e300},{"title":"D","likes":-1,"releaseYear":99999999999},
                   {"title":"E","likes":18446744073709551615}]})");
  ASSERT_TRUE(parsed.has_value());
  // Two are no whole numbers that fit; what is far out of range is left to the rules to refuse.
  EXPECT_EQ(parsed->refused.size(), 2u);
  ASSERT_EQ(parsed->songs.size(), 3u);
  EXPECT_EQ(parsed->songs[0].likes, 5);
  EXPECT_EQ(parsed->songs[0].duration_s, 0);
  EXPECT_EQ(parsed->songs[1].likes, -1);
}

TEST(FindElementLines, TakesTheLastOfRepeatedNamesAndSkipsStrings) {
  const auto lines = FindElementLines(
      "{\"songs\":[1,2],\n\"x\":{\"songs\":[3]},\n\"songs\":[\"],[\\\"\",\n[4],{}]}");
  ASSERT_EQ(lines.at("songs").size(), 3u);
  EXPECT_EQ(lines.at("songs")[0].line, 3);
  EXPECT_EQ(lines.at("songs")[1].line, 4);
  EXPECT_EQ(lines.at("songs")[2].line, 4);
}

}  // namespace
}  // namespace popradio::media
