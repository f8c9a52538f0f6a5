#include "api/admin_fields.h"

#include "api/json_body.h"

namespace popradio::api {
namespace {

// Takes the field into `target`, or returns why not.
template <class Read, class Value>
Result<void> Take(Read&& field, Value& target) {
  if (!field) return Fail(field.error());
  if (*field) target = std::move(**field);
  return {};
}

Result<void> TakeUrl(const boost::json::object& fields, std::string_view name,
                     const std::string& shown, std::string& target) {
  auto url = TextField(fields, name);
  if (!url) return Fail(url.error());
  if (*url && **url != shown) target = std::move(**url);
  return {};
}

}  // namespace

Result<void> ApplySongFields(const boost::json::object& fields, const MediaUrls& urls,
                             Song& record) {
  const Song before = record;
  if (auto r = Take(TextField(fields, "title"), record.title); !r) return r;
  if (auto r = Take(TextField(fields, "artist"), record.artist); !r) return r;
  if (auto r = TakeUrl(fields, "albumArt", urls.AlbumArt(before), record.album_art); !r) return r;
  if (auto r = TakeUrl(fields, "videoUrl", urls.Video(before), record.video_url); !r) return r;
  if (auto r = TakeUrl(fields, "audioUrl", urls.Audio(before), record.audio_url); !r) return r;
  if (auto r = Take(TextsField(fields, "genre", kMaxGenres), record.genre); !r) return r;
  if (auto r = Take(BoolField(fields, "isActive"), record.is_active); !r) return r;
  const auto duration = IntField(fields, "duration", 1, kMaxDurationS);
  if (!duration) return Fail(duration.error());
  if (*duration) record.duration_s = static_cast<int>(**duration);
  if (IsNull(fields, "releaseYear")) {
    record.release_year.reset();
  } else {
    const auto year = IntField(fields, "releaseYear", kMinYear, kMaxYear);
    if (!year) return Fail(year.error());
    if (*year) record.release_year = static_cast<int>(**year);
  }
  return {};
}

Result<void> ApplyPlaylistFields(const boost::json::object& fields, const MediaUrls& urls,
                                 Playlist& record) {
  const Playlist before = record;
  if (auto r = Take(TextField(fields, "title"), record.title); !r) return r;
  if (auto r = Take(TextField(fields, "description"), record.description); !r) return r;
  if (auto r = TakeUrl(fields, "coverImage", urls.Cover(before), record.cover_image); !r) return r;
  if (auto r = Take(IdsField(fields, "songs", kMaxPlaylistSongs), record.songs); !r) return r;
  if (auto r = Take(BoolField(fields, "isActive"), record.is_active); !r) return r;
  return Take(BoolField(fields, "isFeatured"), record.is_featured);
}

}  // namespace popradio::api
