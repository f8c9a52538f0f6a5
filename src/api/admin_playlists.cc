#include <algorithm>
#include <functional>

#include "api/admin_fields.h"
#include "api/admin_json.h"
#include "api/handlers.h"
#include "api/json_body.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/station.h"
#include "base/log.h"
#include "domain/validate.h"

namespace popradio::api {
namespace {

using Index = Catalogue::Index;
constexpr char kPlaylistList = 'P';

Error NoSuchPlaylist() { return {ErrorCode::kPlaylistNotFound, "There is no such playlist."}; }

// A playlist names songs that exist; inactive ones may stay in their place.
Result<void> CheckSongs(const Playlist& playlist, const Catalogue& catalogue) {
  for (const ObjectId& id : playlist.songs) {
    if (!catalogue.FindSong(id)) {
      return Fail(ErrorCode::kInvalidParameter,
                  "songs names " + id.ToHex() + ", and there is no such song");
    }
  }
  return {};
}

Task<Result<void>> WritePlaylist(Station& station, Call& call, CataloguePtr catalogue, ObjectId id,
                                 int status) {
  const auto index = catalogue->FindPlaylist(id);
  if (!index) co_return Fail(NoSuchPlaylist());
  const std::vector<Target> targets{{TargetType::kPlaylist, id}};
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  std::string& out = call.response.body;
  out.assign(kDataOpen);
  AppendAdminPlaylist(out, catalogue->playlists()[*index], numbers[0], station.urls);
  out.append(kDataClose);
  call.response.status = status;
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

Task<Result<void>> ChangePlaylist(Station& station, Call& call, std::string_view event,
                                  std::function<Result<void>(Playlist&)> change) {
  const auto id = IdParam(call, 0, "playlist");
  if (!id) co_return Fail(id.error());
  store::CatalogueStore::Edit edit =
      [&](const Catalogue& catalogue) -> Result<store::CatalogueChange> {
    const auto index = catalogue.FindPlaylist(*id);
    if (!index) return Fail(NoSuchPlaylist());
    Playlist playlist = catalogue.playlists()[*index];
    if (auto changed = change(playlist); !changed) return Fail(changed.error());
    if (auto valid = ValidatePlaylist(playlist); !valid) return Fail(valid.error());
    if (auto known = CheckSongs(playlist, catalogue); !known) return Fail(known.error());
    playlist.updated_at = call.now;
    store::CatalogueChange out;
    out.playlists.push_back(std::move(playlist));
    return out;
  };
  auto catalogue = co_await UpdateCatalogue(station, std::move(edit));
  if (!catalogue) co_return Fail(catalogue.error());
  Log(LogLevel::kInfo, event, {{"request", call.request.id}, {"playlist", id->ToHex()}});
  co_return co_await WritePlaylist(station, call, *catalogue, *id, 200);
}

}  // namespace

Task<Result<void>> AdminListPlaylists(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto request = ReadPageRequest(*query, kPlaylistList);
  if (!request) co_return Fail(request.error());
  const auto active = ReadFlag(*query, "isActive");
  if (!active) co_return Fail(active.error());

  const CataloguePtr catalogue = station.parts.backend.catalogue().Current();
  const auto& playlists = catalogue->playlists();
  const auto key_of = [&](Index i) {
    return SortKey{playlists[i].is_featured ? 1 : 0, 0, ToEpochMs(playlists[i].created_at),
                   playlists[i].id};
  };
  std::vector<Index> list;
  for (Index i = 0; i < playlists.size(); ++i) {
    if (!*active || playlists[i].is_active == **active) list.push_back(i);
  }
  std::sort(list.begin(), list.end(), [&](Index a, Index b) { return key_of(a) > key_of(b); });

  const Page page = Cut(list, *request, kPlaylistList, key_of);
  std::vector<Target> targets;
  for (std::size_t i = page.begin; i < page.end; ++i) {
    targets.push_back({TargetType::kPlaylist, playlists[list[i]].id});
  }
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"playlists":[)");
  for (std::size_t i = page.begin; i < page.end; ++i) {
    if (i > page.begin) out += ',';
    AppendAdminPlaylist(out, playlists[list[i]], numbers[i - page.begin], station.urls);
  }
  out.append("],");
  AppendPagination(out, page, "totalPlaylists");
  out.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> AdminGetPlaylist(Station& station, Call& call) {
  const auto id = IdParam(call, 0, "playlist");
  if (!id) co_return Fail(id.error());
  co_return co_await WritePlaylist(station, call, station.parts.backend.catalogue().Current(), *id,
                                   200);
}

Task<Result<void>> AdminCreatePlaylist(Station& station, Call& call) {
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  Playlist playlist;
  const auto given = IdField(*body, "_id");
  if (!given) co_return Fail(given.error());
  playlist.id = *given ? **given : ObjectId::Make(call.now, station.parts.random);
  playlist.created_at = playlist.updated_at = call.now;
  if (auto applied = ApplyPlaylistFields(*body, station.urls, playlist); !applied)
    co_return applied;
  if (auto valid = ValidatePlaylist(playlist); !valid) co_return valid;
  store::CatalogueStore::Edit edit =
      [&](const Catalogue& catalogue) -> Result<store::CatalogueChange> {
    if (catalogue.FindPlaylist(playlist.id)) {
      return Fail(ErrorCode::kConflict, "There is a playlist with this _id already.");
    }
    if (auto known = CheckSongs(playlist, catalogue); !known) return Fail(known.error());
    store::CatalogueChange out;
    out.playlists.push_back(playlist);
    return out;
  };
  auto catalogue = co_await UpdateCatalogue(station, std::move(edit));
  if (!catalogue) co_return Fail(catalogue.error());
  Log(LogLevel::kInfo, "playlist created",
      {{"request", call.request.id}, {"playlist", playlist.id.ToHex()}});
  co_return co_await WritePlaylist(station, call, *catalogue, playlist.id, 201);
}

Task<Result<void>> AdminUpdatePlaylist(Station& station, Call& call) {
  const auto body = ParseObject(call.request.body);
  if (!body) co_return Fail(body.error());
  std::function<Result<void>(Playlist&)> change = [&](Playlist& playlist) {
    return ApplyPlaylistFields(*body, station.urls, playlist);
  };
  co_return co_await ChangePlaylist(station, call, "playlist changed", std::move(change));
}

Task<Result<void>> AdminDeactivatePlaylist(Station& station, Call& call) {
  std::function<Result<void>(Playlist&)> change = [](Playlist& playlist) -> Result<void> {
    playlist.is_active = false;
    return {};
  };
  co_return co_await ChangePlaylist(station, call, "playlist deactivated", std::move(change));
}

}  // namespace popradio::api
