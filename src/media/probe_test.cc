#include "media/probe.h"

#include <gtest/gtest.h>

#include "media/names.h"
#include "media/playability.h"
#include "media/text.h"

namespace popradio::media {
namespace {

TEST(ParseProbe, ReadsAnMp4WithItsAtoms) {
  const auto info = ParseProbe(R"({"streams":[
      {"index":0,"codec_name":"h264","codec_type":"video","width":1280,"height":720,"pix_fmt":"yuv420p","duration":"61.9","disposition":{"attached_pic":0}},
      {"index":1,"codec_name":"aac","codec_type":"audio","duration":"62.0"}],
    "format":{"format_name":"mov,mp4,m4a,3gp,3g2,mj2","duration":"62.041000",
      "tags":{"title":"Für Elise","artist":"Ludwig van Beethoven","album":"Bagatelles","genre":"Classical","date":"1810-04-27T00:00:00Z"}}})");
  ASSERT_TRUE(info.has_value());
  EXPECT_DOUBLE_EQ(info->duration_s, 62.041);
  EXPECT_TRUE(info->has_video && info->has_audio);
  EXPECT_EQ(info->video_codec, "h264");
  EXPECT_EQ(info->audio_codec, "aac");
  EXPECT_EQ(info->height, 720);
  EXPECT_EQ(info->tags.title, "Für Elise");
  EXPECT_EQ(info->tags.artist, "Ludwig van Beethoven");
  EXPECT_EQ(info->tags.genre, std::vector<std::string>{"Classical"});
  EXPECT_EQ(info->tags.year, 1810);
}

TEST(ParseProbe, TakesAnAttachedCoverForNoVideo) {
  const auto info = ParseProbe(R"({"streams":[
      {"index":0,"codec_name":"mp3","codec_type":"audio"},
      {"index":1,"codec_name":"mjpeg","codec_type":"video","disposition":{"attached_pic":1}}],
    "format":{"duration":"180.2","tags":{"TITLE":"Song","album_artist":"Band","TYER":"1999","genre":"Pop/Rock; Pop"}}})");
  ASSERT_TRUE(info.has_value());
  EXPECT_FALSE(info->has_video);
  EXPECT_EQ(info->picture_stream, 1);
  EXPECT_EQ(info->tags.artist, "Band");
  EXPECT_EQ(info->tags.year, 1999);
  EXPECT_EQ(info->tags.genre, (std::vector<std::string>{"Pop", "Rock"}));
}

TEST(ParseProbe, ReadsVorbisCommentsOnTheStreamAndItsLength) {
  const auto info = ParseProbe(
      R"({"streams":[{"index":0,"codec_name":"vorbis","codec_type":"audio","duration":"25.5",
      "tags":{"ARTIST":"Мотив","Title":"  Наши\tдни ","DATE":"2011"}}],"format":{"format_name":"ogg"}})");
  ASSERT_TRUE(info.has_value());
  EXPECT_DOUBLE_EQ(info->duration_s, 25.5);
  EXPECT_EQ(info->tags.artist, "Мотив");
  EXPECT_EQ(info->tags.title, "Наши дни");
  EXPECT_EQ(info->tags.year, 2011);
}

TEST(ParseProbe, TakesRepeatedVorbisCommentsApart) {
  const auto read = [](const char* container, const char* title, const char* artist) {
    const auto info = ParseProbe(
        std::string(
            R"({"streams":[{"codec_type":"audio","codec_name":"vorbis"}],"format":{"format_name":")") +
        container + R"(","tags":{"title":")" + title + R"(","artist":")" + artist + "\"}}}");
    return info ? info->tags.title + "|" + info->tags.artist : "";
  };
  EXPECT_EQ(read("ogg", "Living Caves;Crossroads", "Ann;Bob"), "Crossroads|Ann, Bob");
  EXPECT_EQ(read("ogg", "Now; or never", "Ann;"), "Now; or never|Ann;");
  EXPECT_EQ(read("mp3", "One;Two", "A;B"), "One;Two|A;B");
}

TEST(ParseProbe, ForgivesWhatIsMissingOrStrange) {
  const auto info = ParseProbe(
      R"({"streams":[{"codec_type":"audio","codec_name":"mp3","duration":"N/A"},{"codec_type":"data"},7],
                                   "format":{"duration":"N/A","tags":{"title":"","date":"soon"}}})");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->duration_s, 0);
  EXPECT_EQ(info->tags.title, "");
  EXPECT_FALSE(info->tags.year.has_value());
}

