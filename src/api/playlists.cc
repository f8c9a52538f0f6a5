#include "api/handlers.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/station.h"
#include "http/compress.h"

namespace popradio::api {
namespace {

using Index = Catalogue::Index;
constexpr char kPublicPlaylistList = 'f';

// {"success":true,"data":{"playlists":[…]
Task<Result<void>> WritePlaylists(Station& station, Call& call, RenderedPtr rendered,
                                  std::span<const Index> playlists) {
  std::vector<Target> targets;
  for (const Index playlist : playlists) rendered->CollectTargets(playlist, targets);
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"playlists":[)");
  std::size_t used = 0;
  for (const Index playlist : playlists) {
    if (used > 0) out += ',';
    used += rendered->AppendPlaylist(out, playlist, numbers.data() + used);
  }
  out += ']';
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> ListPlaylists(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto request = ReadPageRequest(*query, kPublicPlaylistList);
  if (!request) co_return Fail(request.error());
  const RenderedPtr rendered = station.Rendered(call.thread);
  const std::vector<Index>& list = rendered->playlist_order();
  const Page page = Cut(list, *request, kPublicPlaylistList, [&](Index i) {
    const Playlist& playlist = rendered->catalogue().playlists()[i];
    return SortKey{playlist.is_featured ? 1 : 0, 0, ToEpochMs(playlist.created_at), playlist.id};
  });
  const std::span<const Index> playlists(list.data() + page.begin, page.end - page.begin);
  if (auto written = co_await WritePlaylists(station, call, rendered, playlists); !written) {
    co_return written;
  }
  std::string& out = call.response.body;
  out += ',';
  AppendPagination(out, page, "totalPlaylists");
  out.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> FeaturedPlaylists(Station& station, Call& call) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const std::vector<Index>& list = rendered->catalogue().featured_playlists();
  if (auto written = co_await WritePlaylists(station, call, rendered, list); !written)
    co_return written;
  call.response.body.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> GetPlaylist(Station& station, Call& call) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const auto playlist = ActivePlaylist(call, rendered->catalogue());
  if (!playlist) co_return Fail(playlist.error());
  // Looking is not opening: a HEAD counts no view. A store that is away does not close the page.
  std::optional<std::int64_t> views;
  if (call.request.method == http::Method::kGet) {
    const auto counted = co_await station.engagement().Count(rendered->PlaylistTarget(*playlist),
                                                             call.reader(), std::nullopt);
    if (counted) views = *counted;
  }
  std::vector<Target> targets;
  rendered->CollectTargets(*playlist, targets);
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  if (views) numbers[0].plays = *views;
  std::string& out = call.response.body;
  out.assign(kDataOpen);
  rendered->AppendPlaylist(out, *playlist, numbers.data());
  out.append(kDataClose);
  call.response.content_type = kJsonType;
  http::CompressBody(call.request, call.response);
  co_return Result<void>();
}

}  // namespace popradio::api
