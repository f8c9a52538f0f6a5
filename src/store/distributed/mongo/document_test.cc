#include "store/distributed/mongo/document.h"

#include <gtest/gtest.h>

namespace popradio::mongo {
namespace {

const ObjectId kId = *ObjectId::Parse("507f1f77bcf86cd799439011");

TEST(DocumentTest, EveryKindOfValueComesBack) {
  const std::vector<std::string> genres = {"Pop", "", "R\"n\"B, Å"};
  const std::vector<ObjectId> ids = {kId, ObjectId()};
  const Document document{{"text", std::string("Love Story")},
                          {"small", 235},
                          {"big", std::int64_t{1} << 40},
                          {"real", 0.25},
                          {"yes", true},
                          {"date", FromEpochMs(1770114300123)},
                          {"id", kId},
                          {"bytes", Binary{std::string_view("\0\xff", 2)}},
                          {"nothing", nullptr},
                          {"sub", Document{{"x", 1}}},
                          {"genres", List::Of(genres)},
                          {"ids", List::Of(ids)},
                          {"subs", List{Document{{"n", 1}}, "no document", Document{{"n", 2}}}}};
  const View view = document.view();
  EXPECT_EQ(view.Text("text"), "Love Story");
  EXPECT_EQ(view.Int("small"), 235);
  EXPECT_EQ(view.Int("big"), std::int64_t{1} << 40);
  EXPECT_EQ(view.Real("real"), 0.25);
  EXPECT_TRUE(view.Bool("yes"));
  EXPECT_EQ(view.Date("date"), FromEpochMs(1770114300123));
  EXPECT_EQ(view.Id("id"), kId);
  EXPECT_EQ(view.Bytes("bytes"), std::string("\0\xff", 2));
  EXPECT_FALSE(view.Has("nothing"));
  EXPECT_EQ(view.Sub("sub").Int("x"), 1);
  EXPECT_EQ(view.Texts("genres"), genres);
  EXPECT_EQ(view.Ids("ids"), ids);
  ASSERT_EQ(view.Subs("subs").size(), 2u);
  EXPECT_EQ(view.Subs("subs")[1].Int("n"), 2);
}

TEST(DocumentTest, WhatIsMissingOrOfAnotherKindIsItsFallback) {
  const Document document{{"text", "x"}, {"number", 3}};
  for (const char* name : {"absent", "text"}) {
    EXPECT_EQ(document.view().Int(name, 7), 7);
    EXPECT_EQ(document.view().Real(name, 0.5), 0.5);
    EXPECT_TRUE(document.view().Bool(name, true));
    EXPECT_EQ(document.view().Date(name), Instant());
    EXPECT_TRUE(document.view().Id(name).IsZero());
    EXPECT_TRUE(document.view().Sub(name).empty());
    EXPECT_TRUE(document.view().Subs(name).empty());
    EXPECT_TRUE(document.view().Bytes(name).empty());
  }
  EXPECT_EQ(document.view().Text("number"), "");
  EXPECT_EQ(View().Int("x", 1), 1);
  EXPECT_EQ(View().Json(), "{ }");
}

TEST(DocumentTest, IntegersKeepTheirWidth) {
  const Document document{{"a", 1}, {"b", std::int64_t{1}}, {"c", 1.0}};
  const std::vector<std::pair<std::string, bson_type_t>> expected = {
      {"a", BSON_TYPE_INT32}, {"b", BSON_TYPE_INT64}, {"c", BSON_TYPE_DOUBLE}};
  EXPECT_EQ(document.view().Fields(), expected);
}

TEST(DocumentTest, CopiesAndMovesAreIndependent) {
  Document big;
  for (int i = 0; i < 100; ++i) big.Add("field" + std::to_string(i), i);
  Document copy = big;
  copy.Add("more", true);
  const Document moved = std::move(copy);
  EXPECT_FALSE(big.view().Has("more"));
  EXPECT_TRUE(moved.view().Has("more"));
  EXPECT_TRUE(copy.view().empty());  // NOLINT: a moved-from document is an empty one
  copy = moved;
  EXPECT_EQ(copy.view().Int("field99"), 99);
}

}  // namespace
}  // namespace popradio::mongo
