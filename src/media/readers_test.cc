// The three small readers: NFO, M3U and CSV, each as a table of files.
#include <gtest/gtest.h>

#include "media/csv.h"
#include "media/m3u.h"
#include "media/nfo.h"

namespace popradio::media {
namespace {

TEST(ParseNfo, ReadsAMusicVideo) {
  const auto nfo = ParseNfo(R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- made by hand --><musicvideo><title>Déjà Vu &amp; more</title><artist>Ann</artist><artist>Bob</artist>
<album>First</album><genre>Pop / Dance</genre><genre>Pop</genre><year>2008</year><thumb>cover.jpg</thumb>
<plot>unknown</plot></musicvideo>)");
  ASSERT_TRUE(nfo.has_value()) << nfo.error().message;
  EXPECT_EQ(nfo->title, "Déjà Vu & more");
  EXPECT_EQ(nfo->artist, "Ann, Bob");
  EXPECT_EQ(nfo->album, "First");
  EXPECT_EQ(nfo->genre, (std::vector<std::string>{"Pop", "Dance"}));
  EXPECT_EQ(nfo->year, 2008);
  EXPECT_EQ(nfo->thumb, "cover.jpg");
}

TEST(ParseNfo, IsTolerantAndNeverExpandsEntities) {
  struct Case {
    const char* name;
    std::string text;
    const char* title;  // nullptr: refused
  };
  std::string deep;
  for (int i = 0; i < 20'000; ++i) deep += "<a>";
  const Case cases[] = {
      {"movie", "<movie><title>A</title></movie>", "A"},
      {"byte order mark", "\xEF\xBB\xBF<movie><title>A</title></movie>", "A"},
      {"an address after it", "<movie><title>A</title></movie>\nhttps://www.example.org/1", "A"},
      {"cut off", "<movie><title>A</title><artist>B", "A"},
      {"Latin-1",
       "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><movie><title>\xc4\xd6</title></movie>",
       "ÄÖ"},
      {"CDATA", "<movie><title><![CDATA[A & B]]></title></movie>", "A & B"},
      {"no title", "<movie></movie>", ""},
      {"premiered for year",
       "<musicvideo><title>A</title><premiered>1999-01-01</premiered></musicvideo>", "A"},
      {"entities stay what they are",
       "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY y "
       "\"yyyy\">]><movie><title>&x;&y;</title></movie>",
       "&x;&y;"},
      {"deeply nested", "<movie><title>A</title>" + deep, "A"},
      {"plain text", "Encoded by somebody\n___ ___", nullptr},
      {"empty", "", nullptr},
      {"another root", "<tvshow><title>A</title></tvshow>", nullptr},
      {"too large", "<movie>" + std::string(kMaxNfoBytes, ' '), nullptr},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto nfo = ParseNfo(c.text);
    ASSERT_EQ(nfo.has_value(), c.title != nullptr);
    if (nfo) EXPECT_EQ(nfo->title, c.title);
  }
}

TEST(ParseM3u, ReadsAddressesFilesAndWhatIsSaidAboutThem) {
  const auto parsed = ParseM3u(
      "\xEF\xBB\xBF#EXTM3U\r\n#PLAYLIST: Dreamy Pop Vibes\r\n"
      "#EXTINF:235,Taylor Swift - Love "
      "Story\r\nhttps://cdn.popradio.com/videos/love-story.mp4\r\n\r\n"
      "# a remark\r\n#EXTGENRE:Pop;Country\r\n#EXTINF:-1 tvg-logo=\"https://e.org/a,b.jpg\" "
      "x=\"1\",Just a Title\r\n"
      "music\\Some Song.mp3\r\n"
      "Nena - 99 Luftballons.ogg\r\n"
      "https://www.youtube.com/watch?v=dQw4w9WgXcQ");
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  ASSERT_EQ(parsed->songs.size(), 4u);
  const auto& songs = parsed->songs;
  EXPECT_EQ(songs[0].line, 4);
  EXPECT_EQ(songs[0].artist, "Taylor Swift");
  EXPECT_EQ(songs[0].title, "Love Story");
  EXPECT_EQ(songs[0].duration_s, 235);
  EXPECT_EQ(songs[0].video_url, "https://cdn.popradio.com/videos/love-story.mp4");
  EXPECT_FALSE(songs[0].audio_url.has_value());
  EXPECT_EQ(songs[1].line, 9);
  EXPECT_EQ(songs[1].title, "Just a Title");
  EXPECT_EQ(songs[1].artist, "Unknown artist");
  EXPECT_FALSE(songs[1].duration_s.has_value());
  EXPECT_EQ(songs[1].audio_url, "music\\Some Song.mp3");
  EXPECT_EQ(songs[1].album_art, "https://e.org/a,b.jpg");
  EXPECT_EQ(songs[1].genre, (std::vector<std::string>{"Pop", "Country"}));
  EXPECT_EQ(songs[2].artist, "Nena");
  EXPECT_EQ(songs[2].title, "99 Luftballons");
  EXPECT_FALSE(songs[2].genre.has_value());
  EXPECT_EQ(songs[3].video_url, "https://www.youtube.com/watch?v=dQw4w9WgXcQ");
  ASSERT_EQ(parsed->playlists.size(), 1u);
  EXPECT_EQ(parsed->playlists[0].title, "Dreamy Pop Vibes");
  ASSERT_EQ(parsed->playlists[0].songs->size(), 4u);
  EXPECT_EQ(std::get<std::size_t>((*parsed->playlists[0].songs)[3].song), 3u);
}

TEST(ParseM3u, UnderstandsOldEncodingsAndStrangeNumbers) {
  const auto latin = ParseM3u("#EXTINF:60,Bj\xf6rk - J\xf3ga\njoga.mp3\n");
  ASSERT_TRUE(latin.has_value());
  EXPECT_EQ(latin->songs[0].artist, "Björk");
  EXPECT_EQ(latin->songs[0].title, "Jóga");
  for (const char* length : {"0", "-1", "", "nan", "inf", "1e30", "x", "99999999999999"}) {
    const auto parsed = ParseM3u("#EXTINF:" + std::string(length) + ",A - B\nb.mp3\n");
    ASSERT_TRUE(parsed.has_value()) << length;
    EXPECT_FALSE(parsed->songs[0].duration_s.has_value()) << length;
  }
  EXPECT_EQ(ParseM3u("#EXTINF:61.9,A - B\nb.mp3\n")->songs[0].duration_s, 61);
  EXPECT_TRUE(ParseM3u("")->songs.empty());
  EXPECT_TRUE(ParseM3u("#EXTM3U\n#PLAYLIST:Empty\n")->playlists.empty());
}

TEST(ParseM3u, RefusesWhatIsNoListOfSongs) {
  EXPECT_EQ(ParseM3u("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\na.ts\n")
                .error()
                .message.substr(0, 6),
            "line 2");
  EXPECT_EQ(ParseM3u(std::string("#EXTM3U\nabc\0def", 15)).error().message,
            "line 2: this is no playlist but binary data");
  EXPECT_FALSE(ParseM3u(std::string(20'000, 'x')).has_value());
}

TEST(ParseCsv, ReadsColumnsInAnyOrderWithLines) {
  const auto parsed = ParseCsv(
      "Artist,title,Duration,GENRE,videoUrl,releaseYear,likes,isActive,createdAt,mood\n"
      "Taylor Swift,Love "
      "Story,3:55,Pop;Country,https://e.org/1.mp4,2008,42538,true,2026-02-03T10:25:00.000Z,sweet\n"
      "\n"
      "\"Earth, Wind & Fire\",\"The \"\"Best\"\"\nof\",215.9,Soul|Funk,https://e.org/2.mp4,,,,,\n"
      "Nobody,Wrong,ten,,https://e.org/3.mp4,,,,,\n"
      "Last,One,1:00:01,,https://e.org/4.mp4,,,no,,");
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  ASSERT_EQ(parsed->songs.size(), 3u);
  const auto& songs = parsed->songs;
  EXPECT_EQ(songs[0].line, 2);
  EXPECT_EQ(songs[0].duration_s, 235);
  EXPECT_EQ(songs[0].genre, (std::vector<std::string>{"Pop", "Country"}));
  EXPECT_EQ(songs[0].likes, 42538);
  EXPECT_EQ(songs[0].is_active, true);
  EXPECT_EQ(songs[0].created_at, ParseIso8601("2026-02-03T10:25:00Z"));
  EXPECT_EQ(songs[1].line, 4);
  EXPECT_EQ(songs[1].artist, "Earth, Wind & Fire");
  EXPECT_EQ(songs[1].title, "The \"Best\"\nof");
  EXPECT_EQ(songs[1].duration_s, 215);
  EXPECT_EQ(songs[1].genre, (std::vector<std::string>{"Soul", "Funk"}));
  EXPECT_FALSE(songs[1].release_year.has_value());
  EXPECT_EQ(songs[2].line, 7);
  EXPECT_EQ(songs[2].duration_s, 3601);
  EXPECT_EQ(songs[2].is_active, false);
  ASSERT_EQ(parsed->refused.size(), 1u);
  EXPECT_EQ(parsed->refused[0],
            (Refusal{6, "song \"Wrong\"", "duration must be seconds, or m:ss"}));
  EXPECT_EQ(parsed->warnings,
            std::vector<std::string>{"the column \"mood\" is not known and was ignored"});
}

TEST(ParseCsv, FindsTheSeparatorAndForgivesEncodings) {
  const auto semicolons = ParseCsv("title;artist;duration;genre\r\nCaf\xe9;A, B;60;Pop|Rock\r\n");
  ASSERT_TRUE(semicolons.has_value());
  EXPECT_EQ(semicolons->songs[0].title, "Café");
  EXPECT_EQ(semicolons->songs[0].artist, "A, B");
  EXPECT_EQ(semicolons->songs[0].genre, (std::vector<std::string>{"Pop", "Rock"}));
  EXPECT_EQ(ParseCsv("title\tartist\nA\tB\n")->songs[0].artist, "B");
  EXPECT_EQ(ParseCsv("\xEF\xBB\xBFtitle,artist\nA,B\n")->songs[0].title, "A");
  EXPECT_EQ(ParseCsv("title,artist\rA,B\rC,D")->songs[1].line, 3);
  EXPECT_TRUE(ParseCsv("title\n")->songs.empty());
}

TEST(ParseCsv, RefusesTheWholeFileWithALineAndTheRowsByLine) {
  struct Case {
    const char* text;
    const char* sentence;
  };
  const Case whole[] = {
      {"", "line 1: the first row must name the columns, \"title\" among them"},
      {"artist,videoUrl\nA,B\n",
       "line 1: the first row must name the columns, \"title\" among them"},
      {"title,Title\nA,B\n", "line 1: there are two columns named \"Title\""},
      {"title,artist\nA\"x,B\n",
       "line 2, column 2: a quote stands where none may be; inside quotes, write it twice"},
      {"title,artist\n\"A,B\nC,D\n", "line 2: a quote is opened and never closed"},
  };
  for (const Case& c : whole) {
    const auto parsed = ParseCsv(c.text);
    ASSERT_FALSE(parsed.has_value()) << c.text;
    EXPECT_EQ(parsed.error().message, c.sentence);
  }
  const Case rows[] = {
      {"A,,,,,,too,many",
       "there are more cells than columns; put a text with a separator in it into quotes"},
      {"A,xyz,,,,", "_id must be 24 hexadecimal digits"},
      {"A,,-5,,,", "duration must be seconds, or m:ss"},
      {"A,,1:75,,,", "duration must be seconds, or m:ss"},
      {"A,,,12x,,", "likes must be a whole number"},
      {"A,,,,yesterday,", "createdAt must be a time such as 2026-02-03T10:25:00Z"},
      {"A,,,,,perhaps", "isActive must be true or false"},
  };
  for (const Case& c : rows) {
    const auto parsed =
        ParseCsv("title,_id,duration,likes,createdAt,isActive\n" + std::string(c.text) + "\n");
    ASSERT_TRUE(parsed.has_value());
    ASSERT_EQ(parsed->refused.size(), 1u) << c.text;
    EXPECT_EQ(parsed->refused[0], (Refusal{2, "song \"A\"", c.sentence}));
    EXPECT_TRUE(parsed->songs.empty());
  }
}

}  // namespace
}  // namespace popradio::media
