#include <algorithm>

#include "base/json_text.h"
#include "cli/verbs.h"

namespace popradio::cli {

int PrintSettings(const app::LoadedSettings& settings, bool as_json, app::Output& output) {
  const auto shown = [&](const app::SettingRow& row) -> std::string {
    const std::string& value = settings.origins.find(row.name)->second.value;
    return row.secret && !value.empty() ? "(secret)" : value;
  };
  std::string text;
  if (as_json) {
    text = "[";
    for (const app::SettingRow& row : app::SettingTable()) {
      text += text.size() > 1 ? ",\n " : "\n ";
      const std::pair<std::string_view, std::string> fields[] = {
          {"name", std::string(row.name)},
          {"value", shown(row)},
          {"default", std::string(row.fallback)},
          {"from", settings.origins.find(row.name)->second.where},
          {"environment", app::EnvironmentName(row.name)},
          {"meaning", std::string(row.meaning)}};
      char separator = '{';
      for (const auto& [name, value] : fields) {
        text += separator;
        AppendJsonString(text, name);
        text += ':';
        AppendJsonString(text, value);
        separator = ',';
      }
      text += '}';
    }
    text += "\n]\n";
  } else {
    std::size_t widest_name = 0, widest_value = 0;
    for (const app::SettingRow& row : app::SettingTable()) {
      widest_name = std::max(widest_name, row.name.size());
      widest_value = std::max(widest_value, std::min<std::size_t>(24, shown(row).size()));
    }
    const auto padded = [](std::string value, std::size_t width) {
      if (value.size() < width) value.resize(width, ' ');
      return value;
    };
    for (const app::SettingRow& row : app::SettingTable()) {
      const std::string value = shown(row);
      text += padded(std::string(row.name), widest_name) + "  " +
              padded(value.empty() ? "-" : value, widest_value) + "  " + std::string(row.meaning);
      const std::string& where = settings.origins.find(row.name)->second.where;
      if (where != "default") text += "  [" + where + "]";
      text += '\n';
    }
  }
  output.Out(text);
  return 0;
}

}  // namespace popradio::cli
