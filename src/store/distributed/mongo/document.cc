#include "store/distributed/mongo/document.h"

#include <cstring>

namespace popradio::mongo {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

bson_oid_t ToOid(const ObjectId& id) {
  bson_oid_t oid;
  std::memcpy(oid.bytes, id.bytes().data(), ObjectId::kBytes);
  return oid;
}

ObjectId FromOid(const bson_oid_t& oid) {
  std::array<std::uint8_t, ObjectId::kBytes> bytes;
  std::memcpy(bytes.data(), oid.bytes, ObjectId::kBytes);
  return ObjectId(bytes);
}

bson_t Static(const std::uint8_t* data, std::uint32_t size) {
  bson_t bson;
  if (data == nullptr || !bson_init_static(&bson, data, size)) bson_init(&bson);
  return bson;
}

std::string TextAt(const bson_iter_t* at) {
  std::uint32_t length = 0;
  const char* text = bson_iter_utf8(at, &length);
  return {text, length};
}

}  // namespace

void Value::AppendTo(bson_t* bson, std::string_view name) const {
  const char* key = name.data();
  const int length = static_cast<int>(name.size());
  std::visit(Overloaded{
                 [&](std::monostate) { bson_append_null(bson, key, length); },
                 [&](bool v) { bson_append_bool(bson, key, length, v); },
                 [&](std::int32_t v) { bson_append_int32(bson, key, length, v); },
                 [&](std::int64_t v) { bson_append_int64(bson, key, length, v); },
                 [&](double v) { bson_append_double(bson, key, length, v); },
                 [&](std::string_view v) {
                   bson_append_utf8(bson, key, length, v.data(), static_cast<int>(v.size()));
                 },
                 [&](Instant v) { bson_append_date_time(bson, key, length, ToEpochMs(v)); },
                 [&](const ObjectId& v) {
                   const bson_oid_t oid = ToOid(v);
                   bson_append_oid(bson, key, length, &oid);
                 },
                 [&](Binary v) {
                   bson_append_binary(bson, key, length, BSON_SUBTYPE_BINARY,
                                      reinterpret_cast<const std::uint8_t*>(v.bytes.data()),
                                      static_cast<std::uint32_t>(v.bytes.size()));
                 },
                 [&](const Document* v) { bson_append_document(bson, key, length, v->get()); },
                 [&](const List* v) { bson_append_array(bson, key, length, v->get()); },
             },
             held_);
}

View::View(const bson_t* bson) : data_(bson_get_data(bson)), size_(bson->len) {}

bool View::Find(std::string_view name, bson_iter_t* at) const {
  return data_ != nullptr && bson_iter_init_from_data(at, data_, size_) &&
         bson_iter_find_w_len(at, name.data(), static_cast<int>(name.size()));
}

void View::Each(std::string_view name, const std::function<void(bson_iter_t*)>& element) const {
  bson_iter_t at, inner;
  if (!Find(name, &at) || !BSON_ITER_HOLDS_ARRAY(&at) || !bson_iter_recurse(&at, &inner)) return;
  while (bson_iter_next(&inner)) element(&inner);
}

bool View::Has(std::string_view name) const {
  bson_iter_t at;
  return Find(name, &at) && !BSON_ITER_HOLDS_NULL(&at);
}

std::string View::Text(std::string_view name) const {
  bson_iter_t at;
  return Find(name, &at) && BSON_ITER_HOLDS_UTF8(&at) ? TextAt(&at) : std::string();
}

std::string View::Bytes(std::string_view name) const {
  bson_iter_t at;
  if (!Find(name, &at) || !BSON_ITER_HOLDS_BINARY(&at)) return {};
  bson_subtype_t subtype;
  std::uint32_t size = 0;
  const std::uint8_t* bytes = nullptr;
  bson_iter_binary(&at, &subtype, &size, &bytes);
  return {reinterpret_cast<const char*>(bytes), size};
}

std::int64_t View::Int(std::string_view name, std::int64_t fallback) const {
  bson_iter_t at;
  return Find(name, &at) && BSON_ITER_HOLDS_NUMBER(&at) ? bson_iter_as_int64(&at) : fallback;
}

