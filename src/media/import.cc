#include "media/import.h"

#include <algorithm>
#include <set>

#include "domain/validate.h"
#include "media/import_comments.h"
#include "media/text.h"

namespace popradio::media {
namespace {

std::string Naming(const char* kind, const std::string& title, const std::optional<ObjectId>& id) {
  if (!title.empty()) return std::string(kind) + " \"" + CleanTag(title, 60) + "\"";
  return id ? std::string(kind) + " " + id->ToHex() : std::string(kind);
}

// Takes what the file gives; the rest stays.
template <class T, class U>
void Take(const std::optional<T>& given, U& field) {
  if (given) field = *given;
}

void MergeMedia(const SongMedia& given, SongMedia& media) {
  const auto take = [](const auto& from, auto& to) {
    if (from != std::decay_t<decltype(from)>{}) to = from;
  };
  take(given.video_path, media.video_path);
  take(given.audio_path, media.audio_path);
  take(given.art_path, media.art_path);
  take(given.art_type, media.art_type);
  take(given.fingerprint, media.fingerprint);
  take(given.file_bytes, media.file_bytes);
  take(given.file_mtime_ms, media.file_mtime_ms);
}

// Records without an _id that the station may know by name: those of one key, in order, each used
// once.
class ByName {
 public:
  void Add(std::string key, Catalogue::Index index) {
    names_[std::move(key)].records.push_back(index);
  }
  std::optional<Catalogue::Index> Next(const std::string& key) {
    const auto it = names_.find(key);
    if (it == names_.end() || it->second.used == it->second.records.size()) return std::nullopt;
    return it->second.records[it->second.used++];
  }

 private:
  struct Alike {
    std::vector<Catalogue::Index> records;
    std::size_t used = 0;
  };
  std::unordered_map<std::string, Alike> names_;
};

std::string SongKey(const std::string& title, const std::string& artist) {
  return title + '\0' + artist;
}

class Planner {
 public:
  Planner(const Catalogue& catalogue, const ParsedCatalogue& parsed, Instant now, Random& random,
          const ImportOptions& options)
      : catalogue_(catalogue), parsed_(parsed), now_(now), random_(random), options_(options) {}

  ImportPlan Run() {
    plan_.report.refused = parsed_.refused;
    plan_.report.warnings = parsed_.warnings;
    IndexNames();
    ids_.resize(parsed_.songs.size());
    for (std::size_t i = 0; i < parsed_.songs.size(); ++i) AddSong(i);
    for (const ParsedPlaylist& playlist : parsed_.playlists) AddPlaylist(playlist);
    const auto exists = [this](const Target& target) {
      return target.type == TargetType::kSong
                 ? KnowsSong(target.id)
                 : catalogue_.FindPlaylist(target.id) || new_playlists_.contains(target.id);
    };
    PlanComments(parsed_.comments, exists, now_, options_, plan_);
    if (twice_ > 0) {
      plan_.report.warnings.push_back(std::to_string(twice_) +
                                      " songs are listed more than once and were taken once");
    }
    std::stable_sort(plan_.report.refused.begin(), plan_.report.refused.end(),
                     [](const Refusal& a, const Refusal& b) { return a.line < b.line; });
    return std::move(plan_);
  }

 private:
  void IndexNames() {
    // What the file names by _id is spoken for, and cannot be meant by a record without one.
    std::set<ObjectId> spoken_for;
    for (const ParsedSong& song : parsed_.songs) {
      if (song.id) spoken_for.insert(*song.id);
    }
    for (const ParsedPlaylist& playlist : parsed_.playlists) {
      if (playlist.id) spoken_for.insert(*playlist.id);
    }
    for (Catalogue::Index i = 0; i < catalogue_.songs().size(); ++i) {
      const Song& song = catalogue_.songs()[i];
      if (!spoken_for.contains(song.id)) song_names_.Add(SongKey(song.title, song.artist), i);
    }
    for (Catalogue::Index i = 0; i < catalogue_.playlists().size(); ++i) {
      const Playlist& playlist = catalogue_.playlists()[i];
      if (!spoken_for.contains(playlist.id)) playlist_names_.Add(playlist.title, i);
    }
  }

