#include "http/router.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace popradio::http {
namespace {

constexpr RoutePattern kTable[] = {
    {Method::kGet, "/songs"},
    {Method::kGet, "/songs/popular"},
    {Method::kGet, "/songs/:id"},
    {Method::kPost, "/songs/:id/like"},
    {Method::kDelete, "/songs/:id/like"},
    {Method::kPatch, "/songs/:id"},
    {Method::kGet, "/:kind/:id/comments"},
    {Method::kGet, "/"},
    {Method::kPost, "/songs"},
};
using Kind = RouteMatch::Kind;

TEST(Router, FindsTheRouteOfAPath) {
  const Router router(kTable);
  struct Case {
    Method method;
    const char* path;
    Kind kind;
    std::size_t index;
    std::vector<std::string_view> params;
  };
  const Case cases[] = {
      {Method::kGet, "/songs", Kind::kFound, 0, {}},
      {Method::kHead, "/songs", Kind::kFound, 0, {}},
      {Method::kPost, "/songs", Kind::kFound, 8, {}},
      {Method::kGet, "/songs/popular", Kind::kFound, 1, {}},
      {Method::kGet, "/songs/popularity", Kind::kFound, 2, {"popularity"}},
      {Method::kPatch, "/songs/popular", Kind::kFound, 5, {"popular"}},
      {Method::kDelete, "/songs/1/like", Kind::kFound, 4, {"1"}},
      {Method::kGet, "/songs/1/comments", Kind::kFound, 6, {"songs", "1"}},
      {Method::kGet, "/playlists/%2F/comments", Kind::kFound, 6, {"playlists", "%2F"}},
      {Method::kGet, "/", Kind::kFound, 7, {}},
      {Method::kGet, "/songs/", Kind::kNotFound, 0, {}},
      {Method::kGet, "//", Kind::kNotFound, 0, {}},
      {Method::kGet, "/songs//like", Kind::kNotFound, 0, {}},
      {Method::kGet, "/Songs", Kind::kNotFound, 0, {}},
      {Method::kGet, "/songs/1/like/2/3/4/5/6/7/8/9/10/11/12/13", Kind::kNotFound, 0, {}},
      {Method::kGet, "", Kind::kNotFound, 0, {}},
      {Method::kOptions, "*", Kind::kNotFound, 0, {}},
      {Method::kOther, "/nowhere", Kind::kNotFound, 0, {}},
      {Method::kOther, "/songs", Kind::kMethodNotAllowed, 0, {}},
      {Method::kGet, "/songs/1/like", Kind::kMethodNotAllowed, 0, {}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.path);
    const RouteMatch match = router.Match(c.method, c.path);
    ASSERT_EQ(match.kind, c.kind);
    if (c.kind != Kind::kFound) continue;
    EXPECT_EQ(match.index, c.index);
    ASSERT_EQ(match.param_count, c.params.size());
    for (std::size_t i = 0; i < c.params.size(); ++i) EXPECT_EQ(match.params[i], c.params[i]);
  }
}

TEST(Router, ListsTheAllowedMethods) {
  const Router router(kTable);
  EXPECT_EQ(router.Match(Method::kGet, "/songs/1/like").allow, "POST, DELETE, OPTIONS");
  EXPECT_EQ(router.Match(Method::kDelete, "/songs").allow, "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(router.Match(Method::kOptions, "/songs").allow, "GET, HEAD, POST, OPTIONS");
}

TEST(Router, RefusesATableThatContradictsItself) {
  const RoutePattern twice[] = {{Method::kGet, "/a/:x"}, {Method::kGet, "/a/:y"}};
  EXPECT_THROW(Router{twice}, std::invalid_argument);
  const RoutePattern bare[] = {{Method::kGet, "a"}};
  EXPECT_THROW(Router{bare}, std::invalid_argument);
  const RoutePattern many[] = {{Method::kGet, "/:a/:b/:c/:d/:e"}};
  EXPECT_THROW(Router{many}, std::invalid_argument);
}

}  // namespace
}  // namespace popradio::http