double View::Real(std::string_view name, double fallback) const {
  bson_iter_t at;
  return Find(name, &at) && BSON_ITER_HOLDS_NUMBER(&at) ? bson_iter_as_double(&at) : fallback;
}

bool View::Bool(std::string_view name, bool fallback) const {
  bson_iter_t at;
  return Find(name, &at) && BSON_ITER_HOLDS_BOOL(&at) ? bson_iter_bool(&at) : fallback;
}

Instant View::Date(std::string_view name) const {
  bson_iter_t at;
  return Find(name, &at) && BSON_ITER_HOLDS_DATE_TIME(&at) ? FromEpochMs(bson_iter_date_time(&at))
                                                           : Instant();
}

ObjectId View::Id(std::string_view name) const {
  bson_iter_t at;
  return Find(name, &at) && BSON_ITER_HOLDS_OID(&at) ? FromOid(*bson_iter_oid(&at)) : ObjectId();
}

View View::Sub(std::string_view name) const {
  bson_iter_t at;
  if (!Find(name, &at) || !BSON_ITER_HOLDS_DOCUMENT(&at)) return {};
  std::uint32_t size = 0;
  const std::uint8_t* data = nullptr;
  bson_iter_document(&at, &size, &data);
  return {data, size};
}

std::vector<View> View::Subs(std::string_view name) const {
  std::vector<View> found;
  Each(name, [&](bson_iter_t* at) {
    if (!BSON_ITER_HOLDS_DOCUMENT(at)) return;
    std::uint32_t size = 0;
    const std::uint8_t* data = nullptr;
    bson_iter_document(at, &size, &data);
    found.push_back(View(data, size));
  });
  return found;
}

std::vector<std::string> View::Texts(std::string_view name) const {
  std::vector<std::string> found;
  Each(name, [&](bson_iter_t* at) {
    if (BSON_ITER_HOLDS_UTF8(at)) found.push_back(TextAt(at));
  });
  return found;
}

std::vector<ObjectId> View::Ids(std::string_view name) const {
  std::vector<ObjectId> found;
  Each(name, [&](bson_iter_t* at) {
    if (BSON_ITER_HOLDS_OID(at)) found.push_back(FromOid(*bson_iter_oid(at)));
  });
  return found;
}

std::vector<std::pair<std::string, bson_type_t>> View::Fields() const {
  std::vector<std::pair<std::string, bson_type_t>> fields;
  bson_iter_t at;
  if (data_ == nullptr || !bson_iter_init_from_data(&at, data_, size_)) return fields;
  while (bson_iter_next(&at)) fields.emplace_back(bson_iter_key(&at), bson_iter_type(&at));
  return fields;
}

std::string View::Json() const {
  bson_t bson = Static(data_, size_);
  char* json = bson_as_relaxed_extended_json(&bson, nullptr);
  std::string text = json ? json : "";
  bson_free(json);
  bson_destroy(&bson);
  return text;
}

Document::Document(std::initializer_list<Field> fields) : Document() {
  for (const Field& field : fields) Add(field.name, field.value);
}

Document::Document(Document&& other) noexcept {
  bson_init(&bson_);
  bson_steal(&bson_, &other.bson_);
  bson_init(&other.bson_);
}

Document& Document::operator=(Document other) noexcept {
  bson_destroy(&bson_);
  bson_steal(&bson_, &other.bson_);
  bson_init(&other.bson_);
  return *this;
}

Document& Document::Add(std::string_view name, const Value& value) {
  value.AppendTo(&bson_, name);
  return *this;
}

List::List(std::initializer_list<Value> values) {
  for (const Value& value : values) Add(value);
}

List& List::Add(const Value& value) {
  char buffer[16];
  const char* key = nullptr;
  const std::size_t length = bson_uint32_to_string(size_++, &key, buffer, sizeof buffer);
  items_.Add(std::string_view(key, length), value);
  return *this;
}

}  // namespace popradio::mongo
