#include "store/distributed/mongo_catalogue.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>

#include "store/distributed/mongo_collections.h"
#include "store/distributed/mongo_records.h"

namespace popradio::store::distributed {
namespace {

using mongo::Database;
using mongo::Document;
using mongo::View;

// Leaves room for a million new records in one change.
constexpr int kOrderBits = 20;
constexpr char kCatalogueId[] = "catalogue";

// `records` with the changed ones in their places and the new ones behind, in their order.
template <class Record>
std::vector<Record> Merge(const std::vector<Record>& records, const std::vector<Record>& changes) {
  std::unordered_map<ObjectId, const Record*> changed;
  for (const Record& change : changes) changed[change.id] = &change;  // of two, the last
  std::vector<Record> merged;
  merged.reserve(records.size() + changes.size());
  const auto take = [&](const ObjectId& id) -> const Record* {
    const auto found = changed.find(id);
    if (found == changed.end()) return nullptr;
    const Record* record = found->second;
    changed.erase(found);
    return record;
  };
  for (const Record& record : records) {
    const Record* change = take(record.id);
    merged.push_back(change ? *change : record);
  }
  for (const Record& change : changes) {
    if (const Record* added = take(change.id)) merged.push_back(*added);
  }
  return merged;
}

Result<std::optional<Document>> ReadCatalogueState(Database& database) {
  return database.FindOne(kStation, Document{{"_id", kCatalogueId}});
}

Error NotKnown() {
  return {ErrorCode::kUnavailable,
          "The station could not learn whether this change was saved. Please look, and try again.",
          5};
}

}  // namespace

// What was read of a version.
struct MongoCatalogue::Change {
  std::int64_t behind = -1;  // read what is newer than this; -1: everything
  std::int64_t version = 0;
  std::vector<PlacedSong> songs;
  std::vector<PlacedPlaylist> playlists;
};

MongoCatalogue::MongoCatalogue(mongo::Pool& pool, const Clock& clock, Random& random)
    : pool_(pool), clock_(clock), random_(random), current_(std::make_shared<const Catalogue>()) {}

void MongoCatalogue::OnChange(std::function<void()> callback) {
  const std::lock_guard lock(callbacks_mutex_);
  callbacks_.push_back(std::move(callback));
}

void MongoCatalogue::BeforeChange(std::function<void(const CataloguePtr&)> callback) {
  const std::lock_guard lock(callbacks_mutex_);
  before_.push_back(std::move(callback));
}

void MongoCatalogue::Publish(const CataloguePtr& next, std::int64_t version) {
  const std::lock_guard lock(callbacks_mutex_);
  for (const auto& callback : before_) callback(next);
  current_.Store(next);
  stored_.store(version, std::memory_order_release);
  for (const auto& callback : callbacks_) callback();
}

void MongoCatalogue::ShowMeanwhile(const CataloguePtr& remembered) {
  const std::lock_guard lock(change_mutex_);
  if (!loaded()) Publish(remembered, 0);
}

Result<void> MongoCatalogue::Load() {
  auto loaded = pool_.RunHere<bool>([this](Database& database) { return RefreshNow(database); });
  if (!loaded) return Fail(loaded.error());
  return {};
}

Task<Result<bool>> MongoCatalogue::Refresh() {
  std::function<Result<bool>(Database&)> work = [this](Database& database) {
    return RefreshNow(database);
  };
  co_return co_await pool_.RunInOrder<bool>(std::move(work));
}

Task<Result<CataloguePtr>> MongoCatalogue::Update(Edit edit) {
  std::function<Result<CataloguePtr>(Database&)> work = [this, &edit](Database& database) {
    return Apply(database, edit);
  };
  for (int tries = 1; tries <= kEditTries; ++tries) {
    Result<CataloguePtr> applied = co_await pool_.RunInOrder<CataloguePtr>(work);
    if (!applied || *applied) co_return applied;
    co_await PauseBeforeTry(tries);
  }
  co_return Fail(ErrorCode::kUnavailable,
                 "Too many people are changing the catalogue. Please try again.", 1);
}

Task<void> MongoCatalogue::PauseBeforeTry(int tries) {
  const std::int64_t most =
      std::min<std::int64_t>(std::int64_t{1} << std::min(tries, 10), kLongestEditPause.count());
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                  Millis(random_.Below(static_cast<std::uint64_t>(most))));
  boost::system::error_code ignored;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

Result<CataloguePtr> MongoCatalogue::Apply(Database& database, const Edit& edit) {
  if (!loaded()) {
    if (auto refreshed = RefreshNow(database); !refreshed) return Fail(refreshed.error());
  }
  const CataloguePtr before = Current();
  const std::int64_t version = stored_version();
  Result<CatalogueChange> change = edit(*before);
  if (!change) return Fail(change.error());
  if (change->empty()) return before;
  Result<Stored> stored = Store(database, *change, version);
  if (!stored) return Fail(stored.error());
  if (*stored == Stored::kYes) {
    const std::lock_guard lock(change_mutex_);
    const CataloguePtr next = std::make_shared<const Catalogue>(
        static_cast<std::uint64_t>(version + 1), Merge(before->songs(), change->songs),
        Merge(before->playlists(), change->playlists));
    Publish(next, version + 1);
    return next;
  }
  if (auto refreshed = RefreshNow(database); !refreshed) return Fail(refreshed.error());
  return CataloguePtr();
}

Result<MongoCatalogue::Stored> MongoCatalogue::Store(Database& database,
                                                     const CatalogueChange& change,
                                                     std::int64_t before) {
  // Tells our own change from another node's when the outcome of the commit is not known.
  const ObjectId token = ObjectId::Make(clock_.Now(), random_);
  bool overtaken = false;
  Result<void> done = database.Transact([&]() -> Result<void> {
    auto taken = database.Update(
        kStation, Document{{"_id", kCatalogueId}, {"version", before}},
        Document{{"$set", Document{{"version", before + 1}, {"changedBy", token}}}});
    if (!taken) return Fail(taken.error());
    overtaken = taken->matched == 0;
    if (overtaken) return Fail(ErrorCode::kConflict, "Another node was faster.");
    return WriteRecords(database, change, before + 1);
  });
  if (done) return Stored::kYes;
  if (overtaken) return Stored::kOvertaken;
  if (!database.uncertain()) return Fail(done.error());
  const auto state = ReadCatalogueState(database);
  if (!state || !*state) return Fail(NotKnown());
  const View now = (*state)->view();
  if (now.Int("version") == before + 1 && now.Id("changedBy") == token) return Stored::kYes;
  if (now.Int("version") == before) return Fail(done.error());
  return Fail(NotKnown());
}

Result<void> MongoCatalogue::WriteRecords(Database& database, const CatalogueChange& change,
                                          std::int64_t version) {
  std::int64_t order = version << kOrderBits;
  const auto write = [&](const char* collection, const auto& records,
                         const auto& pipeline) -> Result<void> {
    for (std::size_t at = 0; at < records.size();) {
      mongo::Batch batch;
      for (; at < records.size() && batch.size() < kCatalogueBatch; ++at) {
        batch.Update(Document{{"_id", records[at].id}}, pipeline(records[at], version, order++),
                     /*upsert=*/true);
      }
      if (auto written = database.Write(collection, batch, /*ordered=*/true); !written)
        return Fail(written.error());
    }
    return {};
  };
  if (auto songs = write(kSongs, change.songs, WriteSongPipeline); !songs) return songs;
  return write(kPlaylists, change.playlists, WritePlaylistPipeline);
}

Result<bool> MongoCatalogue::RefreshNow(Database& database) {
  const std::lock_guard lock(change_mutex_);
  if (loaded()) {
    const auto state = ReadCatalogueState(database);
    if (!state) return Fail(state.error());
    if (*state && (*state)->view().Int("version") == stored_version()) return false;
  }
  Change read;
  Result<void> done = database.Transact([&] { return ReadBehind(database, &read); });
  if (!done) return Fail(done.error());
  const bool first = !loaded();
  loaded_.store(true, std::memory_order_release);
  // An empty station shows nothing new by having been read.
  if (first && read.songs.empty() && read.playlists.empty() && Current()->songs().empty()) {
    stored_.store(read.version, std::memory_order_release);
    return false;
  }
  const auto by_order = [](const auto& a, const auto& b) { return a.order < b.order; };
  std::stable_sort(read.songs.begin(), read.songs.end(), by_order);
  std::stable_sort(read.playlists.begin(), read.playlists.end(), by_order);
  std::vector<Song> songs;
  for (PlacedSong& placed : read.songs) songs.push_back(std::move(placed.song));
  std::vector<Playlist> playlists;
  for (PlacedPlaylist& placed : read.playlists) playlists.push_back(std::move(placed.playlist));
  if (read.behind >= 0) {
    songs = Merge(Current()->songs(), songs);
    playlists = Merge(Current()->playlists(), playlists);
  }
  Publish(std::make_shared<const Catalogue>(static_cast<std::uint64_t>(read.version),
                                            std::move(songs), std::move(playlists)),
          read.version);
  return true;
}

Result<void> MongoCatalogue::ReadBehind(Database& database, Change* read) {
  *read = {};
  const auto state = ReadCatalogueState(database);
  if (!state) return Fail(state.error());
  if (*state) read->version = (*state)->view().Int("version");
  // A version that fell belongs to another catalogue: the database was filled anew.
  if (loaded() && read->version >= stored_version()) read->behind = stored_version();
  const Document filter{{"catalogueVersion", Document{{"$gt", read->behind}}}};
  mongo::FindOptions options;
  options.hint = Document{{"catalogueVersion", 1}};
  auto songs = database.Find(kSongs, filter, options,
                             [&](View view) { read->songs.push_back(ReadSong(view)); });
  if (!songs) return songs;
  return database.Find(kPlaylists, filter, options,
                       [&](View view) { read->playlists.push_back(ReadPlaylist(view)); });
}

}  // namespace popradio::store::distributed
