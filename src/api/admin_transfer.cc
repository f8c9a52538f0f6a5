#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>

#include "api/handlers.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/json_text.h"
#include "base/log.h"
#include "domain/author_name.h"
#include "http/compress.h"
#include "media/catalogue_json.h"
#include "media/export.h"
#include "media/import.h"

namespace popradio::api {
namespace {

namespace asio = boost::asio;

// The numbers shown at this moment, for everything in the catalogue. Where the request is served: a
// store may have to wait for them, and has its connections there.
using ShownNumbers = std::unordered_map<Target, media::ShownCounts>;

Task<Result<ShownNumbers>> ReadShownNumbers(Station& station, CataloguePtr catalogue) {
  std::vector<Target> targets;
  for (const Song& song : catalogue->songs()) targets.push_back({TargetType::kSong, song.id});
  for (const Playlist& playlist : catalogue->playlists()) {
    targets.push_back({TargetType::kPlaylist, playlist.id});
  }
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, nullptr, targets, numbers); !read)
    co_return Fail(read.error());
  ShownNumbers shown;
  shown.reserve(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    shown.emplace(targets[i], media::ShownCounts{numbers[i].likes, numbers[i].plays});
  }
  co_return shown;
}

media::CountsOf LookUp(const ShownNumbers& shown) {
  return [&shown](const Target& target) {
    const auto it = shown.find(target);
    return it == shown.end() ? media::ShownCounts() : it->second;
  };
}

void WriteReport(Call& call, const media::ImportReport& report) {
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"added":)");
  AppendInt(out, static_cast<std::int64_t>(report.added.size()));
  out.append(R"(,"changed":)");
  AppendInt(out, static_cast<std::int64_t>(report.changed.size()));
  out.append(R"(,"unchanged":)");
  AppendInt(out, static_cast<std::int64_t>(report.unchanged));
  out.append(R"(,"comments":)");
  AppendInt(out, static_cast<std::int64_t>(report.comments));
  out.append(R"(,"refused":[)");
  for (std::size_t i = 0; i < report.refused.size(); ++i) {
    out.append(i > 0 ? R"(,{"line":)" : R"({"line":)");
    AppendInt(out, std::max(report.refused[i].line, 1));
    out += ',';
    AppendField(out, "what", report.refused[i].what);
    out += ',';
    AppendField(out, "reason", report.refused[i].reason);
    out += '}';
  }
  out.append(R"(],"warnings":[)");
  for (std::size_t i = 0; i < report.warnings.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, report.warnings[i]);
  }
  out.append("]}").append(kDataClose);
  call.response.content_type = kJsonType;
}

Task<Result<media::ImportReport>> Import(Station& station, std::string_view body,
                                         const ShownNumbers& shown, Instant now) {
  const auto parsed = media::ParseCatalogueJson(body);
  if (!parsed) co_return Fail(parsed.error());
  media::ImportOptions options;
  options.counts = LookUp(shown);
  options.comment_ttl = std::chrono::days(station.options.comment_ttl_days);
  options.station_secret = station.secret;
  media::ImportPlan plan;
  store::CatalogueStore::Edit edit =
      [&](const Catalogue& catalogue) -> Result<store::CatalogueChange> {
    plan = media::PlanImport(catalogue, *parsed, now, station.parts.random, options);
    return plan.change;
  };
  const auto updated = co_await UpdateCatalogue(station, std::move(edit));
  if (!updated) co_return Fail(updated.error());
  for (Comment& comment : plan.comments) {
    const auto added = co_await station.parts.backend.comments().Add(std::move(comment));
    if (!added) co_return Fail(added.error());
  }
  co_return std::move(plan.report);
}

Task<Result<std::string>> Export(Station& station, CataloguePtr catalogue,
                                 const ShownNumbers& shown) {
  std::string out;
  media::ExportSink sink = [&out](std::string_view piece) -> Result<void> {
    out.append(piece);
    return {};
  };
  media::CatalogueExport file(*catalogue, std::move(sink));
  if (auto done = file.Songs(LookUp(shown)); !done) co_return Fail(done.error());
  if (auto done = file.Playlists(LookUp(shown)); !done) co_return Fail(done.error());
  const media::CatalogueExport::AuthorOf author_of = [&station](const Comment& comment) {
    return AuthorName(comment, station.secret);
  };
  constexpr std::size_t kCommentsAtATime = 500;
  std::optional<ObjectId> before;
  do {
    const auto page = co_await station.parts.backend.comments().ListAll(before, kCommentsAtATime);
    if (!page) co_return Fail(page.error());
    if (auto done = file.Comments(page->comments, author_of); !done) co_return Fail(done.error());
    before = page->next;
  } while (before);
  if (auto done = file.Finish(); !done) co_return Fail(done.error());
  co_return out;
}

}  // namespace

Task<Result<void>> AdminImport(Station& station, Call& call) {
  const auto shown =
      co_await ReadShownNumbers(station, station.parts.backend.catalogue().Current());
  if (!shown) co_return Fail(shown.error());
  const auto report = co_await asio::co_spawn(
      station.helper, Import(station, call.request.body, *shown, call.now), asio::use_awaitable);
  if (!report) co_return Fail(report.error());
  Log(LogLevel::kInfo, "catalogue imported",
      {{"request", call.request.id},
       {"added", report->added.size()},
       {"changed", report->changed.size()},
       {"refused", report->refused.size()}});
  WriteReport(call, *report);
  co_return Result<void>();
}

Task<Result<void>> AdminExport(Station& station, Call& call) {
  const CataloguePtr catalogue = station.parts.backend.catalogue().Current();
  const auto shown = co_await ReadShownNumbers(station, catalogue);
  if (!shown) co_return Fail(shown.error());
  auto file = co_await asio::co_spawn(station.helper, Export(station, catalogue, *shown),
                                      asio::use_awaitable);
  if (!file) co_return Fail(file.error());
  call.response.body = std::move(*file);
  call.response.content_type = kJsonType;
  call.response.AddHeader("Content-Disposition", "attachment; filename=\"popradio.json\"");
  http::CompressBody(call.request, call.response);
  co_return Result<void>();
}

}  // namespace popradio::api
