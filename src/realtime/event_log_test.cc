#include "realtime/event_log.h"

#include <gtest/gtest.h>

#include <random>

namespace popradio::realtime {
namespace {

ObjectId Topic(int n) {
  std::array<std::uint8_t, 12> bytes{};
  bytes[11] = static_cast<std::uint8_t>(n);
  return ObjectId(bytes);
}

MessagePtr Make(std::uint64_t number, std::string data, std::optional<ObjectId> topic = {},
                std::size_t place = kNotKept) {
  auto message = std::make_shared<Message>();
  message->number = number;
  message->text = "id: e-" + std::to_string(number) + "\n";
  message->id_bytes = message->text.size();
  message->text += "data: " + data + "\n\n";
  message->topic = topic;
  message->place = place;
  return message;
}

std::string Missed(const EventLog& log, std::uint64_t last, const Topics* topics = nullptr) {
  std::string out;
  return log.AppendMissed(last, topics, out) ? out : "(state)";
}

TEST(EventLog, GivesWhatWasMissedAndNothingTwice) {
  EventLog log;
  for (std::uint64_t n = 1; n <= 3; ++n) log.Append(Make(n, std::to_string(n)));
  EXPECT_EQ(Missed(log, 1), "id: e-2\ndata: 2\n\nid: e-3\ndata: 3\n\n");
  EXPECT_EQ(Missed(log, 3), "");
}

TEST(EventLog, KnowsNothingOfTheFutureOrOfWhatIsTooOld) {
  EventLog log;
  for (std::uint64_t n = 1; n <= EventLog::kHistory + 5; ++n) log.Append(Make(n, "x"));
  EXPECT_EQ(Missed(log, log.head() + 1), "(state)");
  EXPECT_EQ(log.tail(), 6u);
  EXPECT_EQ(Missed(log, 4), "(state)");
  EXPECT_NE(Missed(log, log.head() - 3), "(state)");
}

TEST(EventLog, GivesTheStateInsteadOfALongStory) {
  EventLog log;
  log.Append(Make(1, "small"));
  log.Append(Make(2, std::string(EventLog::kMaxResumeBytes, 'x')));
  std::string out = "before";
  EXPECT_FALSE(log.AppendMissed(0, nullptr, out));
  EXPECT_EQ(out, "before");
}

TEST(EventLog, KeepsTheNewestOfEachPlaceInTheirOrderWithoutIds) {
  EventLog log;
  log.Append(Make(1, "queue", {}, 1));
  log.Append(Make(2, "old song", {}, 0));
  log.Append(Make(3, "news"));
  log.Append(Make(4, "song", {}, 0));
  std::string out;
  log.AppendState(out);
  EXPECT_EQ(out, "data: song\n\ndata: queue\n\n");
}

TEST(EventLog, TellsOnlyThoseWhoAsked) {
  EventLog log;
  log.Append(Make(1, "of a", Topic(1)));
  log.Append(Make(2, "of b", Topic(2)));
  const Topics b{Topic(2)};
  EXPECT_EQ(Missed(log, 0), "");
  EXPECT_EQ(Missed(log, 0, &b), "id: e-2\ndata: of b\n\n");
}

// A client that is cut off anywhere, any number of times, and resumes has seen every message that
// concerns it exactly once, as long as it is not away for too long.
TEST(EventLog, AResumedStreamMissesNothingAndRepeatsNothing) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    EventLog log;
    std::vector<std::uint64_t> expected, seen;
    const Topics mine{Topic(1)};
    std::uint64_t last = 0;
    for (std::uint64_t n = 1; n <= 3000; ++n) {
      const int topic = static_cast<int>(random() % 4);  // 0: everybody
      log.Append(
          Make(n, std::to_string(n), topic == 0 ? std::nullopt : std::optional(Topic(topic))));
      if (topic <= 1) expected.push_back(n);
      if (random() % 60 != 0 && n != 3000) continue;
      const std::string text = Missed(log, last, &mine);
      ASSERT_NE(text, "(state)");
      for (std::size_t at = 0; (at = text.find("data: ", at)) != std::string::npos; ++at) {
        seen.push_back(std::stoull(text.substr(at + 6)));
        last = seen.back();
        if (random() % 50 == 0) break;  // cut off here; the rest comes next time
      }
    }
    const std::string rest = Missed(log, last, &mine);
    for (std::size_t at = 0; (at = rest.find("data: ", at)) != std::string::npos; ++at) {
      seen.push_back(std::stoull(rest.substr(at + 6)));
    }
    EXPECT_EQ(seen, expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace popradio::realtime
