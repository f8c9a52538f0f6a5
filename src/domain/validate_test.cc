#include "domain/validate.h"

#include <gtest/gtest.h>

namespace popradio {
namespace {

Song GoodSong() {
  Song song;
  song.title = "Love Story";
  song.artist = "Taylor Swift";
  song.video_url = "https://cdn.popradio.com/videos/love-story.mp4";
  song.duration_s = 235;
  song.genre = {"Pop", "Country"};
  song.release_year = 2008;
  return song;
}

struct SongCase {
  const char* name;
  std::function<void(Song&)> spoil;
  const char* sentence;  // what the refusal begins with; empty: accepted
};

TEST(ValidateSong, NamesTheFirstThingThatIsWrong) {
  const SongCase cases[] = {
      {"the document's example", [](Song&) {}, ""},
      {"no title", [](Song& s) { s.title = ""; }, "title must be between 1 and 400 bytes long"},
      {"blank title", [](Song& s) { s.title = " \t\u00a0\u3000"; }, "title must be between"},
      {"title of 400 bytes", [](Song& s) { s.title = std::string(400, 'x'); }, ""},
      {"title of 401 bytes", [](Song& s) { s.title = std::string(401, 'x'); },
       "title must be between"},
      {"endless title", [](Song& s) { s.title = std::string(1 << 20, 'x'); },
       "title is far too long"},
      {"broken UTF-8", [](Song& s) { s.title = "caf\xe9"; }, "title must be valid UTF-8"},
      {"a surrogate", [](Song& s) { s.title = "\xed\xa0\x80"; }, "title must be valid UTF-8"},
      {"a control character", [](Song& s) { s.title = "a\x07z"; },
       "title must not contain control"},
      {"a line break inside", [](Song& s) { s.title = "a\nz"; }, "title must not contain control"},
      {"a line break at the end", [](Song& s) { s.title = "az\r\n"; }, ""},
      {"a NUL", [](Song& s) { s.title = std::string("a\0z", 3); },
       "title must not contain control"},
      {"a C1 control", [](Song& s) { s.artist = "a\xc2\x85z"; }, "artist must not contain control"},
      {"no artist", [](Song& s) { s.artist = ""; }, "artist must be between"},
      {"nothing to play", [](Song& s) { s.video_url = ""; }, "videoUrl or audioUrl must be given"},
      {"sound only",
       [](Song& s) {
         s.audio_url = s.video_url;
         s.video_url = "";
       },
       ""},
      {"a file of ours",
       [](Song& s) {
         s.video_url = "";
         s.media.audio_path = "/m/a.mp3";
       },
       ""},
      {"a path on this station", [](Song& s) { s.video_url = "/videos/a.mp4"; }, ""},
      {"upper-case scheme", [](Song& s) { s.video_url = "HTTPS://example.org/a.mp4"; }, ""},
      {"another scheme", [](Song& s) { s.video_url = "javascript:alert(1)"; },
       "videoUrl must be an http(s)"},
      {"file scheme", [](Song& s) { s.video_url = "file:///etc/passwd"; },
       "videoUrl must be an http(s)"},
      {"another host without scheme", [](Song& s) { s.video_url = "//evil.example/a"; },
       "videoUrl must be"},
      {"the same with a backslash", [](Song& s) { s.video_url = "/\\evil.example/a"; },
       "videoUrl must be"},
      {"no host", [](Song& s) { s.video_url = "http:///a.mp4"; }, "videoUrl must be"},
      {"only a scheme", [](Song& s) { s.video_url = "http://"; }, "videoUrl must be"},
      {"a space in the address", [](Song& s) { s.audio_url = "https://e.org/a b.mp3"; },
       "audioUrl must be"},
      {"long address", [](Song& s) { s.album_art = "/" + std::string(2048, 'a'); },
       "albumArt must be at most 2048"},
      {"duration 0", [](Song& s) { s.duration_s = 0; }, "duration must be a whole number"},
      {"a whole day", [](Song& s) { s.duration_s = 86400; }, ""},
      {"longer than a day", [](Song& s) { s.duration_s = 86401; }, "duration must be"},
      {"17 genres", [](Song& s) { s.genre.assign(17, "Pop"); }, "genre must have at most 16"},
      {"an empty genre",
       [](Song& s) {
         s.genre = {"Pop", ""};
       },
       "genre must be between 1 and 60"},
      {"no genre", [](Song& s) { s.genre.clear(); }, ""},
      {"year 999", [](Song& s) { s.release_year = 999; },
       "releaseYear must be between 1000 and 3000"},
      {"no year", [](Song& s) { s.release_year.reset(); }, ""},
      {"negative likes", [](Song& s) { s.base_likes = -1; }, "likes must be between 0 and"},
      {"too many plays", [](Song& s) { s.base_plays = kMaxBaseCount + 1; },
       "plays must be between 0 and"},
  };
  for (const SongCase& c : cases) {
    SCOPED_TRACE(c.name);
    Song song = GoodSong();
    c.spoil(song);
    const auto result = ValidateSong(song);
    if (*c.sentence == '\0') {
      EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
      continue;
    }
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidParameter);
    EXPECT_TRUE(result.error().message.starts_with(c.sentence)) << result.error().message;
  }
}

TEST(ValidateSong, TrimsAndNormalisesTextsInPlace) {
  Song song = GoodSong();
  song.title = "  Cafe\u0301 del Mar\u00a0\n";
  song.artist = "\u3000Bjo\u0308rk ";
  song.genre = {" Pop "};
  song.video_url = " https://e.org/a ";
  ASSERT_TRUE(ValidateSong(song).has_value());
  EXPECT_EQ(song.title, "Caf\u00e9 del Mar");
  EXPECT_EQ(song.artist, "Bj\u00f6rk");
  EXPECT_EQ(song.genre, std::vector<std::string>{"Pop"});
  EXPECT_EQ(song.video_url, "https://e.org/a");
}

TEST(ValidatePlaylist, NeedsATitleAndKeepsTheLimits) {
  Playlist playlist;
  playlist.title = " Dreamy Pop Vibes ";
  playlist.description = "First line\nsecond line\n";
  ASSERT_TRUE(ValidatePlaylist(playlist).has_value());
  EXPECT_EQ(playlist.title, "Dreamy Pop Vibes");
  EXPECT_EQ(playlist.description, "First line\nsecond line");

  const auto refusal = [&](auto spoil) {
    Playlist copy = playlist;
    spoil(copy);
    const auto result = ValidatePlaylist(copy);
    return result ? std::string("accepted") : result.error().message;
  };
  EXPECT_EQ(refusal([](Playlist& p) { p.title = ""; }),
            "title must be between 1 and 400 bytes long");
  EXPECT_EQ(refusal([](Playlist& p) { p.description = std::string(4001, 'x'); }),
            "description must be at most 4000 bytes long");
  EXPECT_EQ(refusal([](Playlist& p) { p.songs.resize(5001); }),
            "songs must have at most 5000 entries");
  EXPECT_EQ(refusal([](Playlist& p) { p.base_views = -1; }),
            "views must be between 0 and 1000000000000");
  EXPECT_TRUE(refusal([](Playlist& p) {
                p.cover_image = "data:image/png;base64,AA";
              }).starts_with("coverImage must be"));
}

}  // namespace
}  // namespace popradio
