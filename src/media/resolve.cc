#include "media/resolve.h"

#include <stdlib.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "media/files.h"
#include "media/fingerprint.h"
#include "media/ingest.h"
#include "media/media_types.h"
#include "media/scan_progress.h"
#include "media/text.h"

namespace popradio::media {
namespace {

bool IsFile(const std::string& path) {
  FileStamp stamp;
  return StampOf(path, stamp);
}

// "http:", "spotify:", but not "C:".
bool HasScheme(std::string_view address) {
  const auto colon = address.find(':');
  if (colon == std::string_view::npos || colon < 2) return false;
  return std::all_of(
      address.begin(), address.begin() + static_cast<std::ptrdiff_t>(colon),
      [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '.' || c == '-'; });
}

std::string PercentDecoded(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() &&
        std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
        std::isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      const int byte = digit(text[i + 1]) * 16 + digit(text[i + 2]);
      if (byte == 0) return {};
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string RealPath(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string text = resolved;
  ::free(resolved);
  return text;
}

enum class Place { kElsewhere, kHere, kMissing };

// Where an address of a catalogue file leads; `path` is set for kHere.
Place Locate(const std::string& address, const std::string& folder, std::string& path) {
  std::string name = address;
  const bool file_url = LowerAscii(std::string_view(name).substr(0, 7)) == "file://";
  if (file_url) {
    name = PercentDecoded(std::string_view(name).substr(7));
  } else if (name.empty() || HasScheme(name) || name.find('\0') != std::string::npos) {
    return Place::kElsewhere;
  }
  std::vector<std::string> guesses = {name};
  std::string slashes = name;
  std::replace(slashes.begin(), slashes.end(), '\\', '/');
  guesses.push_back(slashes);
  guesses.push_back(PercentDecoded(slashes));
  for (const std::string& guess : guesses) {
    if (guess.empty()) continue;
    const std::string full = guess[0] == '/' ? guess : folder + "/" + guess;
    if (IsFile(full)) {
      path = RealPath(full);
      return Place::kHere;
    }
  }
  // An absolute name that is not here is a path on the station, unless it said file://.
  return name[0] == '/' && !file_url ? Place::kElsewhere : Place::kMissing;
}

class Resolver {
 public:
  Resolver(ParsedCatalogue& parsed, const std::string& folder, const std::string& data_dir,
           const Catalogue& catalogue, MediaTool& tool, const Clock& clock,
           const ResolveEvents& events)
      : parsed_(parsed),
        folder_(folder),
        data_dir_(data_dir),
        tool_(tool),
        events_(events),
        progress_(clock, events.progress) {
    for (const Song& song : catalogue.songs()) {
      if (!song.media.fingerprint.empty()) known_.emplace(song.media.fingerprint, &song);
    }
  }

  bool Run() {
    progress_.Begin(CountFiles());
    std::vector<ParsedSong> songs;
    // M3U playlists name songs by position, so positions are mapped when one is refused.
    std::vector<std::optional<std::size_t>> moved(parsed_.songs.size());
    for (std::size_t i = 0; i < parsed_.songs.size(); ++i) {
      if (events_.stopped && events_.stopped()) return false;
      ParsedSong& song = parsed_.songs[i];
      const std::string problem = Resolve(song);
      if (problem.empty()) {
        moved[i] = songs.size();
        songs.push_back(std::move(song));
      } else {
        parsed_.refused.push_back(
            {song.line, "song \"" + CleanTag(song.title.value_or("?"), 60) + "\"", problem});
      }
    }
    progress_.End();
    parsed_.songs = std::move(songs);
    for (ParsedPlaylist& playlist : parsed_.playlists) {
      if (!playlist.songs) continue;
      std::erase_if(*playlist.songs, [&](ParsedEntry& entry) {
        auto* position = std::get_if<std::size_t>(&entry.song);
        if (position == nullptr) return false;
        if (!moved[*position]) return true;
        *position = *moved[*position];
        return false;
      });
      if (playlist.cover_path && IsFile(*playlist.cover_path)) AddRoot(*playlist.cover_path);
    }
    if (missing_ > 0) {
      parsed_.warnings.push_back(
          "the files of " + std::to_string(missing_) +
          " songs are not on this machine; scan the folder they are in now, and they play again");
    }
    parsed_.library_roots.assign(roots_.begin(), roots_.end());
    return true;
  }

 private:
  std::size_t CountFiles() const {
    std::size_t count = 0;
    std::string path;
    for (const ParsedSong& song : parsed_.songs) {
      for (const auto* address : {&song.video_url, &song.audio_url}) {
        if (*address && Locate(**address, folder_, path) == Place::kHere) ++count;
      }
    }
    return count;
  }

  void AddRoot(const std::string& path) {
    if (!FolderOf(path).empty()) roots_.insert(std::string(FolderOf(path)));
  }

  std::string Resolve(ParsedSong& song) {
    if (song.media) NoteExported(*song.media);
    if (song.album_art) ResolveArt(song);
    for (auto* address : {&song.video_url, &song.audio_url}) {
      if (!*address || (*address)->empty()) continue;
      std::string path;
      switch (Locate(**address, folder_, path)) {
        case Place::kElsewhere:
          break;
        case Place::kMissing:
          return "there is no file " + CleanTag(**address, 200);
        case Place::kHere: {
          std::string problem = Adopt(song, path);
          progress_.Done(path);
          if (!problem.empty()) return CleanTag(**address, 200) + ": " + problem;
          **address = "";
        }
      }
    }
    return {};
  }

  void NoteExported(const SongMedia& media) {
    bool missing = false;
    for (const std::string* path : {&media.video_path, &media.audio_path, &media.art_path}) {
      if (path->empty()) continue;
      if (IsFile(*path)) {
        AddRoot(*path);
      } else if (path != &media.art_path) {
        missing = true;
      }
    }
    missing_ += missing ? 1 : 0;
  }

  void ResolveArt(ParsedSong& song) {
    std::string path;
    if (Locate(*song.album_art, folder_, path) != Place::kHere || !IsPictureFile(path)) return;
    if (!song.media) song.media.emplace();
    song.media->art_path = path;
    song.media->art_type = std::string(ContentType(path));
    song.album_art = "";
    AddRoot(path);
  }

  // Makes the file the song's; the problem when it cannot be.
  std::string Adopt(ParsedSong& song, const std::string& path) {
    if (!IsMediaFile(path)) return "files of this kind are not played";
    const auto fingerprint = FingerprintFile(path);
    if (!fingerprint) return fingerprint.error().message;
    FileStamp stamp;
    if (!StampOf(path, stamp)) return "it is gone";
    if (!song.media) song.media.emplace();
    SongMedia& media = *song.media;
    if (const auto known = known_.find(*fingerprint); known != known_.end()) {
      Merge(known->second->media, media);
      if (!song.duration_s) song.duration_s = known->second->duration_s;
      if (!song.title) song.title = known->second->title;
      if (!song.artist) song.artist = known->second->artist;
      return {};
    }
    auto info = tool_.Probe(path);
    if (!info) return info.error().message;
    const int length_s = WholeSeconds(info->duration_s);
    if (length_s < 1) return "it does not say how long it is";
    song.duration_s =
        song.duration_s && *song.duration_s > 0 ? std::min(*song.duration_s, length_s) : length_s;
    if (!song.title && !info->tags.title.empty()) song.title = info->tags.title;
    if (!song.artist && !info->tags.artist.empty()) song.artist = info->tags.artist;

    std::string playable = path;
    const Conversion plan = PlanConversion(path, *info);
    if (plan.needed) {
      playable = data_dir_ + "/media/" + *fingerprint + "." + plan.extension;
      if (!IsFile(playable)) {
        if (auto made = MakeFolder(data_dir_ + "/media"); !made) return made.error().message;
        if (auto done = tool_.Convert(path, *info, plan, playable,
                                      [&](double part) { progress_.Converting(path, part); });
            !done)
          return done.error().message;
      }
    }
    (info->has_video && IsVideoFile(path) ? media.video_path : media.audio_path) = playable;
    if (media.fingerprint.empty()) {
      media.fingerprint = *fingerprint;
      media.file_bytes = stamp.bytes;
      media.file_mtime_ms = stamp.mtime_ms;
    }
    if (media.art_path.empty()) MakeArt(path, *info, media);
    AddRoot(path);
    return {};
  }

  void MakeArt(const std::string& path, const MediaInfo& info, SongMedia& media) {
    const auto source = ChoosePicture(path, info, "");
    const std::string to = data_dir_ + "/art/" + media.fingerprint + ".jpg";
    if (!source || !MakeFolder(data_dir_ + "/art") || !tool_.MakePicture(*source, {}, to)) return;
    media.art_path = to;
    media.art_type = "image/jpeg";
  }

  // What is known of the file already; art that the catalogue file names stays.
  static void Merge(const SongMedia& known, SongMedia& media) {
    const SongMedia named = media;
    media = known;
    if (!named.art_path.empty()) {
      media.art_path = named.art_path;
      media.art_type = named.art_type;
    }
  }

  ParsedCatalogue& parsed_;
  const std::string& folder_;
  const std::string& data_dir_;
  MediaTool& tool_;
  const ResolveEvents& events_;
  ScanProgressMeter progress_;
  std::unordered_map<std::string_view, const Song*> known_;
  std::set<std::string> roots_;
  std::size_t missing_ = 0;
};

}  // namespace

bool ResolveFiles(ParsedCatalogue& parsed, const std::string& folder, const std::string& data_dir,
                  const Catalogue& catalogue, MediaTool& tool, const Clock& clock,
                  const ResolveEvents& events) {
  std::error_code ec;
  // Songs name files by absolute paths, whatever the folders were called here.
  const std::string from =
      std::filesystem::weakly_canonical(folder.empty() ? "." : folder, ec).string();
  const std::string data = std::filesystem::weakly_canonical(data_dir, ec).string();
  return Resolver(parsed, from, data, catalogue, tool, clock, events).Run();
}

}  // namespace popradio::media
