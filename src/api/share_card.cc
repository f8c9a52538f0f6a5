#include "api/share_card.h"

#include <boost/json/array.hpp>

#include "api/share_text.h"

namespace popradio::api {
namespace {

constexpr std::string_view kTitleEnd = " · PopRadio";

// Most sites show no drawings; theirs are the rules for pictures of cards.
bool IsDrawing(std::string_view url) {
  const std::string_view path = url.substr(0, url.find_first_of("?#"));
  return path.size() >= 4 && http::EqualsIgnoreCase(path.substr(path.size() - 4), ".svg");
}

bool HasPhoto(const Song& song) {
  return song.album_art.empty() ? !song.media.art_path.empty() : !IsDrawing(song.album_art);
}
bool HasPhoto(const Playlist& playlist) {
  return playlist.cover_image.empty() ? !playlist.cover_path.empty()
                                      : !IsDrawing(playlist.cover_image);
}

std::string SongPath(const Song& song) { return "/songs/" + song.id.ToHex(); }

std::string NameOf(const Song& song) { return song.title + " by " + song.artist; }

std::string GenresOf(const Song& song) {
  std::string text;
  for (const std::string& genre : song.genre) text.append(text.empty() ? "" : ", ").append(genre);
  return text;
}

std::string Counted(std::size_t count, std::string_view what) {
  return std::to_string(count).append(" ").append(what).append(count == 1 ? "" : "s");
}

}  // namespace

std::string CardWriter::Absolute(std::string_view url) const {
  return url.starts_with('/') ? base_ + std::string(url) : std::string(url);
}

ShareCard CardWriter::Radio() const {
  ShareCard card;
  card.path = "/";
  card.name = kStationName;
  card.title = std::string(kStationName) + ": on air, in step";
  card.description = kStationSlogan;
  card.type = "music.radio_station";
  card.embed_path = "/embed";
  card.schema = {
      {"@context", "https://schema.org"},
      {"@type", "RadioStation"},
      {"name", kStationName},
      {"description", kStationSlogan},
      {"url", base_ + "/"},
      {"image", StationPicture()},
      {"potentialAction",
       {{"@type", "ListenAction"},
        {"target", {{"@type", "EntryPoint"}, {"urlTemplate", base_ + "/"}}}}},
  };
  return card;
}

boost::json::object CardWriter::Recording(const Song& song) const {
  return {
      {"@type", "MusicRecording"},
      {"name", song.title},
      {"url", base_ + SongPath(song)},
      {"byArtist", {{"@type", "MusicGroup"}, {"name", song.artist}}},
      {"duration", IsoDuration(song.duration_s)},
  };
}

ShareCard CardWriter::OfSong(const Song& song) const {
  ShareCard card;
  card.path = SongPath(song);
  card.name = NameOf(song);
  card.title = card.name + std::string(kTitleEnd);
  std::string facts = GenresOf(song);
  if (song.release_year)
    facts.append(facts.empty() ? "" : ", ").append(std::to_string(*song.release_year));
  facts.append(facts.empty() ? "" : ", ").append(ClockDuration(song.duration_s));
  card.description =
      OneLine(NameOf(song) + " on PopRadio: " + facts + ". " + std::string(kStationSlogan),
              kMaxShareDescriptionBytes);
  card.author = song.artist;
  if (HasPhoto(song)) card.picture = Absolute(urls_.AlbumArt(song));
  card.type = "music.song";
  card.properties = {{"music:duration", std::to_string(song.duration_s)}};
  card.embed_path = "/embed" + card.path;

  const std::string picture = card.picture.empty() ? StationPicture() : card.picture;
  card.schema = {{"@context", "https://schema.org"}};
  for (auto& [key, value] : Recording(song)) card.schema[key] = std::move(value);
  card.schema["image"] = picture;
  if (!song.genre.empty())
    card.schema["genre"] = boost::json::array(song.genre.begin(), song.genre.end());
  if (song.release_year) card.schema["datePublished"] = std::to_string(*song.release_year);
  if (!urls_.Video(song).empty()) {
    boost::json::object video = {
        {"@type", "VideoObject"},
        {"name", card.name},
        {"description", card.description},
        {"thumbnailUrl", picture},
        {"uploadDate", FormatIso8601(song.created_at)},
        {"duration", IsoDuration(song.duration_s)},
        {"embedUrl", base_ + card.embed_path},
    };
    // An address that a curator gave may be a page with a player and no file: only ours is surely
    // one.
    if (song.video_url.empty()) video["contentUrl"] = Absolute(urls_.Video(song));
    card.schema["video"] = std::move(video);
  }
  return card;
}

ShareCard CardWriter::OfPlaylist(const Catalogue& catalogue, Catalogue::Index index) const {
  const Playlist& playlist = catalogue.playlists()[index];
  const std::vector<Catalogue::Index>& songs = catalogue.PlaylistSongs(index);
  ShareCard card;
  card.path = "/playlists/" + playlist.id.ToHex();
  card.name = playlist.title;
  card.title = card.name + std::string(kTitleEnd);
  int seconds = 0;
  for (const Catalogue::Index song : songs) seconds += catalogue.songs()[song].duration_s;
  const std::string facts = Counted(songs.size(), "song") + ", " +
                            Counted(static_cast<std::size_t>((seconds + 30) / 60), "minute") + ".";
  card.description = OneLine(playlist.description.empty() ? "A playlist on PopRadio: " + facts
                                                          : playlist.description + " " + facts,
                             kMaxShareDescriptionBytes);
  if (HasPhoto(playlist)) card.picture = Absolute(urls_.Cover(playlist));
  card.type = "music.playlist";
  card.properties = {{"music:song_count", std::to_string(songs.size())}};
  card.embed_path = "/embed" + card.path;

  boost::json::array tracks;
  for (const Catalogue::Index song : songs) {
    if (tracks.size() == kMaxShareTracks) break;
    tracks.push_back(Recording(catalogue.songs()[song]));
  }
  card.schema = {
      {"@context", "https://schema.org"},
      {"@type", "MusicPlaylist"},
      {"name", playlist.title},
      {"description", card.description},
      {"url", base_ + card.path},
      {"image", card.picture.empty() ? StationPicture() : card.picture},
      {"numTracks", songs.size()},
      {"track", std::move(tracks)},
      {"datePublished", FormatIso8601(playlist.created_at)},
      {"dateModified", FormatIso8601(playlist.updated_at)},
  };
  return card;
}

ShareCard CardWriter::Plain(std::string_view path, std::string_view title,
                            std::string_view description, bool indexed) const {
  ShareCard card;
  card.path = path;
  card.name = title;
  card.title = card.name + std::string(kTitleEnd);
  card.description = description;
  card.indexed = indexed;
  return card;
}

ShareCard CardWriter::NotFound() {
  ShareCard card;
  card.name = "Not found";
  card.title = card.name + std::string(kTitleEnd);
  card.indexed = false;
  return card;
}

}  // namespace popradio::api
