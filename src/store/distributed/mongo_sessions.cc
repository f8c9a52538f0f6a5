#include "store/distributed/mongo_sessions.h"

#include "store/distributed/mongo_collections.h"

namespace popradio::store::distributed {
namespace {

using mongo::Database;
using mongo::Document;
using mongo::FindOptions;
using mongo::List;
using mongo::View;

List VisitPipeline(const SessionVisit& visit) {
  const Document lately{{"$gt", List{"$lastActivity", visit.first - kSessionsKept}}};
  const Document earliest{{"$min", List{"$createdAt", visit.first}}};
  const Document created{{"$cond", List{lately, earliest, visit.first}}};
  const Document latest{{"$max", List{"$lastActivity", visit.last}}};
  return List{Document{{"$set", Document{{"createdAt", created}, {"lastActivity", latest}}}}};
}

SessionVisit ReadVisit(View view) {
  return {SessionId::Parse(view.Text("_id")).value_or(SessionId()), view.Date("createdAt"),
          view.Date("lastActivity")};
}

}  // namespace

Task<Result<void>> MongoSessions::Write(std::vector<SessionVisit> visits) {
  std::function<Result<void>(Database&)> work = [&visits](Database& database) -> Result<void> {
    mongo::Batch batch;
    for (const SessionVisit& visit : visits) {
      batch.Update(Document{{"_id", visit.session.ToString()}}, VisitPipeline(visit),
                   /*upsert=*/true);
    }
    auto written = database.Write(kSessions, batch);
    if (!written) return Fail(written.error());
    // Two writers that met: what the other wrote is as good, but for seconds.
    return {};
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

Task<Result<std::optional<SessionInfo>>> MongoSessions::Find(SessionId session, Instant now) {
  std::function<Result<std::optional<SessionInfo>>(Database&)> work =
      [session, now](Database& database) -> Result<std::optional<SessionInfo>> {
    auto found = database.FindOne(kSessions, Document{{"_id", session.ToString()}});
    if (!found) return Fail(found.error());
    if (!*found) return std::optional<SessionInfo>();
    const SessionVisit visit = ReadVisit((*found)->view());
    if (now - visit.last >= kSessionsKept) return std::optional<SessionInfo>();
    return std::optional<SessionInfo>(SessionInfo{visit.first, visit.last});
  };
  co_return co_await pool_.Run<std::optional<SessionInfo>>(std::move(work));
}

Task<Result<void>> MongoSessions::Forget(SessionId session) {
  std::function<Result<void>(Database&)> work = [session](Database& database) -> Result<void> {
    auto gone = database.DeleteMany(kSessions, Document{{"_id", session.ToString()}});
    if (!gone) return Fail(gone.error());
    return {};
  };
  co_return co_await pool_.Run<void>(std::move(work));
}

Task<Result<std::vector<SessionVisit>>> MongoSessions::Dump(std::optional<SessionId> after,
                                                            std::size_t limit) {
  std::function<Result<std::vector<SessionVisit>>(Database&)> work =
      [after, limit](Database& database) -> Result<std::vector<SessionVisit>> {
    FindOptions options;
    options.sort = Document{{"_id", 1}};
    options.limit = static_cast<std::int64_t>(limit);
    const std::string from = after ? after->ToString() : std::string();
    std::vector<SessionVisit> visits;
    auto done = database.Find(kSessions, Document{{"_id", Document{{"$gt", from}}}}, options,
                              [&](View view) { visits.push_back(ReadVisit(view)); });
    if (!done) return Fail(done.error());
    return visits;
  };
  co_return co_await pool_.Run<std::vector<SessionVisit>>(std::move(work));
}

Task<Result<std::int64_t>> MongoSessions::CountAll() {
  std::function<Result<std::int64_t>(Database&)> work = [](Database& database) {
    return database.Count(kSessions, Document{{"_id", Document{{"$gt", ""}}}});
  };
  co_return co_await pool_.Run<std::int64_t>(std::move(work));
}

}  // namespace popradio::store::distributed
