#include "media/scan_identity.h"

#include <charconv>

namespace popradio::media {
namespace {

const std::string& PlayablePath(const Song& song) {
  return song.media.video_path.empty() ? song.media.audio_path : song.media.video_path;
}

}  // namespace

ScanIdentity::ScanIdentity(const Catalogue& catalogue, const ScanIndex& index)
    : catalogue_(catalogue), index_(index), met_(catalogue.songs().size()) {
  for (Index i = 0; i < catalogue.songs().size(); ++i) {
    const Song& song = catalogue.songs()[i];
    if (!PlayablePath(song).empty()) by_path_.emplace(PlayablePath(song), i);
    if (!song.media.fingerprint.empty()) by_fingerprint_.emplace(song.media.fingerprint, i);
  }
}

std::optional<ScanIdentity::Index> ScanIdentity::ByPath(const std::string& path) const {
  if (const auto it = by_path_.find(path); it != by_path_.end()) return it->second;
  const IndexEntry* entry = index_.Find(path);
  if (entry == nullptr || entry->kind != IndexEntry::Kind::kConverted) return std::nullopt;
  const auto id = ObjectId::Parse(entry->detail);
  return id ? catalogue_.FindSong(*id) : std::nullopt;
}

std::optional<ScanIdentity::Index> ScanIdentity::ByFingerprint(std::string_view fingerprint) const {
  const auto it = by_fingerprint_.find(fingerprint);
  return it == by_fingerprint_.end() ? std::nullopt : std::optional<Index>(it->second);
}

bool ScanIdentity::IsConverted(Index song) const {
  const SongMedia& media = catalogue_.songs()[song].media;
  // Copies are named after the song or the fingerprint, in the data folder's "media".
  const std::string& playable = PlayablePath(catalogue_.songs()[song]);
  return index_.SourceOf(catalogue_.songs()[song].id) != nullptr ||
         (!media.fingerprint.empty() &&
          playable.find("/media/" + media.fingerprint + ".") != std::string::npos) ||
         playable.find("/media/" + catalogue_.songs()[song].id.ToHex() + ".") != std::string::npos;
}

std::string ScanIdentity::SourceOf(Index song) const {
  const Song& record = catalogue_.songs()[song];
  if (const std::string* source = index_.SourceOf(record.id)) return *source;
  if (IsConverted(song)) {
    const std::string* vanished = index_.VanishedPath(record.id);
    return vanished == nullptr ? std::string() : *vanished;
  }
  return PlayablePath(record);
}

bool ScanIdentity::IsInPlace(Index song) const {
  const Song& record = catalogue_.songs()[song];
  const std::string source = SourceOf(song);
  FileStamp stamp, playable;
  if (source.empty() || !StampOf(source, stamp)) return false;
  if (stamp != FileStamp{record.media.file_bytes, record.media.file_mtime_ms}) return false;
  return source == PlayablePath(record) || StampOf(PlayablePath(record), playable);
}

std::optional<std::string> ScanIdentity::Claim(std::string_view fingerprint,
                                               const std::string& relative) {
  Key key{};
  for (std::size_t half = 0; half < 2 && fingerprint.size() >= 16 * (half + 1); ++half) {
    std::from_chars(fingerprint.data() + 16 * half, fingerprint.data() + 16 * (half + 1), key[half],
                    16);
  }
  const auto [it, first] = claimed_.emplace(key, names_.size());
  if (!first) return std::string(names_.c_str() + it->second);
  names_ += relative;
  names_ += '\0';
  return std::nullopt;
}

}  // namespace popradio::media
