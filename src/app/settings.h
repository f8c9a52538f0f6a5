#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"

namespace popradio::app {

// What the operator decides. One field per row of the table in settings_table.cc, which holds
// names, defaults and meanings; docs and `popradio settings` print that table.
struct Settings {
  struct {
    std::string listen;
    int threads = 0;
    std::vector<std::string> trusted_proxies;
    int max_connections = 0;
    int max_connections_per_address = 0;
    std::vector<std::string> allowed_origins;
    std::string public_url;
    double header_timeout_s = 0, body_timeout_s = 0, idle_timeout_s = 0, write_timeout_s = 0;
  } http;
  struct {
    std::string data;
    std::string redis;
    std::string mongo;
    int redis_replicas = 0;
  } store;
  struct {
    int like_per_hour = 0, unlike_per_hour = 0, comment_per_hour = 0, play_per_hour = 0,
        api_per_hour = 0;
    int session_like_per_hour = 0;
  } limits;
  struct {
    int ttl_days = 0;
  } comments;
  struct {
    std::string skip;
    int quorum_per_address = 0;
  } radio;
  struct {
    int interval_s = 0;
    int check_hour = 0;
    std::string metrics;
  } sync;
  struct {
    std::string token;
  } admin;
  struct {
    std::string base_url;
    int min_duration_s = 0;
  } media;
  struct {
    std::string level;
    std::string format;
  } log;
};

// One row. `set` checks the text and stores it; the error says what would fit ("a whole number from
// 1 to 3650").
struct SettingRow {
  std::string_view name;  // "limits.like_per_hour"
  std::string_view fallback;
  std::string_view short_flag;  // "--listen", or empty
  std::string_view meaning;
  std::function<std::optional<std::string>(Settings&, std::string_view)> set;
  bool secret = false;  // never printed
};
std::span<const SettingRow> SettingTable();

// A setting's value as given, and where it stood ("limits.like_per_hour in popradio.toml").
struct GivenSetting {
  std::string value;
  std::string where;
};
using GivenSettings = std::map<std::string, GivenSetting, std::less<>>;

struct LoadedSettings {
  Settings values;
  // By name, for every row: the text in force and where it came from ("default" when nobody said).
  GivenSettings origins;
};

// Puts the sources together, the later winning: defaults, the file, the environment (PORT,
// REDIS_URL, MONGODB_URI first, then POPRADIO_…), `flags` (by setting name). `file`: a path that
// must exist; empty: ./popradio.toml or /etc/popradio/popradio.toml, if there is one. The first
// name that does not exist or value that does not fit is the error, one sentence that names it and
// where it stood.
Result<LoadedSettings> LoadSettings(const std::string& file,
                                    const std::map<std::string, std::string>& environment,
                                    const std::map<std::string, std::string>& flags);

// The process's environment as a map.
std::map<std::string, std::string> Environment();

// "POPRADIO_LIMITS_LIKE_PER_HOUR" of "limits.like_per_hour": the one rule.
std::string EnvironmentName(std::string_view setting);

}  // namespace popradio::app
