#include "api/rotation_json.h"

#include <fmt/format.h>

#include "api/json_body.h"
#include "api/reply.h"
#include "radio/rotation.h"

namespace popradio::api {

void AppendRotation(std::string& out, const Rotation& rotation, SkipPolicy setting) {
  out.append(fmt::format(
      R"({{"skipPolicy":"{}","artistWindow":{},"songWindow":{},"featuredWeight":{},"likesWeight":{},)"
      R"("freshWeight":{},"playlistId":)",
      Code(rotation.skip.value_or(setting)), rotation.artist_window, rotation.song_window,
      rotation.featured_weight, rotation.likes_weight, rotation.fresh_weight));
  if (rotation.playlist) {
    AppendId(out, *rotation.playlist);
  } else {
    out.append("null");
  }
  out += '}';
}

Result<void> ApplyRotationFields(const boost::json::object& fields, Rotation& rotation) {
  const auto skip = TextField(fields, "skipPolicy");
  if (!skip) return Fail(skip.error());
  if (*skip) {
    rotation.skip = ParseSkipPolicy(**skip);
    if (!rotation.skip) {
      return Fail(ErrorCode::kInvalidParameter, "skipPolicy must be one of off, curator and vote");
    }
  }
  struct Window {
    const char* name;
    int* value;
  };
  for (const Window& window : {Window{"artistWindow", &rotation.artist_window},
                               Window{"songWindow", &rotation.song_window}}) {
    const auto sent = IntField(fields, window.name, 0, radio::kMaxWindow);
    if (!sent) return Fail(sent.error());
    if (*sent) *window.value = static_cast<int>(**sent);
  }
  struct Weight {
    const char* name;
    double* value;
  };
  for (const Weight& weight : {Weight{"featuredWeight", &rotation.featured_weight},
                               Weight{"likesWeight", &rotation.likes_weight},
                               Weight{"freshWeight", &rotation.fresh_weight}}) {
    const auto sent = NumberField(fields, weight.name, 0, kMaxRotationWeight);
    if (!sent) return Fail(sent.error());
    if (*sent) *weight.value = **sent;
  }
  if (IsNull(fields, "playlistId")) {
    rotation.playlist.reset();
    return {};
  }
  const auto playlist = IdField(fields, "playlistId");
  if (!playlist) return Fail(playlist.error());
  if (*playlist) rotation.playlist = **playlist;
  return {};
}

}  // namespace popradio::api
