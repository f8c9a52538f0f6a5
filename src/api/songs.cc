#include <algorithm>

#include "api/handlers.h"
#include "api/idempotency.h"
#include "api/paging.h"
#include "api/reply.h"
#include "api/song_filter.h"
#include "api/station.h"
#include "base/json_text.h"

namespace popradio::api {
namespace {

using Index = Catalogue::Index;

inline constexpr std::size_t kShortList = 50;  // popular and recent: the document's "top 50"
inline constexpr std::int64_t kAppPage = 40;   // what the app asks for (web/…/api/get-songs.ts)

char ListName(SongSort sort) {
  switch (sort) {
    case SongSort::kRecent:
      return 'r';
    case SongSort::kPopular:
      return 'p';
    case SongSort::kLikes:
      return 'l';
    case SongSort::kPlays:
      return 'n';
  }
  return 'r';
}

Result<SongSort> ReadSort(const http::Query& query) {
  const auto name = query.Get("sort");
  if (!name) return Fail(name.error());
  if (!*name) return SongSort::kRecent;
  const auto sort = ParseSongSort(**name);
  if (!sort) {
    return Fail(ErrorCode::kInvalidParameter,
                "sort must be one of recent, popular, likes and plays");
  }
  return *sort;
}

std::vector<Target> TargetsOf(const RenderedCatalogue& rendered, std::span<const Index> songs) {
  std::vector<Target> targets;
  targets.reserve(songs.size());
  for (const Index song : songs) targets.push_back(rendered.SongTarget(song));
  return targets;
}

// {"success":true,"data":{"songs":[…]
void OpenSongs(std::string& out, const RenderedCatalogue& rendered, std::span<const Index> songs,
               const std::vector<store::Engagement>& numbers) {
  out.assign(kDataOpen).append(R"({"songs":[)");
  for (std::size_t i = 0; i < songs.size(); ++i) {
    if (i > 0) out += ',';
    rendered.AppendSong(out, songs[i], numbers[i]);
  }
  out += ']';
}

Task<Result<void>> WriteSongs(Station& station, Call& call, RenderedPtr rendered,
                              std::span<const Index> songs) {
  const std::vector<Target> targets = TargetsOf(*rendered, songs);
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  OpenSongs(call.response.body, *rendered, songs, numbers);
  co_return Result<void>();
}

void CloseSongs(std::string& out, const Page& page) {
  out += ',';
  AppendPagination(out, page, "totalSongs");
  out.append("}").append(kDataClose);
}

Task<Result<void>> WriteShortList(Station& station, Call& call, SongSort sort) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  auto orders = co_await station.orders.Get(rendered->pointer());
  if (!orders) co_return Fail(orders.error());
  const std::vector<Index>& order = (*orders)->Order(sort);
  const std::span<const Index> songs(order.data(), std::min(order.size(), kShortList));
  if (auto written = co_await WriteSongs(station, call, rendered, songs); !written)
    co_return written;
  call.response.body.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

}  // namespace

Task<Result<void>> ListSongs(Station& station, Call& call) {
  const auto query = http::Query::Parse(call.request.query);
  if (!query) co_return Fail(query.error());
  const auto sort = ReadSort(*query);
  if (!sort) co_return Fail(sort.error());
  const auto request = ReadPageRequest(*query, ListName(*sort));
  if (!request) co_return Fail(request.error());
  const auto filter = SongFilter::Read(*query);
  if (!filter) co_return Fail(filter.error());

  const RenderedPtr rendered = station.Rendered(call.thread);
  const Catalogue& catalogue = rendered->catalogue();
  std::shared_ptr<const SongOrders> orders;
  if (*sort != SongSort::kRecent) {
    auto got = co_await station.orders.Get(rendered->pointer());
    if (!got) co_return Fail(got.error());
    orders = *got;
  }
  const std::vector<Index>& order = orders ? orders->Order(*sort) : catalogue.active_songs();
  std::vector<Index> matching;
  if (!filter->empty()) matching = filter->Select(catalogue, order);
  const std::vector<Index>& list = filter->empty() ? order : matching;

  const Page page = Cut(list, *request, ListName(*sort), [&](Index song) {
    return orders ? orders->KeyOf(*sort, song)
                  : SortKey{0, 0, ToEpochMs(catalogue.songs()[song].created_at),
                            catalogue.songs()[song].id};
  });
  const std::span<const Index> songs(list.data() + page.begin, page.end - page.begin);
  if (auto written = co_await WriteSongs(station, call, rendered, songs); !written)
    co_return written;
  CloseSongs(call.response.body, page);
  FinishList(call);
  co_return Result<void>();
}

bool QuickFirstSongs(Station& station, Call& call, std::vector<const Song*>& shown) {
  const RenderedCatalogue& rendered = *station.Rendered(call.thread);
  const auto orders = station.orders.Quick(rendered.pointer());
  if (!orders) return false;
  constexpr SongSort kSort = SongSort::kLikes;
  const std::vector<Index>& list = orders->Order(kSort);
  PageRequest request;
  request.limit = kAppPage;
  const Page page =
      Cut(list, request, ListName(kSort), [&](Index song) { return orders->KeyOf(kSort, song); });
  const std::span<const Index> songs(list.data() + page.begin, page.end - page.begin);
  const std::vector<Target> targets = TargetsOf(rendered, songs);
  std::vector<store::Engagement> numbers(targets.size());
  if (!station.engagement().ReadNow(nullptr, targets, numbers)) return false;
  OpenSongs(call.response.body, rendered, songs, numbers);
  CloseSongs(call.response.body, page);
  for (const Index song : songs) shown.push_back(&rendered.catalogue().songs()[song]);
  return true;
}

Task<Result<void>> PopularSongs(Station& station, Call& call) {
  co_return co_await WriteShortList(station, call, SongSort::kPopular);
}

Task<Result<void>> RecentSongs(Station& station, Call& call) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const std::vector<Index>& order = rendered->catalogue().active_songs();
  const std::span<const Index> songs(order.data(), std::min(order.size(), kShortList));
  if (auto written = co_await WriteSongs(station, call, rendered, songs); !written)
    co_return written;
  call.response.body.append("}").append(kDataClose);
  FinishList(call);
  co_return Result<void>();
}

