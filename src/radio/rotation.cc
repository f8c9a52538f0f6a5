#include "radio/rotation.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "domain/search_text.h"

namespace popradio::radio {
namespace {

// Why a candidate weighs what it weighs: the strongest factor gives the reason.
struct Weight {
  double value = 1;
  Why why = Why::kRotation;
};

class Scale {
 public:
  Scale(const Library& library, const Rotation& rotation, Instant now)
      : rotation_(rotation), fresh_since_(now - std::chrono::days(kFreshDays)) {
    std::size_t fresh = 0;
    for (const Candidate& c : library.candidates()) {
      most_likes_ = std::max(most_likes_, c.likes);
      fresh += c.created_at > fresh_since_;
    }
    // When most of the library is new, newness says nothing.
    fresh_counts_ = 2 * fresh < library.candidates().size();
  }

  Weight Of(const Candidate& c) const {
    Weight weight;
    double strongest = 1;
    const auto apply = [&](double factor, Why why) {
      weight.value *= factor;
      if (factor > strongest) {
        strongest = factor;
        weight.why = why;
      }
    };
    if (c.featured && rotation_.featured_weight > 0)
      apply(rotation_.featured_weight, Why::kFeatured);
    if (most_likes_ > 0 && c.likes > 0 && rotation_.likes_weight > 0) {
      const double share =
          std::log1p(static_cast<double>(c.likes)) / std::log1p(static_cast<double>(most_likes_));
      apply(1 + 2 * rotation_.likes_weight * share, Why::kLoved);
    }
    if (fresh_counts_ && rotation_.fresh_weight > 0 && c.created_at > fresh_since_) {
      apply(rotation_.fresh_weight, Why::kFresh);
    }
    return weight;
  }

 private:
  const Rotation& rotation_;
  Instant fresh_since_;
  std::int64_t most_likes_ = 0;
  bool fresh_counts_ = false;
};

// The songs and artists of the last slots, for both windows at once.
class Recent {
 public:
  Recent(const Library& library, std::span<const Slot> before, int song_window, int artist_window) {
    const auto tail = [&](int n) {
      return before.last(std::min(before.size(), static_cast<std::size_t>(n)));
    };
    for (const Slot& slot : tail(song_window)) songs_.insert(slot.song);
    for (const Slot& slot : tail(artist_window)) {
      if (const Candidate* c = library.Find(slot.song)) artists_.insert(c->artist);
    }
  }
  bool Allows(const Candidate& c) const {
    return !songs_.contains(c.id) && !artists_.contains(c.artist);
  }

