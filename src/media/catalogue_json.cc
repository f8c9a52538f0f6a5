#include "media/catalogue_json.h"

#include <set>

#include "media/json_fields.h"
#include "media/json_lines.h"
#include "media/text.h"

namespace popradio::media {
namespace {

namespace json = boost::json;

// At most this many names of unknown fields are listed.
constexpr std::size_t kMaxNamedUnknown = 20;

std::string Naming(const char* kind, const std::optional<std::string>& title,
                   const std::optional<ObjectId>& id) {
  if (title && !title->empty()) return std::string(kind) + " \"" + CleanTag(*title, 60) + "\"";
  if (id) return std::string(kind) + " " + id->ToHex();
  return kind;
}

void ReadMedia(JsonFields& fields, ParsedSong& song) {
  const json::value* value = fields.Raw("media");
  if (value == nullptr) return;
  if (!value->is_object()) return fields.Fail("media must be an object");
  JsonFields inner(value->get_object());
  std::optional<std::string> video, audio, art, art_type, fingerprint;
  std::optional<std::int64_t> bytes, mtime;
  inner.Text("videoPath", video);
  inner.Text("audioPath", audio);
  inner.Text("artPath", art);
  inner.Text("artType", art_type);
  inner.Text("fingerprint", fingerprint);
  inner.Count("fileBytes", bytes);
  inner.Count("fileMtimeMs", mtime);
  if (!inner.problem().empty()) return fields.Fail("media: " + inner.problem());
  song.media.emplace();
  song.media->video_path = video.value_or("");
  song.media->audio_path = audio.value_or("");
  song.media->art_path = art.value_or("");
  song.media->art_type = art_type.value_or("");
  song.media->fingerprint = fingerprint.value_or("");
  song.media->file_bytes = bytes.value_or(0);
  song.media->file_mtime_ms = mtime.value_or(0);
}

std::string ReadSong(JsonFields& fields, const ElementLines&, ParsedSong& song) {
  fields.Id("_id", song.id);
  fields.Text("title", song.title);
  fields.Text("artist", song.artist);
  fields.Text("albumArt", song.album_art);
  fields.Text("videoUrl", song.video_url);
  fields.Text("audioUrl", song.audio_url);
  fields.Seconds("duration", song.duration_s);
  fields.Texts("genre", song.genre);
  fields.Year("releaseYear", song.release_year);
  fields.Count("likes", song.likes);
  fields.Count("plays", song.plays);
  fields.Time("createdAt", song.created_at);
  fields.Time("updatedAt", song.updated_at);
  fields.Flag("isActive", song.is_active);
  fields.Ignore("isLikedByUser");  // an answer of the API may be imported as it is
  ReadMedia(fields, song);
  return Naming("song", song.title, song.id);
}

std::string ReadPlaylist(JsonFields& fields, const ElementLines& lines, ParsedPlaylist& playlist) {
  fields.Id("_id", playlist.id);
  fields.Text("title", playlist.title);
  fields.Text("description", playlist.description);
  fields.Text("coverImage", playlist.cover_image);
  fields.Text("coverPath", playlist.cover_path);
  fields.Count("likes", playlist.likes);
  fields.Count("views", playlist.views);
  fields.Time("createdAt", playlist.created_at);
  fields.Time("updatedAt", playlist.updated_at);
  fields.Flag("isActive", playlist.is_active);
  fields.Flag("isFeatured", playlist.is_featured);
  fields.Ignore("isLikedByUser");
  if (const json::value* songs = fields.Raw("songs")) {
    if (!songs->is_array()) {
      fields.Fail("songs must be a list of song _ids");
    } else {
      playlist.songs.emplace();
      const json::array& entries = songs->get_array();
      for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto id = IdIn(entries[i]);
        if (!id) {
          fields.Fail("songs must be a list of song _ids of 24 hexadecimal digits");
          break;
        }
        playlist.songs->push_back({i < lines.songs.size() ? lines.songs[i] : lines.line, *id});
      }
    }
  }
  return Naming("playlist", playlist.title, playlist.id);
}

std::string ReadComment(JsonFields& fields, const ElementLines&, ParsedComment& comment) {
  std::optional<std::string> type, session, author, fingerprint, text;
  std::optional<ObjectId> target;
  std::optional<bool> hidden;
  fields.Id("_id", comment.id);
  fields.Text("targetType", type);
  fields.Id("targetId", target);
  fields.Text("sessionId", session);
  fields.Text("author", author);
  fields.Text("userFingerprint", fingerprint);
  fields.Text("text", text);
  fields.Time("createdAt", comment.created_at);
  fields.Time("expireAt", comment.expire_at);
  fields.Count("atMs", comment.at_ms);
  fields.Flag("isHidden", hidden);
  if (!type || (*type != "song" && *type != "playlist"))
    fields.Fail("targetType must be \"song\" or \"playlist\"");
  if (!target) fields.Fail("targetId must be given");
  if (!text) fields.Fail("text must be given");
  if (session) comment.session = SessionId::Parse(*session);
  if (session && !comment.session) fields.Fail("sessionId must be a UUID");
  comment.target = {type == "playlist" ? TargetType::kPlaylist : TargetType::kSong,
                    target.value_or(ObjectId())};
  comment.author = CleanTag(author.value_or(""), kMaxAuthorBytes);
  comment.fingerprint = CleanTag(fingerprint.value_or(""), kMaxFingerprintBytes);
  comment.text = text.value_or("");
  comment.is_hidden = hidden.value_or(false);
  return Naming("comment", std::nullopt, comment.id);
}

class CatalogueReader {
 public:
  CatalogueReader(const json::object& root, JsonLines lines)
      : root_(root), lines_(std::move(lines)) {}

