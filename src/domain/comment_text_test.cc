#include "domain/comment_text.h"

#include <gtest/gtest.h>

namespace popradio {
namespace {

constexpr std::string_view kLengthSentence = "Comment text must be between 1 and 500 characters";

std::string Cleaned(std::string_view raw) {
  const Result<std::string> text = CleanCommentText(raw);
  return text.has_value() ? *text : "refused: " + text.error().message;
}

std::string Reason(std::string_view raw) {
  const Result<std::string> text = CleanCommentText(raw);
  if (text.has_value()) return "accepted: " + *text;
  EXPECT_EQ(text.error().code, ErrorCode::kInvalidText);
  return text.error().message;
}

std::string Repeat(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

TEST(CommentText, KeepsWhatPeopleWrite) {
  for (const std::string_view text :
       {"Love this song! 💕", "This song is so dreamy! 💕✨", "naïve café, ¿qué tal?",
        "この曲大好き", "최고예요", "أحب هذه الأغنية", "שיר מדהים", "यह गाना बहुत अच्छा है",
        "เพลงนี้เพราะมาก", "<b>not html</b> & \"quotes\"", "100% ♥", "a", "👍"}) {
    EXPECT_EQ(Cleaned(text), text);
  }
}

TEST(CommentText, RefusesInvalidUtf8) {
  for (const std::string_view text :
       {"\xff", "abc\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_EQ(Reason(text), "Comment text must be valid UTF-8");
  }
}

TEST(CommentText, ComposesToNfc) {
  EXPECT_EQ(Cleaned("cafe\u0301"), "café");
  EXPECT_EQ(Cleaned("\u212B"), "Å");
  EXPECT_EQ(Cleaned("\u1112\u1161\u11ab"), "한");
}

TEST(CommentText, IsOneTrimmedLine) {
  EXPECT_EQ(Cleaned("  hello  "), "hello");
  EXPECT_EQ(Cleaned("one\ntwo\r\n\r\nthree\tfour"), "one two three four");
  EXPECT_EQ(Cleaned("\u00a0wide\u3000\u2003space\u2028"), "wide space");
  EXPECT_EQ(Cleaned("G\u00e9nial\u202f!"), "G\u00e9nial !");
}

TEST(CommentText, RefusesControlCharacters) {
  for (const std::string_view text :
       {std::string_view("a\0b", 3), std::string_view("a\x07"), std::string_view("\x1b[31mred"),
        std::string_view("\x7f"), std::string_view("a\u0086")}) {
    EXPECT_EQ(Reason(text), "Comment text must not contain control characters");
  }
}

TEST(CommentText, RefusesCharactersThatTurnTheDirection) {
  for (const std::string_view text :
       {"\u202Eabc", "a\u202Ab", "a\u202C", "a\u2066b\u2069", "a\u200Eb", "a\u200Fb", "\u061Ca"}) {
    EXPECT_EQ(Reason(text),
              "Comment text must not contain characters that change the direction of the text");
  }
}

TEST(CommentText, RefusesInvisibleCharacters) {
  for (const std::string_view text : {"a\u200Bb",
                                      "a\u2060b",
                                      "\uFEFFa",
                                      "a\u00ADb",
                                      "a\u034Fb",
                                      "\u3164",
                                      "\uFFA0",
                                      "\u115F",
                                      "\u2800",
                                      "a\u180Eb",
                                      "a\uE000",
                                      "a\U000E0041",
                                      "a\U000E0100",
                                      "a\uFE0Fb",
                                      "1\uFE0F",
                                      "a\u200Db",
                                      "a\u200Cb",
                                      "\uFFFC",
                                      "\uFFF9",
                                      "a\u0378",
                                      "\U0001F3F4\U000E0067\U000E0062",
                                      "\U0001F3F4\U000E007F",
                                      "\uFFFF"}) {
    EXPECT_EQ(Reason(text), "Comment text must not contain invisible characters") << text;
  }
}

TEST(CommentText, KeepsEmojiSequences) {
  for (const std::string_view text :
       {"\u2764\uFE0F", "\u2764\uFE0F\u200D\U0001F525",                // heart, heart on fire
        "\U0001F44D\U0001F3FD",                                        // skin tone
        "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466",  // family
        "\U0001F469\U0001F3FE\u200D\U0001F3A4",                        // singer with a skin tone
        "\U0001F3F3\uFE0F\u200D\U0001F308",                            // rainbow flag
        "\U0001F1EF\U0001F1F5", "1\uFE0F\u20E3", "#\uFE0F\u20E3",      // flag, keycaps
        "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F",  // Scotland
        "\u2600\uFE0E", "\U0001F6DF", "\U0001FAE8"}) {
    EXPECT_EQ(Cleaned(text), text);
  }
}

TEST(CommentText, KeepsJoinersWhereAScriptNeedsThem) {
  EXPECT_EQ(Cleaned("می\u200Cخواهم"), "می\u200Cخواهم");
  EXPECT_EQ(Cleaned("क्\u200Dया"), "क्\u200Dया");
  EXPECT_EQ(Cleaned("ക്\u200Cഷ"), "ക്\u200Cഷ");
}

TEST(CommentText, CountsCodePointsAfterNormalisingAndTrimming) {
  for (const std::string_view text : {"", "   ", "\n\t"}) EXPECT_EQ(Reason(text), kLengthSentence);
  EXPECT_EQ(Cleaned(Repeat("a", 500)).size(), 500u);
  EXPECT_EQ(Reason(Repeat("a", 501)), kLengthSentence);
  EXPECT_EQ(Cleaned(Repeat("💕", 500)).size(), kMaxCommentBytes);
  EXPECT_EQ(Reason(Repeat("💕", 501)), kLengthSentence);
  EXPECT_EQ(Cleaned(Repeat("e\u0301", 500)), Repeat("é", 500));
  EXPECT_EQ(Cleaned(Repeat(" ", 400) + "hi" + Repeat(" ", 400)), "hi");
}

TEST(CommentText, AllowsEightMarksInARowAndNotNine) {
  EXPECT_EQ(Cleaned("q" + Repeat("\u0307", 8)), "q" + Repeat("\u0307", 8));
  EXPECT_EQ(Reason("q" + Repeat("\u0307", 9)),
            "Comment text must not pile more than 8 accents on one letter");
  const std::string two_each = Repeat("q\u0323\u0307", 50);
  EXPECT_EQ(Cleaned(two_each), two_each);
}

TEST(CommentText, RefusesProfanityLast) {
  EXPECT_EQ(Reason("what the f.u.c.k"),
            "Comment text contains a word that is not welcome here; please say it another way");
  EXPECT_EQ(Reason("shit\u200B"), "Comment text must not contain invisible characters");
  EXPECT_EQ(Reason("sh\nit"),
            "Comment text contains a word that is not welcome here; please say it another way");
  EXPECT_EQ(Cleaned("Greetings from Scunthorpe"), "Greetings from Scunthorpe");
}

TEST(CommentText, CleaningTwiceChangesNothing) {
  for (const std::string_view text :
       {"  cafe\u0301 \n", " \u0301x", "a \u0323\u0301", "\u2126 ohm"}) {
    const std::string once = Cleaned(text);
    EXPECT_EQ(Cleaned(once), once);
  }
}

}  // namespace
}  // namespace popradio
