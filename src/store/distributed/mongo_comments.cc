#include "store/distributed/mongo_comments.h"

#include <algorithm>
#include <tuple>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_records.h"

namespace popradio::store::distributed {
namespace {

using mongo::Database;
using mongo::Document;
using mongo::FindOptions;
using mongo::List;
using mongo::View;

constexpr char kTargetType[] = "targetType";
constexpr char kTargetId[] = "targetId";

// The second that an ObjectId was made in.
std::int64_t SecondOf(const ObjectId& id) {
  std::int64_t seconds = 0;
  for (std::size_t i = 0; i < 4; ++i) seconds = seconds << 8 | id.bytes()[i];
  return seconds;
}

// When the comment that a cursor names was made, whether it is still there or not.
Result<Instant> CursorTime(Database& database, const ObjectId& cursor) {
  for (const char* collection : {kComments, kForgottenComments}) {
    FindOptions options;
    options.projection = Document{{"createdAt", 1}};
    auto found = database.FindOne(collection, Document{{"_id", cursor}}, options);
    if (!found) return Fail(found.error());
    if (*found) return (*found)->view().Date("createdAt");
  }
  return FromEpochMs(SecondOf(cursor) * 1000 + 999);
}

Document NewestFirst() { return Document{{"createdAt", -1}, {"_id", -1}}; }

Result<CommentPage> ReadPage(Database& database, Document filter,
                             const std::optional<ObjectId>& before, Instant now,
                             std::size_t limit) {
  if (before) {
    const Result<Instant> at = CursorTime(database, *before);
    if (!at) return Fail(at.error());
    filter.Add("createdAt", Document{{"$lte", *at}});
    filter.Add("$or", List{Document{{"createdAt", Document{{"$lt", *at}}}},
                           Document{{"_id", Document{{"$lt", *before}}}}});
  }
  filter.Add("expireAt", Document{{"$gt", now}});
  FindOptions options;
  options.sort = NewestFirst();
  options.hint = filter.view().Has(kTargetId) ? TargetPageIndex() : PageIndex();
  // One more than asked for tells whether there is a next page.
  options.limit = static_cast<std::int64_t>(limit) + 1;
  CommentPage page;
  auto done = database.Find(kComments, filter, options,
                            [&](View view) { page.comments.push_back(ReadComment(view)); });
  if (!done) return Fail(done.error());
  if (page.comments.size() > limit) {
    page.comments.resize(limit);
    if (limit > 0) page.next = page.comments.back().id;
  }
  return page;
}

// The ids are chosen within the index alone, so that of however many comments a stretch has, only
// those that are returned are fetched.
Result<std::vector<Comment>> ReadMoments(Database& database, const Target& target,
                                         std::int64_t first_ms, std::int64_t last_ms, Instant now,
                                         std::size_t limit) {
  std::vector<Comment> comments;
  if (limit == 0) return comments;
  const Document match{{kTargetType, Name(target.type)},
                       {kTargetId, target.id},
                       {"atMs", Document{{"$gte", first_ms}, {"$lte", last_ms}}},
                       {"expireAt", Document{{"$gt", now}}},
                       {"isHidden", false}};
  std::vector<ObjectId> ids;
  auto chosen =
      database.Aggregate(kComments,
                         List{Document{{"$match", match}}, Document{{"$sort", NewestFirst()}},
                              Document{{"$limit", static_cast<std::int64_t>(limit)}},
                              Document{{"$project", Document{{"_id", 1}}}}},
                         MomentIndex(), [&](View view) { ids.push_back(view.Id("_id")); });
  if (!chosen) return Fail(chosen.error());
  if (ids.empty()) return comments;
  auto done = database.Find(kComments, Document{{"_id", Document{{"$in", List::Of(ids)}}}}, {},
                            [&](View view) { comments.push_back(ReadComment(view)); });
  if (!done) return Fail(done.error());
  std::sort(comments.begin(), comments.end(), [](const Comment& a, const Comment& b) {
    return std::tie(a.at_ms, a.created_at, a.id) < std::tie(b.at_ms, b.created_at, b.id);
  });
  return comments;
}

// In portions: their places are remembered first, so that a failure between loses nobody's page and
// the call may be repeated.
Result<void> ForgetAll(Database& database, const SessionId& session) {
  for (;;) {
    FindOptions options;
    options.projection = Document{{"createdAt", 1}, {"expireAt", 1}};
    options.limit = kForgetBatch;
    std::vector<ObjectId> ids;
    mongo::Batch places;
    auto found = database.Find(kComments, Document{{"sessionId", session.ToString()}}, options,
                               [&](View view) {
                                 ids.push_back(view.Id("_id"));
                                 places.Insert(Document{{"_id", view.Id("_id")},
                                                        {"createdAt", view.Date("createdAt")},
                                                        {"expireAt", view.Date("expireAt")}});
                               });
    if (!found) return found;
    if (ids.empty()) return {};
    if (auto kept = database.Write(kForgottenComments, places); !kept) return Fail(kept.error());
    auto removed =
        database.DeleteMany(kComments, Document{{"_id", Document{{"$in", List::Of(ids)}}}});
    if (!removed) return Fail(removed.error());
  }
}

}  // namespace

void MongoComments::SetExpiry(Comment& comment) const {
  if (comment.expire_at == Instant())
    comment.expire_at = comment.created_at + std::chrono::days(ttl_days_);
}

Task<Result<void>> MongoComments::Add(Comment comment) {
  SetExpiry(comment);
  std::function<Result<void>(Database&)> work = [&comment](Database& database) -> Result<void> {
    auto added = database.Insert(kComments, CommentDocument(comment));
    // One that is there already stays as it is.
    if (!added && added.error().code != ErrorCode::kConflict) return added;
    return {};
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

Task<Result<CommentPage>> MongoComments::List(Target target, std::optional<ObjectId> before,
                                              std::size_t limit) {
  return Page(target, before, limit);
}

Task<Result<CommentPage>> MongoComments::ListAll(std::optional<ObjectId> before,
                                                 std::size_t limit) {
  return Page(std::nullopt, before, limit);
}

Task<Result<CommentPage>> MongoComments::Page(std::optional<Target> target,
                                              std::optional<ObjectId> before, std::size_t limit) {
  const Instant now = clock_.Now();
  std::function<Result<CommentPage>(Database&)> work = [target, before, limit,
                                                        now](Database& database) {
    Document filter;
    if (target) {
      filter.Add(kTargetType, Name(target->type));
      filter.Add(kTargetId, target->id);
      filter.Add("isHidden", false);
    }
    return ReadPage(database, std::move(filter), before, now, limit);
  };
  co_return co_await pool_.Run<CommentPage>(std::move(work));
}

Task<Result<std::vector<Comment>>> MongoComments::ListMoments(Target target, std::int64_t first_ms,
                                                              std::int64_t last_ms,
                                                              std::size_t limit) {
  const Instant now = clock_.Now();
  std::function<Result<std::vector<Comment>>(Database&)> work = [target, first_ms, last_ms, limit,
                                                                 now](Database& database) {
    return ReadMoments(database, target, first_ms, last_ms, now, limit);
  };
  co_return co_await pool_.Run<std::vector<Comment>>(std::move(work));
}

Task<Result<Comment>> MongoComments::SetHidden(ObjectId id, bool hidden) {
  const Instant now = clock_.Now();
  std::function<Result<Comment>(Database&)> work = [id, hidden,
                                                    now](Database& database) -> Result<Comment> {
    auto changed = database.FindAndUpdate(
        kComments, Document{{"_id", id}, {"expireAt", Document{{"$gt", now}}}},
        Document{{"$set", Document{{"isHidden", hidden}}}});
    if (!changed) return Fail(changed.error());
    if (!*changed) return Fail(ErrorCode::kCommentNotFound, "There is no such comment");
    return ReadComment((*changed)->view());
  };
  co_return co_await pool_.Run<Comment>(std::move(work));
}

Task<Result<void>> MongoComments::Forget(SessionId session) {
  std::function<Result<void>(Database&)> work = [session](Database& database) {
    return ForgetAll(database, session);
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

Task<Result<std::vector<Comment>>> MongoComments::Dump(std::optional<ObjectId> after,
                                                       std::size_t limit) {
  std::function<Result<std::vector<Comment>>(Database&)> work =
      [after, limit](Database& database) -> Result<std::vector<Comment>> {
    FindOptions options;
    options.sort = Document{{"_id", 1}};
    options.limit = static_cast<std::int64_t>(limit);
    std::vector<Comment> comments;
    auto done =
        database.Find(kComments, Document{{"_id", Document{{"$gt", after.value_or(ObjectId())}}}},
                      options, [&](View view) { comments.push_back(ReadComment(view)); });
    if (!done) return Fail(done.error());
    return comments;
  };
  co_return co_await pool_.Run<std::vector<Comment>>(std::move(work));
}

Task<Result<void>> MongoComments::AddAll(std::vector<Comment> comments) {
  std::function<Result<void>(Database&)> work = [this,
                                                 &comments](Database& database) -> Result<void> {
    mongo::Batch batch;
    for (Comment& comment : comments) {
      SetExpiry(comment);
      batch.Insert(CommentDocument(comment));
    }
    if (auto written = database.Write(kComments, batch); !written) return Fail(written.error());
    return {};
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

Task<Result<std::int64_t>> MongoComments::CountAll() {
  std::function<Result<std::int64_t>(Database&)> work = [](Database& database) {
    return database.Count(kComments, Document{{"_id", Document{{"$gte", ObjectId()}}}});
  };
  co_return co_await pool_.Run<std::int64_t>(std::move(work));
}

}  // namespace popradio::store::distributed
