#include <array>
#include <charconv>
#include <cmath>

#include "api/service.h"
#include "app/settings.h"
#include "http/client_address.h"
#include "http/server.h"

namespace popradio::app {
namespace {

using Setter = std::function<std::optional<std::string>(Settings&, std::string_view)>;

template <class Section>
Setter Text(Section Settings::*section, std::string Section::*field) {
  return [=](Settings& s, std::string_view text) -> std::optional<std::string> {
    (s.*section).*field = std::string(text);
    return std::nullopt;
  };
}

template <class Section>
Setter Whole(Section Settings::*section, int Section::*field, int least, int most) {
  return [=](Settings& s, std::string_view text) -> std::optional<std::string> {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
      return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    }
    (s.*section).*field = value;
    return std::nullopt;
  };
}

template <class Section>
Setter Seconds(Section Settings::*section, double Section::*field) {
  return [=](Settings& s, std::string_view text) -> std::optional<std::string> {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() ||
        !(value >= 0.01 && value <= 3600)) {
      return "a number of seconds from 0.01 to 3600";
    }
    (s.*section).*field = value;
    return std::nullopt;
  };
}

template <class Section>
Setter OneOf(Section Settings::*section, std::string Section::*field,
             std::vector<std::string_view> values) {
  return [=](Settings& s, std::string_view text) -> std::optional<std::string> {
    if (std::find(values.begin(), values.end(), text) == values.end()) {
      std::string sentence = "one of";
      for (const auto value : values) sentence.append(" ").append(value);
      return sentence;
    }
    (s.*section).*field = std::string(text);
    return std::nullopt;
  };
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(", "), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool IsHttpUrl(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  return scheme > 0 && text.size() > scheme && text[scheme] != '/' &&
         text.find_first_of(" \"<>\\^`{|}\r\n\t", 0) == text.npos;
}

std::string WithoutTrailingSlash(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

std::optional<std::string> SetListen(Settings& s, std::string_view text) {
  if (auto parsed = http::ParseListenAddress(text); !parsed) {
    return "an address and a port, like 0.0.0.0:8080, [::]:8080 or 127.0.0.1:0 for any free port";
  }
  s.http.listen = text;
  return std::nullopt;
}

std::optional<std::string> SetSyncMetrics(Settings& s, std::string_view text) {
  if (!text.empty() && !http::ParseListenAddress(text)) {
    return "an address and a port, like 127.0.0.1:9464 or [::1]:9464";
  }
  s.sync.metrics = text;
  return std::nullopt;
}

std::optional<std::string> SetProxies(Settings& s, std::string_view text) {
  s.http.trusted_proxies = SplitList(text);
  if (!http::TrustedProxies::Parse(s.http.trusted_proxies)) {
    return "addresses or networks, like 10.0.0.0/8,192.168.1.4,fd00::/8";
  }
  return std::nullopt;
}

std::optional<std::string> SetOrigins(Settings& s, std::string_view text) {
  s.http.allowed_origins.clear();
  for (const std::string& origin : SplitList(text)) {
    if (origin != "*" && (!IsHttpUrl(origin) || origin.find('/', 8) != origin.npos)) {
      return "origins without a path, like https://radio.example, or *";
    }
    s.http.allowed_origins.push_back(origin);
  }
  return std::nullopt;
}

std::optional<std::string> SetPublicUrl(Settings& s, std::string_view text) {
  if (!text.empty() && !IsHttpUrl(text)) return "an address that begins with http:// or https://";
  s.http.public_url = WithoutTrailingSlash(text);
  return std::nullopt;
}

std::optional<std::string> SetMediaBase(Settings& s, std::string_view text) {
  const bool path = text.starts_with('/') && !text.starts_with("//");
  if (!path && !IsHttpUrl(text))
    return "a path that begins with / or an address that begins with https://";
  s.media.base_url = WithoutTrailingSlash(text);
  return std::nullopt;
}

std::optional<std::string> SetToken(Settings& s, std::string_view text) {
  constexpr std::size_t kLeast = 16;
  const auto plain = [](char c) { return c > ' ' && c < 127; };
  if (!text.empty() && (text.size() < kLeast || !std::all_of(text.begin(), text.end(), plain))) {
    return "at least 16 visible characters without blanks";
  }
  s.admin.token = text;
  return std::nullopt;
}

std::optional<std::string> SetData(Settings& s, std::string_view text) {
  if (text.empty()) return "a folder";
  s.store.data = text;
  return std::nullopt;
}

constexpr int kMany = 1'000'000'000;

template <class L = decltype(Settings::limits)>
Setter Limit(int L::*field) {
  return Whole(&Settings::limits, field, 0, kMany);
}

std::vector<SettingRow> MakeTable() {
  using S = Settings;
  using Http = decltype(S::http);
  using Store = decltype(S::store);
  using Limits = decltype(S::limits);
  using Radio = decltype(S::radio);
  using Media = decltype(S::media);
  using LogS = decltype(S::log);
  return {
      {"http.listen", "0.0.0.0:8080", "--listen",
       "Address and port to serve on; port 0 takes any free one.", SetListen},
      {"http.threads", "0", "--threads", "I/O threads; 0 means one for each core.",
       Whole(&S::http, &Http::threads, 0, 256)},
      {"http.trusted_proxies", "", "",
       "Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.",
       SetProxies},
      {"http.max_connections", "0", "",
       "Connections in all; 0 means what the descriptors allow, less a reserve.",
       Whole(&S::http, &Http::max_connections, 0, kMany)},
      {"http.max_connections_per_address", "1024", "",
       "Connections of one address; loopback and trusted proxies are not counted.",
       Whole(&S::http, &Http::max_connections_per_address, 1, kMany)},
      {"http.allowed_origins", "", "",
       "Other sites whose pages may use the API, separated by commas; empty: none.", SetOrigins},
      {"http.public_url", "", "",
       "The station's address as people see it, for links that must be absolute; empty: from the "
       "request.",
       SetPublicUrl},
      {"http.header_timeout_s", "10", "", "Time a client has to send a request's headers.",
       Seconds(&S::http, &Http::header_timeout_s)},
      {"http.body_timeout_s", "10", "", "Time a client has to send a request's body.",
       Seconds(&S::http, &Http::body_timeout_s)},
      {"http.idle_timeout_s", "75", "", "Time a connection may wait without a request.",
       Seconds(&S::http, &Http::idle_timeout_s)},
      {"http.write_timeout_s", "30", "", "Time a client may take nothing of an answer.",
       Seconds(&S::http, &Http::write_timeout_s)},
      {"store.data", "./data", "--data",
       "Folder of the station's database, pictures and admin token.", SetData},
      {"store.redis", "", "--redis",
       "redis://… or rediss://…, several hosts for a Cluster; empty: embedded.",
       Text(&S::store, &Store::redis), true},
      {"store.mongo", "", "--mongo", "mongodb://…; empty: embedded.",
       Text(&S::store, &Store::mongo), true},
      {"store.redis_replicas", "0", "",
       "Redis replicas that must confirm a write before it is acknowledged.",
       Whole(&S::store, &Store::redis_replicas, 0, 100)},
      {"limits.like_per_hour", "100", "", "Likes of one address in an hour; 0 means no limit.",
       Limit(&Limits::like_per_hour)},
      {"limits.unlike_per_hour", "100", "",
       "Likes taken back by one address in an hour; 0 means no limit.",
       Limit(&Limits::unlike_per_hour)},
      {"limits.comment_per_hour", "30", "", "Comments of one address in an hour; 0 means no limit.",
       Limit(&Limits::comment_per_hour)},
      {"limits.play_per_hour", "1000", "", "Plays of one address in an hour; 0 means no limit.",
       Limit(&Limits::play_per_hour)},
      {"limits.api_per_hour", "1000", "",
       "API requests of one address in an hour; 0 means no limit.", Limit(&Limits::api_per_hour)},
      {"limits.session_like_per_hour", "200", "",
       "Likes of one session in an hour; 0 means no limit.", Limit(&Limits::session_like_per_hour)},
      {"comments.ttl_days", "30", "", "Days after which a comment is removed.",
       Whole(&S::comments, &decltype(S::comments)::ttl_days, 1, 3650)},
      {"radio.skip", "vote", "",
       "Who may skip a song: vote (half of the listeners), curator, or off.",
       OneOf(&S::radio, &Radio::skip, {"vote", "curator", "off"})},
      {"radio.quorum_per_address", "5", "", "Listeners of one address that count for votes.",
       Whole(&S::radio, &Radio::quorum_per_address, 1, kMany)},
      {"sync.interval_s", "300", "", "Seconds between two runs of the sync worker.",
       Whole(&S::sync, &decltype(S::sync)::interval_s, 1, 86'400)},
      {"sync.check_hour", "3", "",
       "Hour (UTC) from which one of the sync workers compares likers, counters and MongoDB once a "
       "day; -1: never.",
       Whole(&S::sync, &decltype(S::sync)::check_hour, -1, 23)},
      {"sync.metrics", "", "--metrics",
       "Address and port where 'popradio sync' shows its figures for Prometheus, at /metrics; "
       "empty: nowhere.",
       SetSyncMetrics},
      {"admin.token", "", "",
       "The curator's token; empty: made at the first start and kept in the data folder as "
       "admin-token.",
       SetToken, true},
      {"media.base_url", "/api/media", "",
       "Where media addresses begin: this station, or a CDN in front of the same files.",
       SetMediaBase},
      {"media.min_duration_s", "20", "", "Shorter files are left out by 'scan'.",
       Whole(&S::media, &Media::min_duration_s, 1, 3600)},
      {"log.level", "info", "", "debug, info, warn or error.",
       OneOf(&S::log, &LogS::level, {"debug", "info", "warn", "error"})},
      {"log.format", "text", "", "text or json.", OneOf(&S::log, &LogS::format, {"text", "json"})},
  };
}

}  // namespace

std::span<const SettingRow> SettingTable() {
  static const std::vector<SettingRow> table = MakeTable();
  return table;
}

}  // namespace popradio::app