TEST(ParseProbe, RefusesWhatHasNothingToPlay) {
  for (const char* text :
       {"", "{", "[]", "{}", R"({"streams":[]})", R"({"streams":[{"codec_type":"subtitle"}]})"}) {
    EXPECT_FALSE(ParseProbe(text).has_value()) << text;
  }
}

TEST(PlanConversion, CopiesWhereOnlyTheContainerIsInTheWay) {
  struct Case {
    const char* path;
    const char* video;
    const char* pixels;
    const char* audio;
    const char* plan;  // "" as it is; else extension, v/V copied/encoded video, a/A audio
  };
  const Case cases[] = {
      {"a.mp4", "h264", "yuv420p", "aac", ""},
      {"a.M4V", "h264", "yuv420p", "aac", ""},
      {"a.mp4", "av1", "yuv420p", "opus", ""},
      {"a.mp4", "vp9", "yuv420p", "", ""},
      {"a.webm", "vp8", "yuv420p", "vorbis", ""},
      {"a.webm", "vp9", "yuv420p", "opus", ""},
      {"a.mkv", "h264", "yuv420p", "aac", "mp4va"},
      {"a.mov", "h264", "yuv420p", "aac", "mp4va"},
      {"a.avi", "h264", "yuv420p", "mp3", "mp4va"},
      {"a.mkv", "vp8", "yuv420p", "vorbis", "webmva"},
      {"a.mkv", "vp9", "yuv420p", "opus", "mp4va"},
      {"a.mkv", "h264", "yuv420p", "ac3", "mp4vA"},
      {"a.mp4", "h264", "yuv420p10le", "aac", "mp4Va"},
      {"a.mp4", "hevc", "yuv420p", "aac", "mp4Va"},
      {"a.mov", "prores", "yuv422p10le", "pcm_s16le", "mp4VA"},
      {"a.mpg", "mpeg2video", "yuv420p", "mp2", "mp4VA"},
      {"a.avi", "mpeg4", "yuv420p", "mp3", "mp4Va"},
      {"a.ogv", "theora", "yuv420p", "vorbis", "mp4VA"},
      {"a.avi", "rawvideo", "yuv420p", "", "mp4V"},
      {"a.mp3", "", "", "mp3", ""},
      {"a.m4a", "", "", "aac", ""},
      {"a.flac", "", "", "flac", ""},
      {"a.ogg", "", "", "vorbis", ""},
      {"a.opus", "", "", "opus", ""},
      {"a.wav", "", "", "pcm_s16le", ""},
      {"a.m4a", "", "", "alac", "m4aA"},
      {"a.ogg", "", "", "speex", "m4aA"},
      {"a.wav", "", "", "adpcm_ima_wav", "m4aA"},
      {"a.mkv", "", "", "aac", "m4aa"},
      {"a.mp4", "", "", "aac", ""},
      {"a.mpg", "", "", "mp2", "m4aA"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.path) + " " + c.video + " " + c.audio);
    MediaInfo info;
    info.has_video = *c.video != '\0';
    info.video_codec = c.video;
    info.pixel_format = c.pixels;
    info.has_audio = *c.audio != '\0';
    info.audio_codec = c.audio;
    const Conversion plan = PlanConversion(c.path, info);
    std::string text = plan.extension;
    if (plan.needed && plan.has_video) text += plan.copy_video ? "v" : "V";
    if (plan.needed && plan.has_audio) text += plan.copy_audio ? "a" : "A";
    EXPECT_EQ(text, c.plan);
    EXPECT_EQ(plan.needed, *c.plan != '\0');
    EXPECT_EQ(plan.why.empty(), !plan.needed);
  }
}

