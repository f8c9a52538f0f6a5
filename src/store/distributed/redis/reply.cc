#include "store/distributed/redis/reply.h"

#include <hiredis/read.h>

#include <new>

namespace popradio::redis {
namespace {

const std::vector<Reply> kNoElements;
const Reply kNilReply;

}  // namespace

Reply Reply::Status(std::string text) { return {Kind::kStatus, std::move(text)}; }
Reply Reply::MakeError(std::string text) { return {Kind::kError, std::move(text)}; }
Reply Reply::String(std::string text) { return {Kind::kString, std::move(text)}; }
Reply Reply::Integer(std::int64_t value) { return {Kind::kInteger, value}; }
Reply Reply::Array(std::vector<Reply> elements) { return {Kind::kArray, std::move(elements)}; }

std::int64_t Reply::integer() const {
  const auto* value = std::get_if<std::int64_t>(&value_);
  return value ? *value : 0;
}

std::string_view Reply::text() const {
  const auto* value = std::get_if<std::string>(&value_);
  return value ? std::string_view(*value) : std::string_view();
}

const std::vector<Reply>& Reply::elements() const {
  const auto* value = std::get_if<std::vector<Reply>>(&value_);
  return value ? *value : kNoElements;
}

std::string Reply::TakeText() {
  auto* value = std::get_if<std::string>(&value_);
  return value ? std::move(*value) : std::string();
}

std::vector<Reply> Reply::TakeElements() {
  auto* value = std::get_if<std::vector<Reply>>(&value_);
  return value ? std::move(*value) : std::vector<Reply>();
}

const Reply& Reply::at(std::size_t index) const {
  const std::vector<Reply>& all = elements();
  return index < all.size() ? all[index] : kNilReply;
}

// What hiredis calls while it parses. Each answers with where the value now stands: in the reader's
// root, or in its place in the parent's vector, which never grows after it was made.
struct ReplyReader::Callbacks {
  static ReplyReader& Self(const redisReadTask* task) {
    return *static_cast<ReplyReader*>(task->privdata);
  }
  static Reply* Place(const redisReadTask* task) {
    if (!task->parent) return &Self(task).root_;
    auto* parent = static_cast<Reply*>(task->parent->obj);
    return &std::get<std::vector<Reply>>(parent->value_)[static_cast<std::size_t>(task->idx)];
  }
  static void* String(const redisReadTask* task, char* text, std::size_t length) {
    ReplyReader& self = Self(task);
    if (length > kMaxReplyBytes - self.bytes_) return TooLarge(self);
    self.bytes_ += length;
    Reply* reply = Place(task);
    reply->kind_ = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::kError
                   : task->type == REDIS_REPLY_STATUS ? Reply::Kind::kStatus
                                                      : Reply::Kind::kString;
    reply->value_.emplace<std::string>(text, length);
    return reply;
  }
  static void* Array(const redisReadTask* task, int count) {
    ReplyReader& self = Self(task);
    const auto size = static_cast<std::size_t>(count);
    if (size > kMaxReplyElements - self.elements_) return TooLarge(self);
    self.elements_ += size;
    Reply* reply = Place(task);
    reply->kind_ = Reply::Kind::kArray;
    reply->value_.emplace<std::vector<Reply>>(size);
    return reply;
  }
  static void* Integer(const redisReadTask* task, long long value) {
    Reply* reply = Place(task);
    reply->kind_ = Reply::Kind::kInteger;
    reply->value_ = static_cast<std::int64_t>(value);
    return reply;
  }
  static void* Nil(const redisReadTask* task) {
    Reply* reply = Place(task);
    *reply = Reply();
    return reply;
  }
  // hiredis takes a null pointer for a lack of memory and stops.
  static void* TooLarge(ReplyReader& self) {
    self.too_large_ = true;
    return nullptr;
  }
  static void Nothing(void*) {}
};

void ReplyReader::Free::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyReader::ReplyReader() {
  static redisReplyObjectFunctions functions = {&Callbacks::String, &Callbacks::Array,
                                                &Callbacks::Integer, &Callbacks::Nil,
                                                &Callbacks::Nothing};
  reader_.reset(redisReaderCreateWithFunctions(&functions));
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = this;
}

ReplyReader::~ReplyReader() = default;

void ReplyReader::Feed(std::string_view bytes) {
  if (error_.empty()) redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

ReplyReader::State ReplyReader::Break(std::string sentence) {
  error_ = std::move(sentence);
  return State::kError;
}

void ReplyReader::BeginReply() {
  root_ = Reply();
  elements_ = bytes_ = 0;
}

ReplyReader::State ReplyReader::Next(Reply& reply) {
  if (!error_.empty()) return State::kError;
  void* object = nullptr;
  if (redisReaderGetReply(reader_.get(), &object) != REDIS_OK) {
    if (too_large_) return Break("the reply is larger than a reply may be");
    return Break(std::string("what came is no reply: ") + reader_->errstr);
  }
  if (object) {
    reply = std::move(root_);
    BeginReply();
    return State::kReply;
  }
  if (bytes_ + (reader_->len - reader_->pos) > kMaxReplyBytes) {
    return Break("the reply is larger than a reply may be");
  }
  return State::kNeedMore;
}

}  // namespace popradio::redis
