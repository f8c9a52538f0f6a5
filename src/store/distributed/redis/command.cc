#include "store/distributed/redis/command.h"

#include "store/distributed/redis/slots.h"

namespace popradio::redis {
namespace {

// "$12\r\n" or "*3\r\n".
void AppendLength(std::string& out, char type, std::size_t length) {
  char head[24];
  head[0] = type;
  char* end = std::to_chars(head + 1, head + sizeof(head) - 2, length).ptr;
  *end++ = '\r';
  *end++ = '\n';
  out.append(head, static_cast<std::size_t>(end - head));
}

}  // namespace

void Command::Start(std::string_view name) {
  Arg(name);
  name_length_ = name.size();
  name_at_ = body_.size() - 2 - name.size();
}

void Command::Clear(std::string_view name) {
  body_.clear();
  count_ = 0;
  has_key_ = false;
  Start(name);
}

Command& Command::Arg(std::string_view value) {
  AppendLength(body_, '$', value.size());
  body_.append(value);
  body_.append("\r\n", 2);
  ++count_;
  return *this;
}

Command& Command::Key(std::string_view key) {
  Arg(key);
  if (!has_key_) {
    has_key_ = true;
    key_length_ = key.size();
    key_at_ = body_.size() - 2 - key.size();
  }
  return *this;
}

std::optional<std::uint16_t> Command::slot() const {
  if (!has_key_) return std::nullopt;
  return KeySlot(std::string_view(body_).substr(key_at_, key_length_));
}

void Command::AppendTo(std::string& out) const {
  AppendLength(out, '*', count_);
  out.append(body_);
}

}  // namespace popradio::redis
