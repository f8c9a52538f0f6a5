#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace popradio::redis {

// One command in the server's own form, any bytes allowed. All arguments stand in one buffer, which
// allocates as a string does; Clear() keeps it for the next one.
//   Command("SET").Key("song:{1}:likes").Arg(17)
class Command {
 public:
  explicit Command(std::string_view name) { Start(name); }
  // Begins another command in the same buffer.
  void Clear(std::string_view name);

  Command& Arg(std::string_view value);
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  Command& Arg(T value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    return Arg(std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
  // An argument that is a key: the first one says which node of a Cluster the command goes to. All
  // keys of one command must share a slot.
  Command& Key(std::string_view key);

  std::string_view name() const { return std::string_view(body_).substr(name_at_, name_length_); }
  // Of the first key; none: any node will do.
  std::optional<std::uint16_t> slot() const;
  std::size_t size() const { return body_.size() + kMaxHead; }
  void AppendTo(std::string& out) const;

 private:
  static constexpr std::size_t kMaxHead = 16;  // "*" count "\r\n"
  void Start(std::string_view name);

  std::string body_;
  std::uint32_t count_ = 0;
  std::size_t name_at_ = 0, name_length_ = 0;
  std::size_t key_at_ = 0, key_length_ = 0;
  bool has_key_ = false;
};

}  // namespace popradio::redis