Task<Result<void>> GetSong(Station& station, Call& call) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const auto song = ActiveSong(call, rendered->catalogue());
  if (!song) co_return Fail(song.error());
  const std::vector<Target> targets{rendered->SongTarget(*song)};
  std::vector<store::Engagement> numbers;
  if (auto read = co_await ReadNumbers(station, call.reader(), targets, numbers); !read)
    co_return read;
  std::string& out = call.response.body;
  out.assign(kDataOpen);
  rendered->AppendSong(out, *song, numbers[0]);
  out.append(kDataClose);
  call.response.content_type = kJsonType;
  AnswerWithEtag(call);
  co_return Result<void>();
}

Task<Result<void>> PlaySong(Station& station, Call& call) {
  const RenderedPtr rendered = station.Rendered(call.thread);
  const auto song = ActiveSong(call, rendered->catalogue());
  if (!song) co_return Fail(song.error());
  auto key = ReadIdempotencyKey(call.request);
  if (!key) co_return Fail(key.error());
  if (auto charged = co_await ChargeRoute(station, call); !charged) co_return charged;
  const Target target = rendered->SongTarget(*song);
  const auto plays = co_await station.engagement().Count(target, &call.session, std::move(*key));
  if (!plays) {
    RefundRoute(station, call);
    co_return Fail(plays.error());
  }
  std::string& out = call.response.body;
  out.assign(kDataOpen).append(R"({"songId":)");
  AppendId(out, target.id);
  out.append(R"(,"plays":)");
  AppendInt(out, *plays);
  out.append("}").append(kDataClose);
  call.response.content_type = kJsonType;
  co_return Result<void>();
}

}  // namespace popradio::api
