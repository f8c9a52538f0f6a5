#include "api/service_testing.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>

#include "store/embedded/embedded_backend.h"

namespace popradio::api {
namespace {

namespace fs = std::filesystem;

fs::path NewFolder() {
  std::string name = (fs::temp_directory_path() / "popradio-api-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

const http::StaticFile kPages[] = {
    {"/index.html", "text/html; charset=utf-8", "\"app\"",
     "<html><!--share--><title>App</title><!--/share--><body><div id=\"root\"></div>the "
     "app</body></html>",
     "", "", false},
    {"/first-paint.html", "text/html; charset=utf-8", "\"paint\"",
     "<h1><!--title--></h1><b><!--artist--></b><!--art-->", "", "", false},
    {"/first-paint-case.html", "text/html; charset=utf-8", "\"case\"",
     "<div><!--art--><b><!--title--></b><i><!--artist--></i></div>", "", "", false},
    {"/first-paint-list.html", "text/html; charset=utf-8", "\"list\"",
     "<ul><!--row--><li><!--art--><b><!--title--></b><i><!--artist--></i></li><!--/row--></ul>", "",
     "", false},
    {"/embed.html", "text/html; charset=utf-8", "\"embed\"",
     "<html><!--share--><title>Embed</title><!--/share-->the player</html>", "", "", false},
    {"/assets/app-12345678.js", "text/javascript; charset=utf-8", "\"js\"", "play()", "", "", true},
    {"/openapi.json", "application/json", "\"api\"", "{}", "", "", false},
    {"/docs", "text/html; charset=utf-8", "\"docs\"", "<html>docs</html>", "", "", false},
};

std::array<std::uint8_t, 12> IdBytes(std::uint8_t kind, int n) {
  std::array<std::uint8_t, 12> bytes{};
  bytes[0] = kind;
  bytes[10] = static_cast<std::uint8_t>(n >> 8);
  bytes[11] = static_cast<std::uint8_t>(n);
  return bytes;
}

}  // namespace

ObjectId SongIdOf(int n) {
  return n == 1 ? *ObjectId::Parse("507f1f77bcf86cd799439011") : ObjectId(IdBytes(0x50, n));
}
ObjectId PlaylistIdOf(int n) { return ObjectId(IdBytes(0x70, n)); }

SessionId MakeSession(int n) {
  std::array<std::uint8_t, 16> bytes{};
  bytes[0] = 0xa1;
  bytes[14] = static_cast<std::uint8_t>(n >> 8);
  bytes[15] = static_cast<std::uint8_t>(n);
  return SessionId(bytes);
}

Song MakeSong(int n) {
  Song song;
  song.id = SongIdOf(n);
  // The higher the number, the newer.
  song.created_at = song.updated_at =
      FromEpochMs(1'768'204'800'000 + n * 1000);  // 2026-01-12T08:00:00Z
  if (n == 1) {
    song.title = "Love Story";
    song.artist = "Taylor Swift";
    song.album_art = "https://cdn.popradio.com/albums/love-story.jpg";
    song.video_url = "https://cdn.popradio.com/videos/love-story.mp4";
    song.audio_url = "https://cdn.popradio.com/audio/love-story.mp3";
    song.duration_s = 235;
    song.genre = {"Pop", "Country"};
    song.release_year = 2008;
    song.base_likes = 42538;
    song.base_plays = 1289456;
    return song;
  }
  song.title = "Song " + std::to_string(n);
  song.artist = "Artist " + std::to_string(n);
  song.video_url = "https://cdn.example.org/" + std::to_string(n) + ".mp4";
  song.duration_s = 180;
  song.genre = {n % 2 == 0 ? "Rock" : "Pop"};
  return song;
}

std::vector<Song> MakeSongs(int count) {
  std::vector<Song> songs;
  for (int n = 1; n <= count; ++n) songs.push_back(MakeSong(n));
  return songs;
}

Playlist MakePlaylist(int n, std::vector<ObjectId> songs) {
  Playlist playlist;
  playlist.id = PlaylistIdOf(n);
  playlist.title = "Playlist " + std::to_string(n);
  playlist.songs = std::move(songs);
  playlist.created_at = playlist.updated_at = FromEpochMs(1'768'204'800'000 + n * 1000);
  return playlist;
}

std::string Answer::Header(std::string_view name) const {
  std::size_t at = 0;
  while (at < head.size()) {
    const std::size_t end = head.find("\r\n", at);
    const std::size_t colon = head.find(": ", at);
    if (http::EqualsIgnoreCase(std::string_view(head).substr(at, colon - at), name)) {
      return head.substr(colon + 2, end - colon - 2);
    }
    at = end + 2;
  }
  return "";
}

boost::json::value Answer::Json() const {
  boost::json::error_code error;
  auto value = boost::json::parse(body, error);
  EXPECT_FALSE(error) << "no JSON: " << body;
  return value;
}
boost::json::value Answer::Data() const {
  const auto json = Json();
  EXPECT_TRUE(json.is_object() && json.as_object().contains("data")) << body;
  return json.at("data");
}
std::string Answer::Code() const { return std::string(Json().at("code").as_string()); }
std::string Answer::Sentence() const { return std::string(Json().at("error").as_string()); }

TestStation::TestStation(std::vector<Song> songs, std::vector<Playlist> playlists,
                         ServiceOptions options)
    : folder_(NewFolder()), pages_(kPages) {
  options.admin_token = kToken;
  store::EmbeddedOptions embedded;
  embedded.data_dir = folder_.string();
  embedded.limits = options.limits;
  auto opened = store::OpenEmbedded(embedded, clock_, random_);
  if (!opened) throw std::runtime_error(opened.error().message);
  backend_ = std::move(*opened);
  if (!songs.empty() || !playlists.empty()) {
    store::CatalogueStore::Edit edit = [&](const Catalogue&) -> Result<store::CatalogueChange> {
      return store::CatalogueChange{songs, playlists};
    };
    auto loaded = Run(backend_->catalogue().Update(std::move(edit)));
    if (!loaded) throw std::runtime_error(loaded.error().message);
  }
  conductor_ =
      std::make_unique<realtime::Conductor>(context_, clock_, random_, backend_->catalogue(),
                                            backend_->engagement(), backend_->timeline());
  service_ = std::make_unique<Service>(
      ServiceParts{*backend_, *conductor_, clock_, random_, pages_, std::move(options), {}, {}});
  auto started = Run(conductor_->Start());
  if (!started) throw std::runtime_error(started.error().message);
}

TestStation::~TestStation() {
  conductor_->Stop();
  context_.poll();
  service_.reset();
  (void)backend_->Close();
  context_.poll();
  fs::remove_all(folder_);
}

Answer TestStation::Send(const Ask& ask) {
  http::Request request;
  request.method = http::ParseMethod(ask.method);
  request.method_name = ask.method;
  request.target = ask.target;
  request.path = std::string_view(ask.target).substr(0, ask.target.find('?'));
  if (request.path.size() < ask.target.size()) {
    request.query = std::string_view(ask.target).substr(request.path.size() + 1);
  }
  request.host = "radio.example";
  request.body = ask.body;
  request.peer = boost::asio::ip::make_address(ask.peer);
  request.id = "0123456789abcdef";
  for (const auto& [name, value] : ask.headers)
    request.fields[request.field_count++] = {name, value};
  http::Response response;
  struct Done {};
  Run([](Service& service, http::Request& asked, http::Response& answer) -> Task<Done> {
    co_await service.Handle(asked, answer);
    co_return Done{};
  }(*service_, request, response));
  return {response.status, response.headers(), std::string(response.BodyView())};
}

namespace {

TestStation::Ask AskOf(std::string_view method, std::string target,
                       std::optional<SessionId> session, std::string body) {
  TestStation::Ask ask;
  ask.method = method;
  ask.target = std::move(target);
  if (session) ask.headers.emplace_back("X-Session-Id", session->ToString());
  if (!body.empty()) ask.headers.emplace_back("Content-Type", "application/json");
  ask.body = std::move(body);
  return ask;
}

}  // namespace

Answer TestStation::Get(std::string target, std::optional<SessionId> session) {
  return Send(AskOf("GET", std::move(target), session, ""));
}
Answer TestStation::Post(std::string target, std::optional<SessionId> session, std::string body) {
  return Send(AskOf("POST", std::move(target), session, std::move(body)));
}
Answer TestStation::Delete(std::string target, std::optional<SessionId> session) {
  return Send(AskOf("DELETE", std::move(target), session, ""));
}
Answer TestStation::Curate(std::string_view method, std::string target, std::string body) {
  Ask ask = AskOf(method, std::move(target), std::nullopt, std::move(body));
  ask.headers.emplace_back("Authorization", "Bearer " + std::string(kToken));
  return Send(ask);
}

}  // namespace popradio::api
