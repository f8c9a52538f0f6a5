#include "store/distributed/redis/reply.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace popradio::redis {
namespace {

using namespace std::string_literals;
using State = ReplyReader::State;

// Replies of every kind, and what they mean.
struct Stream {
  std::string bytes;
  std::vector<Reply> replies;
};

Stream EveryKind() {
  return {
      "+OK\r\n"
      ":-42\r\n"
      "$5\r\na\r\nb\0\r\n"
      "$0\r\n\r\n"
      "$-1\r\n"
      "*-1\r\n"
      "*0\r\n"
      "-ERR no such key\r\n"
      "*4\r\n:1\r\n*2\r\n$3\r\nfoo\r\n$-1\r\n+x\r\n-MOVED 1 a:2\r\n"
      ":9223372036854775807\r\n"
      "$40\r\n0123456789012345678901234567890123456789\r\n"
      "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:7\r\n"s,
      {Reply::Status("OK"), Reply::Integer(-42), Reply::String("a\r\nb\0"s), Reply::String(""),
       Reply(), Reply(), Reply::Array({}), Reply::MakeError("ERR no such key"),
       Reply::Array({Reply::Integer(1), Reply::Array({Reply::String("foo"), Reply()}),
                     Reply::Status("x"), Reply::MakeError("MOVED 1 a:2")}),
       Reply::Integer(INT64_MAX), Reply::String("0123456789012345678901234567890123456789"),
       Reply::Array(
           {Reply::Array({Reply::Array({Reply::Array({Reply::Array({Reply::Integer(7)})})})})})}};
}

void ReadAll(ReplyReader& reader, std::vector<Reply>& out) {
  Reply reply;
  State state = reader.Next(reply);
  for (; state == State::kReply; state = reader.Next(reply)) out.push_back(std::move(reply));
  ASSERT_EQ(state, State::kNeedMore) << reader.error();
}

TEST(ReplyReader, ReadsEveryKind) {
  const Stream stream = EveryKind();
  ReplyReader reader;
  reader.Feed(stream.bytes);
  std::vector<Reply> replies;
  ReadAll(reader, replies);
  EXPECT_EQ(replies, stream.replies);
}

TEST(ReplyReader, ReadsTheSameSplitAtEveryByte) {
  const Stream stream = EveryKind();
  for (std::size_t split = 0; split <= stream.bytes.size(); ++split) {
    SCOPED_TRACE(split);
    ReplyReader reader;
    std::vector<Reply> replies;
    reader.Feed(std::string_view(stream.bytes).substr(0, split));
    ReadAll(reader, replies);
    reader.Feed(std::string_view(stream.bytes).substr(split));
    ReadAll(reader, replies);
    ASSERT_EQ(replies, stream.replies);
  }
}

TEST(ReplyReader, ReadsTheSameByteByByte) {
  const Stream stream = EveryKind();
  ReplyReader reader;
  std::vector<Reply> replies;
  for (const char c : stream.bytes) {
    reader.Feed({&c, 1});
    ReadAll(reader, replies);
  }
  EXPECT_EQ(replies, stream.replies);
}

TEST(ReplyReader, RefusesWhatIsNoReply) {
  const std::string cases[] = {"HTTP/1.1 400 Bad Request\r\n",
                               "\r\n",
                               "%1\r\n",
                               "~1\r\n",
                               ">1\r\n",
                               "_\r\n",
                               ":12x\r\n",
                               ":\r\n",
                               "$abc\r\n",
                               "$-2\r\n",
                               "*-2\r\n",
                               "*x\r\n",
                               "*2\r\n:1\r\n!\r\n",
                               "$99999999999999999999\r\n",
                               "*99999999999\r\n",
                               ":99999999999999999999\r\n"};
  for (const std::string& bytes : cases) {
    SCOPED_TRACE(bytes);
    ReplyReader reader;
    Reply reply;
    reader.Feed(bytes);
    ASSERT_EQ(reader.Next(reply), State::kError);
    EXPECT_FALSE(reader.error().empty());
    // It stays broken: what follows has no known beginning.
    reader.Feed("+OK\r\n");
    EXPECT_EQ(reader.Next(reply), State::kError);
  }
}

std::string Nested(int depth) {
  std::string bytes;
  for (int i = 0; i < depth; ++i) bytes += "*1\r\n";
  return bytes + ":1\r\n";
}

TEST(ReplyReader, BoundsTheDepth) {
  Reply reply;
  ReplyReader deep;
  deep.Feed(Nested(kMaxReplyDepth));
  EXPECT_EQ(deep.Next(reply), State::kReply);
  ReplyReader deeper;
  deeper.Feed(Nested(kMaxReplyDepth + 2));
  EXPECT_EQ(deeper.Next(reply), State::kError);
}

TEST(ReplyReader, BoundsTheElementsOfAReplyInAll) {
  Reply reply;
  ReplyReader wide;
  wide.Feed("*" + std::to_string(kMaxReplyElements + 1) + "\r\n");
  EXPECT_EQ(wide.Next(reply), State::kError);
  EXPECT_NE(wide.error().find("larger"), std::string::npos);

  ReplyReader many;
  many.Feed("*3\r\n*" + std::to_string(kMaxReplyElements / 2) + "\r\n");
  EXPECT_EQ(many.Next(reply), State::kNeedMore);
  std::string half;
  for (std::size_t i = 0; i < kMaxReplyElements / 2; ++i) half += ":1\r\n";
  many.Feed(half);
  EXPECT_EQ(many.Next(reply), State::kNeedMore);
  many.Feed("*" + std::to_string(kMaxReplyElements / 2) + "\r\n");
  EXPECT_EQ(many.Next(reply), State::kError);
}

TEST(ReplyReader, CountsEachReplyOnItsOwn) {
  ReplyReader reader;
  std::string part = "*" + std::to_string(kMaxReplyElements / 2) + "\r\n";
  for (std::size_t i = 0; i < kMaxReplyElements / 2; ++i) part += ":1\r\n";
  Reply reply;
  for (int i = 0; i < 3; ++i) {
    reader.Feed(part);
    ASSERT_EQ(reader.Next(reply), State::kReply);
    ASSERT_EQ(reply.elements().size(), kMaxReplyElements / 2);
  }
}

TEST(ReplyReader, BoundsTheBytes) {
  ReplyReader reader;
  Reply reply;
  const std::string chunk(8U << 20, 'x');
  reader.Feed("$" + std::to_string(2 * kMaxReplyBytes) + "\r\n");
  State state = reader.Next(reply);
  for (std::size_t fed = 0; state == State::kNeedMore && fed < 2 * kMaxReplyBytes;) {
    reader.Feed(chunk);
    fed += chunk.size();
    state = reader.Next(reply);
    ASSERT_LE(fed, kMaxReplyBytes + 2 * chunk.size());
  }
  EXPECT_EQ(state, State::kError);
}

TEST(Reply, AnswersForTheWrongKindWithNothing) {
  EXPECT_EQ(Reply::String("x").integer(), 0);
  EXPECT_EQ(Reply::Integer(7).text(), "");
  EXPECT_TRUE(Reply::Integer(7).elements().empty());
  EXPECT_TRUE(Reply::Array({Reply::Integer(1)}).at(1).is_nil());
  EXPECT_TRUE(Reply().at(0).is_nil());
}

TEST(ReplyReader, CanBeLeftInTheMiddleOfAReply) {
  ReplyReader reader;
  Reply reply;
  reader.Feed("*3\r\n$3\r\nfoo\r\n*2\r\n:1\r\n");
  EXPECT_EQ(reader.Next(reply), State::kNeedMore);
}

}  // namespace
}  // namespace popradio::redis
