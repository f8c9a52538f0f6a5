#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct redisReader;

namespace popradio::redis {

// How deep arrays may stand in arrays: what hiredis' reader takes.
inline constexpr int kMaxReplyDepth = 7;
// Elements of one reply, those of nested arrays included.
inline constexpr std::size_t kMaxReplyElements = 1 << 20;
// Bytes of text in one reply, and of what has arrived of one.
inline constexpr std::size_t kMaxReplyBytes = 64U << 20;

// What a server answered. A number costs no allocation, a text only beyond std::string's own room.
class Reply {
 public:
  enum class Kind : std::uint8_t {
    kNil,
    kStatus,   // +OK
    kError,    // -ERR …
    kInteger,  // :1
    kString,   // $…, any bytes
    kArray,
  };

  Reply() = default;
  static Reply Status(std::string text);
  static Reply MakeError(std::string text);
  static Reply String(std::string text);
  static Reply Integer(std::int64_t value);
  static Reply Array(std::vector<Reply> elements);

  Kind kind() const { return kind_; }
  bool is_nil() const { return kind_ == Kind::kNil; }
  bool is_error() const { return kind_ == Kind::kError; }
  bool is_integer() const { return kind_ == Kind::kInteger; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_status() const { return kind_ == Kind::kStatus; }
  bool is_array() const { return kind_ == Kind::kArray; }

  // The value where the kind fits, else 0, "" or no elements: what a server sent is never assumed.
  std::int64_t integer() const;
  std::string_view text() const;  // of status, error and string
  const std::vector<Reply>& elements() const;
  // Lets a caller take a large text or array without a copy.
  std::string TakeText();
  std::vector<Reply> TakeElements();

  // The n-th element, or a nil one.
  const Reply& at(std::size_t index) const;

  bool operator==(const Reply&) const = default;

 private:
  using Value = std::variant<std::int64_t, std::string, std::vector<Reply>>;
  Reply(Kind kind, Value value) : kind_(kind), value_(std::move(value)) {}
  friend class ReplyReader;

  Kind kind_ = Kind::kNil;
  Value value_;
};

// Bytes in, replies out, over hiredis' reader: a reply may arrive in any number of pieces. After an
// error nothing more can be read, and the connection is to be closed. One thread.
class ReplyReader {
 public:
  enum class State { kReply, kNeedMore, kError };

  ReplyReader();
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  void Feed(std::string_view bytes);
  // The next whole reply.
  State Next(Reply& reply);
  // A sentence, once Next() has said kError.
  const std::string& error() const { return error_; }

 private:
  struct Callbacks;
  struct Free {
    void operator()(redisReader* reader) const;
  };

  State Break(std::string sentence);
  void BeginReply();

  // The reply that is being put together; its nested arrays point at nothing but their parents.
  Reply root_;
  std::size_t elements_ = 0, bytes_ = 0;
  bool too_large_ = false;
  std::string error_;
  std::unique_ptr<redisReader, Free> reader_;
};

}  // namespace popradio::redis