TEST(GuessNames, ReadsFilesAndFolders) {
  struct Case {
    const char* path;
    const char* artist;
    const char* title;
  };
  const Case cases[] = {
      {"Taylor Swift - Love Story.mp4", "Taylor Swift", "Love Story"},
      {"01 - Taylor Swift - Love Story.mp3", "Taylor Swift", "Love Story"},
      {"Abba/Arrival/02 Dancing Queen.mp3", "Abba", "Dancing Queen"},
      {"Abba/Arrival/1-02 Dancing Queen.mp3", "Abba", "Dancing Queen"},
      {"Abba/Dancing Queen.mp3", "Abba", "Dancing Queen"},
      {"Pop/Abba/Arrival/02. Dancing Queen.flac", "Abba", "Dancing Queen"},
      {"Nena - 99 Luftballons.mp4", "Nena", "99 Luftballons"},
      {"7 Seconds.mp3", "", "7 Seconds"},
      {"1979.mp3", "", "1979"},
      {"1999 Party.mp3", "", "1999 Party"},
      {"some_song_name.ogg", "", "some song name"},
      {"a-ha - Take On Me [Official Video].mp4", "a-ha", "Take On Me"},
      {"a-ha - Take On Me (Official Video) [4K].mp4", "a-ha", "Take On Me"},
      {"Rick Astley - Never Gonna Give You Up [dQw4w9WgXcQ].webm", "Rick Astley",
       "Never Gonna Give You Up"},
      {"Song (Live).mp3", "", "Song (Live)"},
      {"Café – Olé.mp3", "Café", "Olé"},
      {"AC-DC/Back In Black/01 - Hells Bells.mp3", "AC-DC", "Hells Bells"},
      {"music/Song.mp3", "", "Song"},
      {"Videos/Abba/Song.mp3", "Abba", "Song"},
      {"usr/share/hyperrogue/music/hr-domina.ogg", "hyperrogue", "hr-domina"},
      {" - .mp3", "", "-"},
      {"[HD].mp4", "", "[HD]"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    const GuessedNames names = GuessNames(c.path);
    EXPECT_EQ(names.artist, c.artist);
    EXPECT_EQ(names.title, c.title);
  }
}

TEST(Text, MakesForeignTextFit) {
  EXPECT_EQ(CleanTag("  a\t\nb\x01  c ", 100), "a b c");
  EXPECT_EQ(CleanTag("caf\xe9", 100), "caf\xEF\xBF\xBD");
  EXPECT_EQ(CleanTag("\u00e9\u00e9\u00e9", 5), "\u00e9\u00e9");  // cut between code points
  EXPECT_EQ(ToUtf8("\xEF\xBB\xBFx"), "x");
  EXPECT_EQ(ToUtf8("caf\xe9 \x93quoted\x94"), "café “quoted”");
  EXPECT_EQ(ToUtf8(std::string("\xFF\xFEh\0i\0", 6)), "hi");
  EXPECT_EQ(YearIn("Sep 2008"), 2008);
  EXPECT_EQ(YearIn("20080912"), 2008);
  EXPECT_EQ(YearIn("0000"), std::nullopt);
  EXPECT_EQ(YearIn(""), std::nullopt);
  EXPECT_EQ(WholeNumber("42"), 42);
  EXPECT_EQ(WholeNumber("-1"), std::nullopt);
  EXPECT_EQ(WholeNumber("4x"), std::nullopt);
  EXPECT_EQ(WholeNumber("99999999999999999999"), std::nullopt);
}

}  // namespace
}  // namespace popradio::media