  template <class Record>
  Result<void> Read(const char* name, const char* kind, std::vector<Record>& out,
                    std::string (*read)(JsonFields&, const ElementLines&, Record&)) {
    const json::value* value = root_.if_contains(name);
    if (value == nullptr || value->is_null()) return {};
    if (!value->is_array())
      return Fail(ErrorCode::kInvalidJson, std::string(name) + " must be a list");
    const json::array& entries = value->get_array();
    if (entries.size() > kMaxCatalogueRecords) {
      return Fail(ErrorCode::kTooLarge, std::string("there are too many ") + name + ": at most " +
                                            std::to_string(kMaxCatalogueRecords) +
                                            " are read at once");
    }
    const auto found = lines_.find(name);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool known = found != lines_.end() && i < found->second.size();
      const ElementLines lines = known ? found->second[i] : ElementLines{1, {}};
      if (!entries[i].is_object()) {
        parsed_.refused.push_back(
            {lines.line, kind, std::string("a ") + kind + " must be an object"});
        continue;
      }
      Record record;
      record.line = lines.line;
      JsonFields fields(entries[i].get_object());
      const std::string what = read(fields, lines, record);
      fields.CollectUnknown(unknown_);
      if (fields.problem().empty()) {
        out.push_back(std::move(record));
      } else {
        parsed_.refused.push_back({lines.line, what, fields.problem()});
      }
    }
    return {};
  }

  Result<ParsedCatalogue> ReadAll() {
    for (const auto& field : root_) {
      const std::string_view key = field.key();
      if (key != "songs" && key != "playlists" && key != "comments")
        unknown_.insert(std::string(key));
    }
    if (auto ok = Read("songs", "song", parsed_.songs, ReadSong); !ok) return Fail(ok.error());
    if (auto ok = Read("playlists", "playlist", parsed_.playlists, ReadPlaylist); !ok)
      return Fail(ok.error());
    if (auto ok = Read("comments", "comment", parsed_.comments, ReadComment); !ok)
      return Fail(ok.error());
    std::size_t named = 0;
    for (const std::string& name : unknown_) {
      if (++named > kMaxNamedUnknown) {
        parsed_.warnings.push_back("and " + std::to_string(unknown_.size() - kMaxNamedUnknown) +
                                   " other fields");
        break;
      }
      parsed_.warnings.push_back("the field \"" + CleanTag(name, 60) +
                                 "\" is not known and was ignored");
    }
    return std::move(parsed_);
  }

 private:
  const json::object& root_;
  JsonLines lines_;
  std::set<std::string> unknown_;
  ParsedCatalogue parsed_;
};

// Where and why in words; Boost's own say what it expected in terms of its parser.
std::string ParseProblem(std::string_view text, std::size_t at,
                         const boost::system::error_code& error) {
  std::string reason = error.message();
  if (error == json::error::incomplete) {
    at = text.size();
    reason = "the file ends too early";
  } else if (error == json::error::too_deep) {
    reason = "it is nested deeper than " + std::to_string(kMaxCatalogueDepth) + " levels";
  } else if (error == json::error::extra_data) {
    reason = "there is more after the end";
  }
  return PlaceOf(text, at) + ": this is not JSON as a catalogue has it: " + reason;
}

}  // namespace

Result<ParsedCatalogue> ParseCatalogueJson(std::string_view bytes) {
  if (bytes.size() > kMaxCatalogueBytes) {
    return Fail(ErrorCode::kTooLarge,
                "the file is larger than " + std::to_string(kMaxCatalogueBytes >> 20) + " MiB");
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  json::parse_options options;
  options.max_depth = kMaxCatalogueDepth;
  json::parser parser({}, options);
  boost::system::error_code error;
  const std::size_t used = parser.write_some(bytes.data(), bytes.size(), error);
  if (!error && TrimAscii(bytes.substr(used)) != "") error = json::error::extra_data;
  if (error) return Fail(ErrorCode::kInvalidJson, ParseProblem(bytes, used, error));
  const json::value root = parser.release();
  constexpr const char* kShape =
      R"(a catalogue is an object such as {"songs":[…],"playlists":[…]})";
  if (!root.is_object())
    return Fail(ErrorCode::kInvalidJson, std::string("line 1, column 1: ") + kShape);
  const json::object& object = root.get_object();
  if (!object.contains("songs") && !object.contains("playlists") && !object.contains("comments")) {
    return Fail(ErrorCode::kInvalidJson, std::string("line 1, column 1: ") + kShape);
  }
  return CatalogueReader(object, FindElementLines(bytes)).ReadAll();
}

}  // namespace popradio::media
