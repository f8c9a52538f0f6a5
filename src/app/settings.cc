#include "app/settings.h"

#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>

namespace popradio::app {
namespace {

constexpr const char* kUsualFiles[] = {"popradio.toml", "/etc/popradio/popradio.toml"};

// What other programs call three of our settings; ours win.
constexpr std::pair<const char*, const char*> kForeignNames[] = {
    {"PORT", "http.listen"}, {"REDIS_URL", "store.redis"}, {"MONGODB_URI", "store.mongo"}};

const SettingRow* FindRow(std::string_view name) {
  for (const SettingRow& row : SettingTable()) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Error Unknown(std::string_view name, std::string_view where) {
  return {ErrorCode::kInvalidParameter, "There is no setting '" + std::string(name) + "' (in " +
                                            std::string(where) +
                                            "); 'popradio settings' lists them."};
}

// A TOML value as the text a flag would have; nothing for what no setting can be.
std::optional<std::string> AsText(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  if (const auto real = node.value_exact<double>()) {
    std::string text = std::to_string(*real);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text + "0" : text;
  }
  if (const auto* list = node.as_array()) {
    std::string text;
    for (const toml::node& item : *list) {
      const auto part = AsText(item);
      if (!part || item.is_array()) return std::nullopt;
      text += (text.empty() ? "" : ",") + *part;
    }
    return text;
  }
  return std::nullopt;
}

Result<void> ReadFile(const std::string& path, GivenSettings& given) {
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return Fail(ErrorCode::kInvalidParameter, path + ", line " +
                                                  std::to_string(error.source().begin.line) + ": " +
                                                  std::string(error.description()));
  }
  for (const auto& [section, node] : file) {
    const std::string section_name(section.str());
    const toml::table* table = node.as_table();
    if (!table) return Fail(Unknown(section_name, path));
    for (const auto& [key, value] : *table) {
      const std::string name = section_name + "." + std::string(key.str());
      if (!FindRow(name)) return Fail(Unknown(name, path));
      const auto text = AsText(value);
      const std::string where = path + ", line " + std::to_string(value.source().begin.line);
      if (!text)
        return Fail(ErrorCode::kInvalidParameter,
                    name + " (in " + where + ") cannot be a table or a date.");
      given[name] = {*text, where};
    }
  }
  return {};
}

Result<void> ReadEnvironment(const std::map<std::string, std::string>& environment,
                             GivenSettings& given) {
  for (const auto& [foreign, name] : kForeignNames) {
    const auto it = environment.find(foreign);
    if (it == environment.end() || it->second.empty()) continue;
    const bool port = std::string_view(foreign) == "PORT";
    given[name] = {(port ? "0.0.0.0:" : "") + it->second,
                   std::string(foreign) + " in the environment"};
  }
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with("POPRADIO_")) continue;
    const SettingRow* found = nullptr;
    bool known_section = false;
    for (const SettingRow& row : SettingTable()) {
      if (EnvironmentName(row.name) == variable) found = &row;
      const std::string section = EnvironmentName(row.name.substr(0, row.name.find('.'))) + "_";
      known_section = known_section || variable.starts_with(section);
    }
    // Other POPRADIO_ names (of scripts, of a supervisor) are not ours to judge.
    if (!found && known_section) return Fail(Unknown(variable, "the environment"));
    if (found) given[std::string(found->name)] = {value, variable + " in the environment"};
  }
  return {};
}

}  // namespace

std::string EnvironmentName(std::string_view setting) {
  std::string name = "POPRADIO_";
  for (const char c : setting) {
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != text.npos) result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

Result<LoadedSettings> LoadSettings(const std::string& file,
                                    const std::map<std::string, std::string>& environment,
                                    const std::map<std::string, std::string>& flags) {
  GivenSettings given;
  for (const SettingRow& row : SettingTable())
    given[std::string(row.name)] = {std::string(row.fallback), "default"};

  std::string path = file;
  if (path.empty()) {
    if (const auto it = environment.find("POPRADIO_CONFIG"); it != environment.end())
      path = it->second;
  }
  if (!path.empty() && !std::filesystem::is_regular_file(path)) {
    return Fail(ErrorCode::kInvalidParameter, "There is no settings file '" + path + "'.");
  }
  for (const char* usual : kUsualFiles) {
    if (path.empty() && std::filesystem::is_regular_file(usual)) path = usual;
  }
  if (!path.empty()) {
    if (auto read = ReadFile(path, given); !read) return Fail(read.error());
  }
  if (auto read = ReadEnvironment(environment, given); !read) return Fail(read.error());
  for (const auto& [name, value] : flags)
    given[name] = {value, "--" + name + " on the command line"};

  LoadedSettings loaded;
  for (const SettingRow& row : SettingTable()) {
    const GivenSetting& setting = given[std::string(row.name)];
    if (const auto wanted = row.set(loaded.values, setting.value)) {
      const std::string shown = row.secret ? "" : " '" + setting.value + "'";
      return Fail(ErrorCode::kInvalidParameter,
                  std::string(row.name) + " cannot be" + (shown.empty() ? " that" : shown) +
                      " (from " + setting.where + "); it must be " + *wanted + ".");
    }
  }
  loaded.origins = std::move(given);
  return loaded;
}

}  // namespace popradio::app
