#include "store/embedded/comments.h"

#include "store/embedded/comment_rows.h"

namespace popradio::embedded {
namespace {

constexpr char kList[] =
    "SELECT " POPRADIO_COMMENT_COLUMNS
    " FROM comments "
    "WHERE target = ? AND (created_at, id) < (?, ?) AND expire_at > ? AND is_hidden = 0 "
    "ORDER BY created_at DESC, id DESC LIMIT ?";
// INDEXED BY, so that a query that would look through all comments of a song cannot be prepared.
constexpr char kListMoments[] =
    "SELECT " POPRADIO_COMMENT_COLUMNS
    " FROM comments WHERE rowid IN ("
    "SELECT rowid FROM comments INDEXED BY comments_by_moment "
    "WHERE target = ? AND at_ms BETWEEN ? AND ? AND expire_at > ? AND is_hidden = 0 "
    "ORDER BY created_at DESC, id DESC LIMIT ?) "
    "ORDER BY at_ms, created_at, id";
constexpr char kListAll[] =
    "SELECT " POPRADIO_COMMENT_COLUMNS
    " FROM comments "
    "WHERE (created_at, id) < (?, ?) AND expire_at > ? ORDER BY created_at DESC, id DESC LIMIT ?";
constexpr char kFind[] = "SELECT " POPRADIO_COMMENT_COLUMNS
                         " FROM comments "
                         "WHERE id = ? AND expire_at > ?";
constexpr char kPlace[] =
    "SELECT created_at FROM comments WHERE id = ?1 UNION ALL "
    "SELECT created_at FROM forgotten_comments WHERE id = ?1";
constexpr char kHide[] = "UPDATE comments SET is_hidden = ? WHERE id = ?";
constexpr char kRemember[] =
    "INSERT OR REPLACE INTO forgotten_comments (id, created_at, expire_at) "
    "SELECT id, created_at, expire_at FROM comments WHERE session = ?";
constexpr char kForget[] = "DELETE FROM comments WHERE session = ?";

// The second that an ObjectId was made in.
std::int64_t SecondOf(const ObjectId& id) {
  std::int64_t seconds = 0;
  for (std::size_t i = 0; i < 4; ++i) seconds = seconds << 8 | id.bytes()[i];
  return seconds;
}

// The place after which a page begins.
struct Place {
  std::int64_t created_ms = INT64_MAX;
  ObjectId id;
};

Place Find(Database& database, const ObjectId& before) {
  Query row = database.Prepare(kPlace);
  row.Bind(before);
  return {row.Step() ? row.Int(0) : SecondOf(before) * 1000 + 999, before};
}

}  // namespace

Task<Result<void>> Comments::Add(Comment comment) {
  if (comment.expire_at == Instant())
    comment.expire_at = comment.created_at + std::chrono::days(ttl_days_);
  FunctionWrite<void> operation([&comment](Transaction& transaction) -> Result<void> {
    WriteComment(transaction.db(), comment);
    return {};
  });
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

Task<Result<store::CommentPage>> Comments::List(Target target, std::optional<ObjectId> before,
                                                std::size_t limit) {
  return Page(target, before, limit);
}

Task<Result<std::vector<Comment>>> Comments::ListMoments(Target target, std::int64_t first_ms,
                                                         std::int64_t last_ms, std::size_t limit) {
  const Instant now = clock_.Now();
  std::function<Result<std::vector<Comment>>(Database&)> read =
      [target, first_ms, last_ms, limit, now](Database& database) -> Result<std::vector<Comment>> {
    const TargetKey key = ToKey(target);
    Query rows = database.Prepare(kListMoments);
    rows.BindBlob(key).Bind(first_ms).Bind(last_ms).Bind(now).Bind(
        static_cast<std::int64_t>(limit));
    std::vector<Comment> comments;
    while (rows.Step()) comments.push_back(ReadComment(rows));
    return comments;
  };
  co_return co_await reads_.Run<std::vector<Comment>>(std::move(read));
}

Task<Result<store::CommentPage>> Comments::ListAll(std::optional<ObjectId> before,
                                                   std::size_t limit) {
  return Page(std::nullopt, before, limit);
}

Task<Result<store::CommentPage>> Comments::Page(std::optional<Target> target,
                                                std::optional<ObjectId> before, std::size_t limit) {
  const Instant now = clock_.Now();
  std::function<Result<store::CommentPage>(Database&)> read =
      [target, before, limit, now](Database& database) -> Result<store::CommentPage> {
    const Place place = before ? Find(database, *before) : Place{};
    const TargetKey key = ToKey(target.value_or(Target{}));
    Query rows = database.Prepare(target ? kList : kListAll);
    if (target) rows.BindBlob(key);
    // One more than asked for tells whether there is a next page.
    rows.Bind(place.created_ms).Bind(place.id).Bind(now).Bind(static_cast<std::int64_t>(limit) + 1);
    store::CommentPage page;
    while (rows.Step()) {
      if (page.comments.size() == limit) {
        if (!page.comments.empty()) page.next = page.comments.back().id;
        break;
      }
      page.comments.push_back(ReadComment(rows));
    }
    return page;
  };
  co_return co_await reads_.Run<store::CommentPage>(std::move(read));
}

Task<Result<Comment>> Comments::SetHidden(ObjectId id, bool hidden) {
  FunctionWrite<Comment> operation([id, hidden](Transaction& transaction) -> Result<Comment> {
    std::optional<Comment> comment;
    {
      Query row = transaction.read().Prepare(kFind);
      row.Bind(id).Bind(transaction.now());
      if (row.Step()) comment = ReadComment(row);
    }
    if (!comment) return Fail(ErrorCode::kCommentNotFound, "There is no such comment");
    comment->is_hidden = hidden;
    transaction.db().Prepare(kHide).Bind(hidden).Bind(id).Run();
    return *std::move(comment);
  });
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

Task<Result<void>> Comments::Forget(SessionId session) {
  FunctionWrite<void> operation([session](Transaction& transaction) -> Result<void> {
    transaction.db().Prepare(kRemember).Bind(session).Run();
    transaction.db().Prepare(kForget).Bind(session).Run();
    return {};
  });
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

}  // namespace popradio::embedded
