#include "app/settings.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace popradio::app {
namespace {

using Map = std::map<std::string, std::string>;

class SettingsTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/popradio-settings-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string File(const std::string& text) {
    const std::string path = folder_ + "/popradio.toml";
    std::ofstream(path) << text;
    return path;
  }
  static std::string ErrorOf(const Result<LoadedSettings>& result) {
    return result ? "" : result.error().message;
  }
  std::string folder_;
};

TEST_F(SettingsTest, DefaultsAreTheDesigns) {
  const auto loaded = LoadSettings(File(""), {}, {});
  ASSERT_TRUE(loaded) << ErrorOf(loaded);
  const Settings& s = loaded->values;
  EXPECT_EQ(s.http.listen, "0.0.0.0:8080");
  EXPECT_EQ(s.limits.like_per_hour, 100);
  EXPECT_EQ(s.limits.unlike_per_hour, 100);
  EXPECT_EQ(s.limits.comment_per_hour, 30);
  EXPECT_EQ(s.limits.play_per_hour, 1000);
  EXPECT_EQ(s.limits.api_per_hour, 1000);
  EXPECT_EQ(s.limits.session_like_per_hour, 200);
  EXPECT_EQ(s.comments.ttl_days, 30);
  EXPECT_EQ(s.radio.skip, "vote");
  EXPECT_EQ(s.http.max_connections_per_address, 1024);
  EXPECT_EQ(loaded->origins.at("http.listen").where, "default");
}

TEST_F(SettingsTest, TheLaterSourceWinsAndIsNamed) {
  const std::string file =
      File("[limits]\nlike_per_hour = 1\nplay_per_hour = 2\ncomment_per_hour = 3\n");
  const Map environment = {{"POPRADIO_LIMITS_PLAY_PER_HOUR", "20"},
                           {"POPRADIO_LIMITS_COMMENT_PER_HOUR", "30"}};
  const auto loaded = LoadSettings(file, environment, {{"limits.comment_per_hour", "300"}});
  ASSERT_TRUE(loaded) << ErrorOf(loaded);
  EXPECT_EQ(loaded->values.limits.like_per_hour, 1);
  EXPECT_EQ(loaded->values.limits.play_per_hour, 20);
  EXPECT_EQ(loaded->values.limits.comment_per_hour, 300);
  EXPECT_EQ(loaded->origins.at("limits.like_per_hour").where, file + ", line 2");
  EXPECT_EQ(loaded->origins.at("limits.play_per_hour").where,
            "POPRADIO_LIMITS_PLAY_PER_HOUR in the environment");
}

TEST_F(SettingsTest, UnderstandsTheNamesOtherProgramsUse) {
  const auto loaded = LoadSettings(
      File(""), {{"PORT", "9000"}, {"REDIS_URL", "redis://a"}, {"MONGODB_URI", "mongodb://b"}}, {});
  ASSERT_TRUE(loaded) << ErrorOf(loaded);
  EXPECT_EQ(loaded->values.http.listen, "0.0.0.0:9000");
  EXPECT_EQ(loaded->values.store.redis, "redis://a");
  EXPECT_EQ(loaded->values.store.mongo, "mongodb://b");
  const auto ours =
      LoadSettings(File(""), {{"PORT", "9000"}, {"POPRADIO_HTTP_LISTEN", "127.0.0.1:1"}}, {});
  EXPECT_EQ(ours->values.http.listen, "127.0.0.1:1");
}

TEST_F(SettingsTest, ListsComeAsTomlArraysOrWithCommas) {
  const auto loaded =
      LoadSettings(File("[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"fd00::/8\"]\n"), {},
                   {{"http.allowed_origins", "https://a.example,http://localhost:5173"}});
  ASSERT_TRUE(loaded) << ErrorOf(loaded);
  EXPECT_EQ(loaded->values.http.trusted_proxies,
            (std::vector<std::string>{"10.0.0.0/8", "fd00::/8"}));
  EXPECT_EQ(loaded->values.http.allowed_origins,
            (std::vector<std::string>{"https://a.example", "http://localhost:5173"}));
}

