#include "media/export.h"

#include "base/json_text.h"

namespace popradio::media {
namespace {

// One object on one line; names come first in the order they are added.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  void Text(const char* name, std::string_view value) {
    Name(name);
    AppendJsonString(out_, value);
  }
  void TextUnlessEmpty(const char* name, std::string_view value) {
    if (!value.empty()) Text(name, value);
  }
  void Number(const char* name, std::int64_t value) {
    Name(name);
    AppendInt(out_, value);
  }
  void Flag(const char* name, bool value) {
    Name(name);
    AppendBool(out_, value);
  }
  void Time(const char* name, Instant value) { Text(name, FormatIso8601(value)); }
  void Name(const char* name) {
    if (!first_) out_ += ',';
    first_ = false;
    AppendJsonString(out_, name);
    out_ += ':';
  }
  void Close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

template <class List, class Append>
void AppendList(std::string& out, const List& list, Append append) {
  out += '[';
  bool first = true;
  for (const auto& entry : list) {
    if (!first) out += ',';
    first = false;
    append(entry);
  }
  out += ']';
}

void AppendMedia(std::string& out, const SongMedia& media) {
  Object object(out);
  object.TextUnlessEmpty("videoPath", media.video_path);
  object.TextUnlessEmpty("audioPath", media.audio_path);
  object.TextUnlessEmpty("artPath", media.art_path);
  object.TextUnlessEmpty("artType", media.art_type);
  object.TextUnlessEmpty("fingerprint", media.fingerprint);
  object.Number("fileBytes", media.file_bytes);
  object.Number("fileMtimeMs", media.file_mtime_ms);
  object.Close();
}

void AppendSong(std::string& out, const Song& song, const ShownCounts& shown) {
  Object object(out);
  object.Text("_id", song.id.ToHex());
  object.Text("title", song.title);
  object.Text("artist", song.artist);
  object.Text("albumArt", song.album_art);
  object.Text("videoUrl", song.video_url);
  object.Text("audioUrl", song.audio_url);
  object.Number("duration", song.duration_s);
  object.Name("genre");
  AppendList(out, song.genre, [&](const std::string& genre) { AppendJsonString(out, genre); });
  object.Name("releaseYear");
  if (song.release_year) {
    AppendInt(out, *song.release_year);
  } else {
    out += "null";
  }
  object.Number("likes", shown.likes);
  object.Number("plays", shown.plays);
  object.Time("createdAt", song.created_at);
  object.Time("updatedAt", song.updated_at);
  object.Flag("isActive", song.is_active);
  if (song.media != SongMedia{}) {
    object.Name("media");
    AppendMedia(out, song.media);
  }
  object.Close();
}

void AppendPlaylist(std::string& out, const Playlist& playlist, const ShownCounts& shown) {
  Object object(out);
  object.Text("_id", playlist.id.ToHex());
  object.Text("title", playlist.title);
  object.Text("description", playlist.description);
  object.Text("coverImage", playlist.cover_image);
  object.TextUnlessEmpty("coverPath", playlist.cover_path);
  object.Name("songs");
  AppendList(out, playlist.songs, [&](const ObjectId& id) { AppendJsonString(out, id.ToHex()); });
  object.Number("likes", shown.likes);
  object.Number("views", shown.plays);
  object.Time("createdAt", playlist.created_at);
  object.Time("updatedAt", playlist.updated_at);
  object.Flag("isActive", playlist.is_active);
  object.Flag("isFeatured", playlist.is_featured);
  object.Close();
}

void AppendComment(std::string& out, const Comment& comment, const std::string& author) {
  Object object(out);
  object.Text("_id", comment.id.ToHex());
  object.Text("targetType", Name(comment.target.type));
  object.Text("targetId", comment.target.id.ToHex());
  object.Text("author", author);
  object.Text("text", comment.text);
  if (comment.at_ms) object.Number("atMs", *comment.at_ms);
  object.Time("createdAt", comment.created_at);
  object.Time("expireAt", comment.expire_at);
  object.Flag("isHidden", comment.is_hidden);
  object.Close();
}

}  // namespace

Result<void> CatalogueExport::Flush(bool whole) {
  if (piece_.empty() || (!whole && piece_.size() < kPieceBytes)) return {};
  auto sent = sink_(piece_);
  piece_.clear();
  return sent;
}

Result<void> CatalogueExport::Songs(const CountsOf& counts) {
  piece_ += "{\"songs\":[";
  bool first = true;
  for (const Song& song : catalogue_.songs()) {
    piece_ += first ? "\n" : ",\n";
    first = false;
    AppendSong(piece_, song, counts({TargetType::kSong, song.id}));
    if (auto sent = Flush(false); !sent) return sent;
  }
  piece_ += "\n],\n";
  return {};
}

Result<void> CatalogueExport::Playlists(const CountsOf& counts) {
  piece_ += "\"playlists\":[";
  bool first = true;
  for (const Playlist& playlist : catalogue_.playlists()) {
    piece_ += first ? "\n" : ",\n";
    first = false;
    AppendPlaylist(piece_, playlist, counts({TargetType::kPlaylist, playlist.id}));
    if (auto sent = Flush(false); !sent) return sent;
  }
  piece_ += "\n],\n\"comments\":[";
  return {};
}

Result<void> CatalogueExport::Comments(std::span<const Comment> page, const AuthorOf& author_of) {
  for (const Comment& comment : page) {
    piece_ += comments_open_ ? ",\n" : "\n";
    comments_open_ = true;
    AppendComment(piece_, comment, author_of(comment));
    if (auto sent = Flush(false); !sent) return sent;
  }
  return {};
}

Result<void> CatalogueExport::Finish() {
  piece_ += "\n]}\n";
  return Flush(true);
}

Result<void> ExportCatalogue(const Catalogue& catalogue, const CountsOf& counts,
                             const std::function<Result<std::vector<Comment>>()>& next_comments,
                             const CatalogueExport::AuthorOf& author_of, const ExportSink& sink) {
  CatalogueExport out(catalogue, sink);
  if (auto done = out.Songs(counts); !done) return done;
  if (auto done = out.Playlists(counts); !done) return done;
  for (;;) {
    const auto page = next_comments();
    if (!page) return Fail(page.error());
    if (page->empty()) break;
    if (auto done = out.Comments(*page, author_of); !done) return done;
  }
  return out.Finish();
}

}  // namespace popradio::media
