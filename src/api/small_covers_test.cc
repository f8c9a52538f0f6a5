#include "api/small_covers.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>

#include "api/service_testing.h"
#include "base/temporary_folder_testing.h"

namespace popradio::api {
namespace {

// Makes pictures of nothing, or fails as a full disk does.
class FakePictures final : public media::MediaTool {
 public:
  Result<void> Ready() override { return {}; }
  Result<media::MediaInfo> Probe(const std::string&) override {
    return Fail(ErrorCode::kInternal, "not asked for here");
  }
  Result<void> MakePicture(const media::PictureSource&, const media::PictureSize&,
                           const std::string& to) override {
    ++tries;
    if (disk_full) return Fail(ErrorCode::kUnavailable, "the disk is full");
    std::ofstream(to) << "picture";
    return {};
  }
  Result<void> Convert(const std::string&, const media::MediaInfo&, const media::Conversion&,
                       const std::string&, const media::ConvertProgress&) override {
    return Fail(ErrorCode::kInternal, "not asked for here");
  }
  std::atomic<int> tries{0};
  std::atomic<bool> disk_full{false};
};

class SmallCoversTest : public testing::Test {
 protected:
  SmallCoversTest() { std::ofstream(art_) << "whole"; }
  bool Make(int width) {
    auto made = boost::asio::co_spawn(context_, covers_.Make(SongIdOf(1), "v", width, art_, roots_),
                                      boost::asio::use_future);
    context_.restart();
    const auto guard = boost::asio::make_work_guard(context_);
    while (made.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      context_.run_one_for(std::chrono::milliseconds(5));
    }
    return made.get();
  }

  boost::asio::io_context
      context_;  // outlives the maker's thread, which still holds it for a while
  TestClock clock_;
  TemporaryFolder folder_;
  FakePictures tool_;
  const std::string art_ = folder_.path() + "/art.jpg";
  const SmallCovers::Roots roots_ =
      std::make_shared<const std::vector<std::string>>(1, folder_.path());
  SmallCovers covers_{clock_, &tool_, folder_.path() + "/covers"};
};

TEST_F(SmallCoversTest, IsMadeOnceAndThenThere) {
  EXPECT_TRUE(Make(96));
  EXPECT_TRUE(Make(96));
  EXPECT_TRUE(Make(160));
  EXPECT_EQ(tool_.tries, 2);
  EXPECT_TRUE(std::filesystem::exists(covers_.PathOf(SongIdOf(1), "v", 96)));
}

TEST_F(SmallCoversTest, WhatCannotBeMadeIsTriedAgainLater) {
  tool_.disk_full = true;
  EXPECT_FALSE(Make(96));
  EXPECT_FALSE(Make(96));
  EXPECT_EQ(tool_.tries, 1) << "a disk that is full is not asked for every row of a list";
  tool_.disk_full = false;
  EXPECT_TRUE(Make(160)) << "another one is another question";
  clock_.Advance(SmallCovers::kTryAgainAfter);
  EXPECT_TRUE(Make(96));
}

}  // namespace
}  // namespace popradio::api
