#include <algorithm>
#include <functional>

#include "api/admin_fields.h"
#include "api/admin_json.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/song_filter.h"
#include "api/station.h"
#include "base/log.h"
#include "domain/validate.h"

namespace popradio::api {
namespace {

using Index = Catalogue::Index;
constexpr char kSongList = 'S';

Error NoSuchSong() { return {ErrorCode::kSongNotFound, "There is no such song."}; }

// The song as it is in `catalogue`, as the whole answer.
Task<Result<void>> WriteSong(Station& station, Call& call, CataloguePtr catalogue, ObjectId id,
                             int status) {
  const auto index = catalogue->FindSong(id);
  if (!index) co_return Fail(NoSuchSong());
  const std::vector<Target> targets{{TargetType::kSong, id}};
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  std::string& out = call.response.body;
  out.assign(kDataOpen);
  AppendAdminSong(out, catalogue->songs()[*index], numbers[0], station.urls);
  out.append(kDataClose);
  call.response.status = status;
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

// Changes one song by `change`, which may refuse, and answers with it.
Task<Result<void>> ChangeSong(Station& station, Call& call, std::string_view event,
                              std::function<Result<void>(Song&)> change) {
  const auto id = IdParam(call, 0, "song");
  if (!id) co_return Fail(id.error());
  store::CatalogueStore::Edit edit =
      [&](const Catalogue& catalogue) -> Result<store::CatalogueChange> {
    const auto index = catalogue.FindSong(*id);
    if (!index) return Fail(NoSuchSong());
    Song song = catalogue.songs()[*index];
    if (auto changed = change(song); !changed) return Fail(changed.error());
    if (auto valid = ValidateSong(song); !valid) return Fail(valid.error());
    song.updated_at = call.now;
    store::CatalogueChange out;
    out.songs.push_back(std::move(song));
    return out;
  };
  auto catalogue = co_await UpdateCatalogue(station, std::move(edit));
  if (!catalogue) co_return Fail(catalogue.error());
  Log(LogLevel::kInfo, event, {{"request", call.request.id}, {"song", id->ToHex()}});
  co_return co_await WriteSong(station, call, *catalogue, *id, 200);
}

}  // namespace

Task<Result<void>> AdminListSongs(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto request = ReadPageRequest(*query, kSongList);
  if (!request) co_return Fail(request.error());
  const auto filter = SongFilter::Read(*query);
  if (!filter) co_return Fail(filter.error());
  const auto active = ReadFlag(*query, "isActive");
  if (!active) co_return Fail(active.error());

  const CataloguePtr catalogue = station.parts.backend.catalogue().Current();
  const auto& songs = catalogue->songs();
  const auto key_of = [&](Index i) {
    return SortKey{0, 0, ToEpochMs(songs[i].created_at), songs[i].id};
  };
  std::vector<Index> list;
  for (Index i = 0; i < songs.size(); ++i) {
    if (!*active || songs[i].is_active == **active) list.push_back(i);
  }
  if (!filter->empty()) list = filter->Select(*catalogue, list);
  std::sort(list.begin(), list.end(), [&](Index a, Index b) { return key_of(a) > key_of(b); });

  const Page page = Cut(list, *request, kSongList, key_of);
  std::vector<Target> targets;
  for (std::size_t i = page.begin; i < page.end; ++i)
    targets.push_back({TargetType::kSong, songs[list[i]].id});
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"songs":[)");
  for (std::size_t i = page.begin; i < page.end; ++i) {
    if (i > page.begin) out += ',';
    AppendAdminSong(out, songs[list[i]], numbers[i - page.begin], station.urls);
  }
  out.append("],");
  AppendPagination(out, page, "totalSongs");
  out.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> AdminGetSong(Station& station, Call& call) {
  const auto id = IdParam(call, 0, "song");
  if (!id) co_return Fail(id.error());
  co_return co_await WriteSong(station, call, station.parts.backend.catalogue().Current(), *id,
                               200);
}

Task<Result<void>> AdminCreateSong(Station& station, Call& call) {
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  Song song;
  const auto given = IdField(*body, "_id");
  if (!given) co_return Fail(given.error());
  song.id = *given ? **given : ObjectId::Make(call.now, station.parts.random);
  song.created_at = song.updated_at = call.now;
  if (auto applied = ApplySongFields(*body, station.urls, song); !applied) co_return applied;
  if (auto valid = ValidateSong(song); !valid) co_return valid;
  store::CatalogueStore::Edit edit =
      [&](const Catalogue& catalogue) -> Result<store::CatalogueChange> {
    if (catalogue.FindSong(song.id)) {
      return Fail(ErrorCode::kConflict, "There is a song with this _id already.");
    }
    store::CatalogueChange out;
    out.songs.push_back(song);
    return out;
  };
  auto catalogue = co_await UpdateCatalogue(station, std::move(edit));
  if (!catalogue) co_return Fail(catalogue.error());
  Log(LogLevel::kInfo, "song created", {{"request", call.request.id}, {"song", song.id.ToHex()}});
  co_return co_await WriteSong(station, call, *catalogue, song.id, 201);
}

Task<Result<void>> AdminUpdateSong(Station& station, Call& call) {
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  std::function<Result<void>(Song&)> change = [&](Song& song) {
    return ApplySongFields(*body, station.urls, song);
  };
  co_return co_await ChangeSong(station, call, "song changed", std::move(change));
}

Task<Result<void>> AdminDeactivateSong(Station& station, Call& call) {
  std::function<Result<void>(Song&)> change = [](Song& song) -> Result<void> {
    song.is_active = false;
    return {};
  };
  co_return co_await ChangeSong(station, call, "song deactivated", std::move(change));
}

}  // namespace popradio::api