  bool KnowsSong(const ObjectId& id) const {
    return catalogue_.FindSong(id) || new_songs_.contains(id);
  }

  void Refuse(int line, std::string what, std::string reason) {
    plan_.report.refused.push_back({line, std::move(what), std::move(reason)});
  }

  // The number the base becomes: what is given, unless it is what is shown already.
  std::int64_t Base(std::int64_t given, std::int64_t base, std::int64_t shown, bool exists) const {
    return exists && options_.counts && given == shown ? base : given;
  }

  void Merge(const ParsedSong& given, bool exists, Song& song) const {
    Take(given.title, song.title);
    Take(given.artist, song.artist);
    Take(given.album_art, song.album_art);
    Take(given.video_url, song.video_url);
    Take(given.audio_url, song.audio_url);
    Take(given.duration_s, song.duration_s);
    Take(given.genre, song.genre);
    Take(given.release_year, song.release_year);
    Take(given.created_at, song.created_at);
    Take(given.is_active, song.is_active);
    if (given.media) MergeMedia(*given.media, song.media);
    if (!given.likes && !given.plays) return;
    const ShownCounts shown =
        exists && options_.counts ? options_.counts({TargetType::kSong, song.id}) : ShownCounts{};
    if (given.likes) song.base_likes = Base(*given.likes, song.base_likes, shown.likes, exists);
    if (given.plays) song.base_plays = Base(*given.plays, song.base_plays, shown.plays, exists);
  }

  void AddSong(std::size_t position) {
    const ParsedSong& given = parsed_.songs[position];
    const std::string what = Naming("song", given.title.value_or(""), given.id);
    if (given.id && new_songs_.contains(*given.id)) {
      return Refuse(given.line, what, "its _id stands in an earlier record of this file too");
    }
    // Names are compared in the form they are stored in, so a probe is cleaned first.
    Song probe;
    probe.id = given.id.value_or(ObjectId());
    probe.duration_s = 1;
    probe.video_url = "/";
    Take(given.title, probe.title);
    Take(given.artist, probe.artist);
    const bool named = ValidateSong(probe).has_value();

    std::optional<Catalogue::Index> index;
    if (given.id) index = catalogue_.FindSong(*given.id);
    if (!given.id && named) {
      const std::string address = SongKey(probe.title, probe.artist) + '\0' +
                                  given.video_url.value_or("") + '\0' +
                                  given.audio_url.value_or("") + '\0' +
                                  (given.media ? given.media->fingerprint : std::string());
      const auto [it, first] = seen_.emplace(address, position);
      if (!first) {
        ++twice_;
        ids_[position] = ids_[it->second];
        return;
      }
      index = song_names_.Next(SongKey(probe.title, probe.artist));
    }

    Song song;
    if (index) {
      song = catalogue_.songs()[*index];
    } else {
      song.id = given.id ? *given.id : ObjectId::Make(now_, random_);
      song.created_at = now_;
    }
    Merge(given, index.has_value(), song);
    if (given.title && !given.artist && !index)
      return Refuse(given.line, what, "artist must be given");
    if (!given.duration_s && !index) {
      return Refuse(given.line, what,
                    "duration must be given: the station asks no other server how long a song is");
    }
    if (auto valid = ValidateSong(song); !valid)
      return Refuse(given.line, what, valid.error().message);
    ids_[position] = song.id;
    new_songs_.insert(song.id);
    Record(given.line, index ? &catalogue_.songs()[*index] : nullptr, given.updated_at,
           std::move(song), plan_.change.songs, what);
  }

