#pragma once

#include <bson/bson.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

// BSON, written as it reads and read by names:
//   Document{{"_id", id}, {"title", song.title}, {"media", Document{{"artPath", path}}}}
namespace popradio::mongo {

class Document;
class List;

// Bytes that are no text.
struct Binary {
  std::string_view bytes;
};

// One value on its way into a document. Borrows texts, documents and lists until the end of the
// expression. Small integers become BSON's 32 bits, std::int64_t its 64.
class Value {
 public:
  Value(std::nullptr_t) : held_(std::monostate()) {}               // NOLINT: a literal's look
  Value(std::same_as<bool> auto v) : held_(v) {}                   // NOLINT
  Value(std::int32_t v) : held_(v) {}                              // NOLINT
  Value(std::int64_t v) : held_(v) {}                              // NOLINT
  Value(std::uint64_t v) : held_(static_cast<std::int64_t>(v)) {}  // NOLINT
  Value(double v) : held_(v) {}                                    // NOLINT
  Value(const char* v) : held_(std::string_view(v)) {}             // NOLINT
  Value(std::string_view v) : held_(v) {}                          // NOLINT
  Value(const std::string& v) : held_(std::string_view(v)) {}      // NOLINT
  Value(Instant v) : held_(v) {}                                   // NOLINT
  Value(const ObjectId& v) : held_(v) {}                           // NOLINT
  Value(Binary v) : held_(v) {}                                    // NOLINT
  Value(const Document& v) : held_(&v) {}                          // NOLINT
  Value(const List& v) : held_(&v) {}                              // NOLINT

 private:
  friend class Document;
  friend class List;
  void AppendTo(bson_t* bson, std::string_view name) const;
  std::variant<std::monostate, bool, std::int32_t, std::int64_t, double, std::string_view, Instant,
               ObjectId, Binary, const Document*, const List*>
      held_;
};

struct Field {
  std::string_view name;
  Value value;
};

// Reads a document that lives elsewhere and longer. What is missing or of another type reads as its
// fallback: documents may have been written by others.
class View {
 public:
  View() = default;
  View(const std::uint8_t* data, std::uint32_t size) : data_(data), size_(size) {}
  View(const bson_t* bson);  // NOLINT: the same thing

  bool empty() const { return size_ <= kEmptyBytes; }
  const std::uint8_t* data() const { return data_; }
  std::uint32_t size() const { return size_; }
  bool Has(std::string_view name) const;  // there, and not null
  std::string Text(std::string_view name) const;
  std::string Bytes(std::string_view name) const;
  std::int64_t Int(std::string_view name, std::int64_t fallback = 0) const;  // any number
  double Real(std::string_view name, double fallback = 0) const;
  bool Bool(std::string_view name, bool fallback = false) const;
  Instant Date(std::string_view name) const;
  ObjectId Id(std::string_view name) const;
  View Sub(std::string_view name) const;
  // The elements of a list that are of the kind.
  std::vector<View> Subs(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;
  std::vector<ObjectId> Ids(std::string_view name) const;
  // Names and their BSON types, in order.
  std::vector<std::pair<std::string, bson_type_t>> Fields() const;
  std::string Json() const;

 private:
  static constexpr std::uint32_t kEmptyBytes = 5;
  bool Find(std::string_view name, bson_iter_t* at) const;
  void Each(std::string_view name, const std::function<void(bson_iter_t*)>& element) const;

  const std::uint8_t* data_ = nullptr;
  std::uint32_t size_ = 0;
};

// An owned document.
class Document {
 public:
  Document() { bson_init(&bson_); }
  Document(std::initializer_list<Field> fields);
  explicit Document(const bson_t* copied) { bson_copy_to(copied, &bson_); }
  Document(const Document& other) { bson_copy_to(&other.bson_, &bson_); }
  Document(Document&& other) noexcept;
  Document& operator=(Document other) noexcept;
  ~Document() { bson_destroy(&bson_); }

  Document& Add(std::string_view name, const Value& value);
  const bson_t* get() const { return &bson_; }
  bson_t* get() { return &bson_; }
  View view() const { return &bson_; }
  std::size_t size() const { return bson_.len; }

 private:
  bson_t bson_;
};

// An owned array: of values, or of what a range holds.
class List {
 public:
  List() = default;
  List(std::initializer_list<Value> values);
  template <class Range>
  static List Of(const Range& range) {
    List list;
    for (const auto& element : range) list.Add(element);
    return list;
  }

  List& Add(const Value& value);
  const bson_t* get() const { return items_.get(); }
  std::size_t size() const { return size_; }

 private:
  Document items_;
  std::uint32_t size_ = 0;
};

}  // namespace popradio::mongo
