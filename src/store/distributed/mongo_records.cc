#include "store/distributed/mongo_records.h"

namespace popradio::store::distributed {
namespace {

using mongo::Document;
using mongo::List;
using mongo::Value;
using mongo::View;

// What somebody wrote, kept from being read as an expression: a title may begin with a dollar.
Document Literal(const Value& value) { return Document{{"$literal", value}}; }

// What was counted (the sum less the base it stood on), on the new base.
Document OnBase(const std::string& sum, const std::string& base, std::int64_t new_base) {
  const Document old_sum{{"$ifNull", List{"$" + sum, 0}}};
  const Document old_base{{"$ifNull", List{"$" + base, 0}}};
  const Document counted{{"$subtract", List{old_sum, old_base}}};
  return Document{{"$toLong", Document{{"$add", List{counted, new_base}}}}};
}

Document Kept(const std::string& field, std::int64_t at_first) {
  return Document{{"$ifNull", List{"$" + field, at_first}}};
}

}  // namespace

List WriteSongPipeline(const Song& song, std::int64_t version, std::int64_t order) {
  const SongMedia& media = song.media;
  const Document files{{"videoPath", media.video_path},
                       {"audioPath", media.audio_path},
                       {"artPath", media.art_path},
                       {"artType", media.art_type},
                       {"fingerprint", media.fingerprint},
                       {"fileBytes", media.file_bytes},
                       {"fileMtime", FromEpochMs(media.file_mtime_ms)}};
  Document set{{"title", Literal(song.title)},          {"artist", Literal(song.artist)},
               {"albumArt", Literal(song.album_art)},   {"videoUrl", Literal(song.video_url)},
               {"audioUrl", Literal(song.audio_url)},   {"duration", song.duration_s},
               {"genre", Literal(List::Of(song.genre))}};
  set.Add("releaseYear", song.release_year ? Value(*song.release_year) : Value("$$REMOVE"));
  set.Add("likes", OnBase("likes", "baseLikes", song.base_likes));
  set.Add("plays", OnBase("plays", "basePlays", song.base_plays));
  set.Add("createdAt", song.created_at);
  set.Add("updatedAt", song.updated_at);
  set.Add("isActive", song.is_active);
  set.Add("baseLikes", song.base_likes);
  set.Add("basePlays", song.base_plays);
  set.Add("countsVersion", Kept("countsVersion", 0));
  set.Add("media", Literal(files));
  set.Add("catalogueVersion", version);
  set.Add("catalogueOrder", Kept("catalogueOrder", order));
  return List{Document{{"$set", set}}};
}

List WritePlaylistPipeline(const Playlist& playlist, std::int64_t version, std::int64_t order) {
  const Document files{{"coverPath", playlist.cover_path}};
  Document set{{"title", Literal(playlist.title)},
               {"description", Literal(playlist.description)},
               {"coverImage", Literal(playlist.cover_image)},
               {"songs", List::Of(playlist.songs)}};
  set.Add("likes", OnBase("likes", "baseLikes", playlist.base_likes));
  set.Add("views", OnBase("views", "baseViews", playlist.base_views));
  set.Add("createdAt", playlist.created_at);
  set.Add("updatedAt", playlist.updated_at);
  set.Add("isActive", playlist.is_active);
  set.Add("isFeatured", playlist.is_featured);
  set.Add("baseLikes", playlist.base_likes);
  set.Add("baseViews", playlist.base_views);
  set.Add("countsVersion", Kept("countsVersion", 0));
  set.Add("media", Literal(files));
  set.Add("catalogueVersion", version);
  set.Add("catalogueOrder", Kept("catalogueOrder", order));
  return List{Document{{"$set", set}}};
}

PlacedSong ReadSong(View document) {
  PlacedSong placed;
  Song& song = placed.song;
  song.id = document.Id("_id");
  song.title = document.Text("title");
  song.artist = document.Text("artist");
  song.album_art = document.Text("albumArt");
  song.video_url = document.Text("videoUrl");
  song.audio_url = document.Text("audioUrl");
  song.duration_s = static_cast<int>(document.Int("duration"));
  song.genre = document.Texts("genre");
  if (document.Has("releaseYear"))
    song.release_year = static_cast<int>(document.Int("releaseYear"));
  song.base_likes = document.Int("baseLikes");
  song.base_plays = document.Int("basePlays");
  song.created_at = document.Date("createdAt");
  song.updated_at = document.Date("updatedAt");
  song.is_active = document.Bool("isActive", true);
  const View media = document.Sub("media");
  song.media.video_path = media.Text("videoPath");
  song.media.audio_path = media.Text("audioPath");
  song.media.art_path = media.Text("artPath");
  song.media.art_type = media.Text("artType");
  song.media.fingerprint = media.Text("fingerprint");
  song.media.file_bytes = media.Int("fileBytes");
  song.media.file_mtime_ms = ToEpochMs(media.Date("fileMtime"));
  placed.order = document.Int("catalogueOrder");
  return placed;
}

PlacedPlaylist ReadPlaylist(View document) {
  PlacedPlaylist placed;
  Playlist& playlist = placed.playlist;
  playlist.id = document.Id("_id");
  playlist.title = document.Text("title");
  playlist.description = document.Text("description");
  playlist.cover_image = document.Text("coverImage");
  playlist.cover_path = document.Sub("media").Text("coverPath");
  playlist.songs = document.Ids("songs");
  playlist.base_likes = document.Int("baseLikes");
  playlist.base_views = document.Int("baseViews");
  playlist.created_at = document.Date("createdAt");
  playlist.updated_at = document.Date("updatedAt");
  playlist.is_active = document.Bool("isActive", true);
  playlist.is_featured = document.Bool("isFeatured");
  placed.order = document.Int("catalogueOrder");
  return placed;
}

Document CommentDocument(const Comment& comment) {
  Document document{{"_id", comment.id},
                    {"targetType", Name(comment.target.type)},
                    {"targetId", comment.target.id},
                    {"sessionId", comment.session.ToString()}};
  if (!comment.fingerprint.empty()) document.Add("userFingerprint", comment.fingerprint);
  document.Add("text", comment.text);
  document.Add("createdAt", comment.created_at);
  document.Add("isHidden", comment.is_hidden);
  document.Add("expireAt", comment.expire_at);
  if (!comment.author.empty()) document.Add("author", comment.author);
  if (comment.at_ms) document.Add("atMs", *comment.at_ms);
  return document;
}

Comment ReadComment(View document) {
  Comment comment;
  comment.id = document.Id("_id");
  comment.target = {ParseTargetType(document.Text("targetType")).value_or(TargetType::kSong),
                    document.Id("targetId")};
  comment.session = SessionId::Parse(document.Text("sessionId")).value_or(SessionId());
  comment.author = document.Text("author");
  comment.fingerprint = document.Text("userFingerprint");
  comment.text = document.Text("text");
  comment.created_at = document.Date("createdAt");
  comment.expire_at = document.Date("expireAt");
  if (document.Has("atMs")) comment.at_ms = document.Int("atMs");
  comment.is_hidden = document.Bool("isHidden");
  return comment;
}

std::optional<TargetType> ParseTargetType(const std::string& name) {
  if (name == "song") return TargetType::kSong;
  if (name == "playlist") return TargetType::kPlaylist;
  return std::nullopt;
}

}  // namespace popradio::store::distributed