  void AddPlaylist(const ParsedPlaylist& given) {
    const std::string what = Naming("playlist", given.title.value_or(""), given.id);
    if (given.id && new_playlists_.contains(*given.id)) {
      return Refuse(given.line, what, "its _id stands in an earlier record of this file too");
    }
    std::optional<Catalogue::Index> index;
    if (given.id) index = catalogue_.FindPlaylist(*given.id);
    if (!given.id && given.title) {
      Playlist probe;
      probe.title = *given.title;
      if (ValidatePlaylist(probe)) index = playlist_names_.Next(probe.title);
    }
    Playlist playlist;
    if (index) {
      playlist = catalogue_.playlists()[*index];
    } else {
      playlist.id = given.id ? *given.id : ObjectId::Make(now_, random_);
      playlist.created_at = now_;
    }
    Take(given.title, playlist.title);
    Take(given.description, playlist.description);
    Take(given.cover_image, playlist.cover_image);
    Take(given.cover_path, playlist.cover_path);
    Take(given.created_at, playlist.created_at);
    Take(given.is_active, playlist.is_active);
    Take(given.is_featured, playlist.is_featured);
    if (given.likes || given.views) {
      const ShownCounts shown = index && options_.counts
                                    ? options_.counts({TargetType::kPlaylist, playlist.id})
                                    : ShownCounts{};
      if (given.likes)
        playlist.base_likes =
            Base(*given.likes, playlist.base_likes, shown.likes, index.has_value());
      if (given.views)
        playlist.base_views =
            Base(*given.views, playlist.base_views, shown.plays, index.has_value());
    }
    std::vector<Refusal> unknown;
    if (given.songs) playlist.songs = Songs(*given.songs, what, unknown);
    if (auto valid = ValidatePlaylist(playlist); !valid)
      return Refuse(given.line, what, valid.error().message);
    for (Refusal& refusal : unknown) plan_.report.refused.push_back(std::move(refusal));
    new_playlists_.insert(playlist.id);
    Record(given.line, index ? &catalogue_.playlists()[*index] : nullptr, given.updated_at,
           std::move(playlist), plan_.change.playlists, what);
  }

  std::vector<ObjectId> Songs(const std::vector<ParsedEntry>& entries, const std::string& what,
                              std::vector<Refusal>& unknown) const {
    std::vector<ObjectId> songs;
    for (const ParsedEntry& entry : entries) {
      if (const auto* position = std::get_if<std::size_t>(&entry.song)) {
        // A song that was refused has been named already.
        if (ids_[*position]) songs.push_back(*ids_[*position]);
        continue;
      }
      const ObjectId& id = std::get<ObjectId>(entry.song);
      if (KnowsSong(id)) {
        songs.push_back(id);
      } else {
        unknown.push_back({entry.line, what,
                           "there is no song " + id.ToHex() + "; the playlist goes without it"});
      }
    }
    return songs;
  }

  template <class RecordType>
  void Record(int line, const RecordType* existing, const std::optional<Instant>& updated_at,
              RecordType record, std::vector<RecordType>& out, const std::string& what) {
    if (existing != nullptr) {
      record.updated_at = existing->updated_at;
      if (record == *existing) {
        ++plan_.report.unchanged;
        return;
      }
      record.updated_at = now_;
      plan_.report.changed.push_back({line, what});
    } else {
      record.updated_at = updated_at.value_or(now_);
      plan_.report.added.push_back({line, what});
    }
    out.push_back(std::move(record));
  }

  const Catalogue& catalogue_;
  const ParsedCatalogue& parsed_;
  const Instant now_;
  Random& random_;
  const ImportOptions& options_;
  ImportPlan plan_;
  ByName song_names_, playlist_names_;
  std::unordered_map<std::string, std::size_t>
      seen_;                                      // title, artist and address: position in the file
  std::vector<std::optional<ObjectId>> ids_;      // of the file's songs; none: refused
  std::set<ObjectId> new_songs_, new_playlists_;  // accepted from this file
  std::size_t twice_ = 0;
};

}  // namespace

ImportPlan PlanImport(const Catalogue& catalogue, const ParsedCatalogue& parsed, Instant now,
                      Random& random, const ImportOptions& options) {
  return Planner(catalogue, parsed, now, random, options).Run();
}

}  // namespace popradio::media