TEST_F(SettingsTest, AWrongNameOrValueIsOneSentenceThatNamesItAndItsPlace) {
  struct Case {
    std::string toml;
    Map environment, flags;
    std::vector<std::string> mentions;
  };
  const std::vector<Case> cases = {
      {"[limits]\nlikes_per_hour = 5\n", {}, {}, {"limits.likes_per_hour", "popradio.toml"}},
      {"[limit]\nlike_per_hour = 5\n", {}, {}, {"limit.like_per_hour"}},
      {"like_per_hour = 5\n", {}, {}, {"like_per_hour"}},
      {"[limits]\nlike_per_hour = \n", {}, {}, {"popradio.toml, line 2"}},
      {"[limits]\nlike_per_hour = 1.5\n",
       {},
       {},
       {"limits.like_per_hour", "1.5", "line 2", "whole number"}},
      {"[limits]\nlike_per_hour = 2026-01-01\n", {}, {}, {"limits.like_per_hour", "date"}},
      {"", {{"POPRADIO_LIMITS_LIKES", "5"}}, {}, {"POPRADIO_LIMITS_LIKES", "environment"}},
      {"", {{"PORT", "http"}}, {}, {"http.listen", "PORT in the environment"}},
      {"", {}, {{"http.listen", "nowhere"}}, {"http.listen", "nowhere", "command line"}},
      {"", {}, {{"radio.skip", "always"}}, {"radio.skip", "always", "vote curator off"}},
      {"", {}, {{"limits.api_per_hour", "-1"}}, {"limits.api_per_hour", "-1"}},
      {"", {}, {{"comments.ttl_days", "0"}}, {"comments.ttl_days", "1 to 3650"}},
      {"", {}, {{"http.trusted_proxies", "10.0.0.0/40"}}, {"http.trusted_proxies", "10.0.0.0/40"}},
      {"", {}, {{"http.allowed_origins", "radio.example"}}, {"http.allowed_origins"}},
      {"", {}, {{"http.public_url", "radio.example"}}, {"http.public_url", "https://"}},
      {"", {}, {{"media.base_url", "media"}}, {"media.base_url"}},
      {"", {}, {{"log.level", "loud"}}, {"log.level", "loud"}},
      {"", {}, {{"http.idle_timeout_s", "soon"}}, {"http.idle_timeout_s", "soon"}},
  };
  for (const Case& c : cases) {
    const std::string error = ErrorOf(LoadSettings(File(c.toml), c.environment, c.flags));
    for (const std::string& mention : c.mentions) {
      EXPECT_NE(error.find(mention), std::string::npos)
          << "'" << error << "' should mention " << mention;
    }
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 0);
  }
}

TEST_F(SettingsTest, ASecretIsNotInTheSentence) {
  const std::string error = ErrorOf(LoadSettings(File(""), {}, {{"admin.token", "hunter2"}}));
  EXPECT_NE(error.find("admin.token"), std::string::npos);
  EXPECT_EQ(error.find("hunter2"), std::string::npos);
}

TEST_F(SettingsTest, AFileThatWasAskedForMustExist) {
  EXPECT_NE(ErrorOf(LoadSettings(folder_ + "/none.toml", {}, {})).find("none.toml"),
            std::string::npos);
}

TEST_F(SettingsTest, EveryRowHasItsOwnNamesAndADefaultThatFits) {
  std::set<std::string> names;
  for (const SettingRow& row : SettingTable()) {
    EXPECT_TRUE(names.insert(std::string(row.name)).second) << row.name;
    EXPECT_TRUE(names.insert(EnvironmentName(row.name)).second);
    Settings settings;
    EXPECT_EQ(row.set(settings, row.fallback), std::nullopt) << row.name;
    EXPECT_TRUE(row.meaning.ends_with(".")) << row.name;
  }
  EXPECT_EQ(EnvironmentName("limits.like_per_hour"), "POPRADIO_LIMITS_LIKE_PER_HOUR");
}

}  // namespace
}  // namespace popradio::app
