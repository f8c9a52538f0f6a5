#include "media/demo.h"

#include <filesystem>

#include "domain/validate.h"
#include "media/files.h"
#include "media/fingerprint.h"
#include "media/json_fields.h"
#include "media/json_lines.h"
#include "media/library.h"
#include "media/walk.h"

namespace popradio::media {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxStationBytes = 1 << 20;
constexpr auto kBetweenRecords = std::chrono::minutes(1);

class Loader {
 public:
  Loader(std::string file, std::string folder, Instant now)
      : file_(std::move(file)), folder_(std::move(folder)), at_(now) {}

  Result<store::CatalogueChange> Load() {
    const auto text = ReadWholeFile(file_, kMaxStationBytes);
    if (!text) return Fail(text.error());
    boost::system::error_code error;
    json::parser parser;
    const std::size_t used = parser.write_some(*text, error);
    if (error) return Wrong(PlaceOf(*text, used) + ": " + error.message());
    const json::value root = parser.release();
    const json::value* songs = root.is_object() ? root.get_object().if_contains("songs") : nullptr;
    if (songs == nullptr || !songs->is_array()) return Wrong("there is no list of songs in it");
    for (const json::value& song : songs->get_array()) {
      if (auto added = AddSong(song); !added) return Fail(added.error());
    }
    const json::value* playlists = root.get_object().if_contains("playlists");
    if (playlists != nullptr && playlists->is_array()) {
      for (const json::value& playlist : playlists->get_array()) {
        if (auto added = AddPlaylist(playlist); !added) return Fail(added.error());
      }
    }
    return std::move(change_);
  }

 private:
  tl::unexpected<Error> Wrong(const std::string& what) const {
    return Fail(ErrorCode::kInvalidJson, file_ + ": " + what);
  }

  // The file's absolute path; a sentence when it is not there or lies elsewhere.
  Result<std::string> Here(const std::string& name) const {
    std::error_code ec;
    const std::string path = std::filesystem::weakly_canonical(folder_ + "/" + name, ec).string();
    FileStamp stamp;
    if (ec || !LiesIn(path, folder_) || !StampOf(path, stamp)) {
      return Fail(ErrorCode::kInvalidParameter,
                  file_ + " names " + name + ", which is not there; ./dev demo-media makes it");
    }
    return path;
  }

  Result<void> AddSong(const json::value& value) {
    if (!value.is_object()) return Wrong("a song must be an object");
    JsonFields fields(value.get_object());
    std::optional<ObjectId> id;
    std::optional<std::string> title, artist, media, art;
    std::optional<std::vector<std::string>> genre;
    std::optional<std::optional<int>> year;
    std::optional<int> duration;
    fields.Id("_id", id);
    fields.Text("title", title);
    fields.Text("artist", artist);
    fields.Texts("genre", genre);
    fields.Year("releaseYear", year);
    fields.Seconds("duration", duration);
    fields.Text("file", media);
    fields.Text("art", art);
    const std::string name = "the song \"" + title.value_or("?") + "\": ";
    if (!fields.problem().empty()) return Wrong(name + fields.problem());
    if (!id || !media) return Wrong(name + "_id and file must be given");

    Song song;
    song.id = *id;
    song.title = title.value_or("");
    song.artist = artist.value_or("");
    song.genre = genre.value_or(std::vector<std::string>());
    song.release_year = year.value_or(std::nullopt);
    song.duration_s = duration.value_or(0);
    song.created_at = song.updated_at = at_;
    at_ -= kBetweenRecords;
    const auto path = Here(*media);
    if (!path) return Fail(path.error());
    (IsAudioFile(*path) ? song.media.audio_path : song.media.video_path) = *path;
    FileStamp stamp;
    if (StampOf(*path, stamp)) {
      song.media.file_bytes = stamp.bytes;
      song.media.file_mtime_ms = stamp.mtime_ms;
    }
    const auto fingerprint = FingerprintFile(*path);
    if (!fingerprint) return Wrong(name + fingerprint.error().message);
    song.media.fingerprint = *fingerprint;
    if (art && !art->empty()) {
      const auto picture = Here(*art);
      if (!picture) return Fail(picture.error());
      song.media.art_path = *picture;
      song.media.art_type = std::string(ContentType(*picture));
    }
    if (auto valid = ValidateSong(song); !valid) return Wrong(name + valid.error().message);
    change_.songs.push_back(std::move(song));
    return {};
  }

  Result<void> AddPlaylist(const json::value& value) {
    if (!value.is_object()) return Wrong("a playlist must be an object");
    JsonFields fields(value.get_object());
    std::optional<ObjectId> id;
    std::optional<std::string> title, description, cover;
    std::optional<bool> featured;
    std::optional<std::vector<std::string>> songs;
    fields.Id("_id", id);
    fields.Text("title", title);
    fields.Text("description", description);
    fields.Flag("isFeatured", featured);
    fields.Texts("songs", songs);
    fields.Text("cover", cover);
    const std::string name = "the playlist \"" + title.value_or("?") + "\": ";
    if (!fields.problem().empty()) return Wrong(name + fields.problem());
    if (!id) return Wrong(name + "_id must be given");

    Playlist playlist;
    playlist.id = *id;
    playlist.title = title.value_or("");
    playlist.description = description.value_or("");
    playlist.is_featured = featured.value_or(false);
    playlist.created_at = playlist.updated_at = at_;
    at_ -= kBetweenRecords;
    for (const std::string& hex : songs.value_or(std::vector<std::string>())) {
      const auto song = ObjectId::Parse(hex);
      const bool known = song && std::any_of(change_.songs.begin(), change_.songs.end(),
                                             [&](const Song& other) { return other.id == *song; });
      if (!known) return Wrong(name + "there is no song " + hex);
      playlist.songs.push_back(*song);
    }
    if (cover && !cover->empty()) {
      const auto picture = Here(*cover);
      if (!picture) return Fail(picture.error());
      playlist.cover_path = *picture;
    }
    if (auto valid = ValidatePlaylist(playlist); !valid) return Wrong(name + valid.error().message);
    change_.playlists.push_back(std::move(playlist));
    return {};
  }

  const std::string file_, folder_;
  Instant at_;
  store::CatalogueChange change_;
};

}  // namespace

Result<store::CatalogueChange> LoadDemoStation(const std::string& demo_dir,
                                               const std::string& data_dir, Instant now) {
  std::error_code ec;
  const std::string folder = std::filesystem::canonical(demo_dir, ec).string();
  if (ec) return Fail(ErrorCode::kInvalidParameter, "there is no demo folder at " + demo_dir);
  auto change = Loader(folder + "/station.json", folder, now).Load();
  if (!change) return change;
  if (auto made = MakeFolder(data_dir); !made) return Fail(made.error());
  if (auto added = AddLibraryRoot(data_dir, folder); !added) return Fail(added.error());
  return change;
}

}  // namespace popradio::media