 private:
  std::unordered_set<ObjectId> songs_;
  std::unordered_set<std::uint32_t> artists_;
};

std::optional<Choice> Draw(const Library& library, const Scale& scale, const Recent& recent,
                           Random& random) {
  double total = 0;
  for (const Candidate& c : library.candidates()) {
    if (recent.Allows(c)) total += scale.Of(c).value;
  }
  if (total <= 0) return std::nullopt;
  double mark = random.Unit() * total;
  std::optional<Choice> last;
  for (const Candidate& c : library.candidates()) {
    if (!recent.Allows(c)) continue;
    const Weight weight = scale.Of(c);
    last = Choice{c.id, weight.why};
    mark -= weight.value;
    if (mark < 0) break;
  }
  return last;  // rounding may leave `mark` at zero after the last one: then it is that one
}

}  // namespace

Library::Library(const Catalogue& catalogue, const Rotation& rotation,
                 const std::function<std::int64_t(const ObjectId&)>& likes) {
  const auto playlist =
      rotation.playlist ? catalogue.FindPlaylist(*rotation.playlist) : std::nullopt;
  const bool restricted = playlist && catalogue.playlists()[*playlist].is_active &&
                          !catalogue.PlaylistSongs(*playlist).empty();
  std::unordered_set<Catalogue::Index> in_playlist;
  if (restricted) {
    in_playlist.insert(catalogue.PlaylistSongs(*playlist).begin(),
                       catalogue.PlaylistSongs(*playlist).end());
  }
  std::unordered_set<Catalogue::Index> featured;
  for (const auto p : catalogue.featured_playlists()) {
    featured.insert(catalogue.PlaylistSongs(p).begin(), catalogue.PlaylistSongs(p).end());
  }
  std::unordered_map<std::string, std::uint32_t> artist_numbers;
  std::unordered_set<std::uint32_t> artists_in_rotation;
  for (const auto i : catalogue.active_songs()) {
    const Song& song = catalogue.songs()[i];
    const auto number = static_cast<std::uint32_t>(artist_numbers.size());
    const auto artist = artist_numbers.emplace(FoldForSearch(song.artist), number).first->second;
    const bool in = !restricted || in_playlist.contains(i);
    auto& list = in ? candidates_ : others_;
    index_.emplace(song.id, std::pair(in, static_cast<std::uint32_t>(list.size())));
    list.push_back({song.id, artist, std::chrono::seconds(song.duration_s), likes(song.id),
                    song.created_at, featured.contains(i)});
    if (in) artists_in_rotation.insert(artist);
  }
  artists_ = artists_in_rotation.size();
}

const Candidate* Library::Find(const ObjectId& song) const {
  const auto it = index_.find(song);
  if (it == index_.end()) return nullptr;
  return &(it->second.first ? candidates_ : others_)[it->second.second];
}

int AdaptedWindow(int wanted, std::size_t count) {
  if (count <= 1) return 0;
  const auto most = std::max<std::size_t>(1, count * 2 / 3);
  return static_cast<int>(std::min(most, static_cast<std::size_t>(std::max(0, wanted))));
}

std::optional<Choice> Choose(const Library& library, const Rotation& rotation,
                             std::span<const Slot> before, Instant now, Random& random) {
  const auto candidates = library.candidates();
  if (candidates.empty()) return std::nullopt;
  if (candidates.size() == 1) return Choice{candidates[0].id, Why::kOnlySong};

  const Scale scale(library, rotation, now);
  const int songs = AdaptedWindow(rotation.song_window, candidates.size());
  const int artists = AdaptedWindow(rotation.artist_window, library.artists());
  const auto draw = [&](int song_window, int artist_window) {
    return Draw(library, scale, Recent(library, before, song_window, artist_window), random);
  };
  if (auto choice = draw(songs, artists)) {
    // With one artist the rule has nothing to hold on to: it is off, and the slot says so.
    const bool alone = library.artists() == 1 && rotation.artist_window > 0;
    return alone ? Choice{choice->song, Why::kRelaxedArtist} : choice;
  }
  if (artists > 1) {
    if (auto choice = draw(songs, 1)) return Choice{choice->song, Why::kRelaxedArtist};
  }
  if (auto choice = draw(songs, 0)) return Choice{choice->song, Why::kRelaxedArtist};
  for (int window = songs / 2; window > 0; window /= 2) {
    if (auto choice = draw(window, 0)) return Choice{choice->song, Why::kRelaxedSong};
  }
  return Choice{draw(0, 0)->song, Why::kRelaxedSong};
}

std::optional<std::string> InvalidRotation(const Rotation& r) {
  if (r.song_window < 0 || r.song_window > kMaxWindow)
    return "songWindow must be between 0 and 150";
  if (r.artist_window < 0 || r.artist_window > kMaxWindow)
    return "artistWindow must be between 0 and 150";
  const auto bad = [](double w) { return !(w >= 0 && w <= 100); };
  if (bad(r.featured_weight)) return "featuredWeight must be between 0 and 100";
  if (bad(r.likes_weight)) return "likesWeight must be between 0 and 100";
  if (bad(r.fresh_weight)) return "freshWeight must be between 0 and 100";
  return std::nullopt;
}

}  // namespace popradio::radio
