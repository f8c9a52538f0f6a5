#pragma once

#include <mongoc/mongoc.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/distributed/mongo/document.h"
#include "store/distributed/mongo/failure.h"

namespace popradio::mongo {

// How long the server may work on one read.
inline constexpr std::int64_t kReadLimitMs = 5'000;
// And on counting, which looks at every entry of an index.
inline constexpr std::int64_t kCountLimitMs = 9'000;
// How long a transaction may be tried again and again, and how often.
inline constexpr Millis kTransactionLimit{10'000};
inline constexpr int kTransactionTries = 50;

// What a read wants beside its filter.
struct FindOptions {
  std::optional<Document> sort = std::nullopt;
  std::optional<Document> projection = std::nullopt;
  std::optional<Document> hint = std::nullopt;
  std::int64_t limit = 0;  // 0: all
};

// Several writes to one collection, sent together.
class Batch {
 public:
  void Insert(Document document) { writes_.push_back({Kind::kInsert, {}, std::move(document)}); }
  // One document; `update` holds operators.
  void Update(Document filter, Document update, bool upsert = false) {
    writes_.push_back(
        {upsert ? Kind::kUpsert : Kind::kUpdate, std::move(filter), std::move(update)});
  }
  // The same with a pipeline.
  void Update(Document filter, const List& pipeline, bool upsert = false) {
    Update(std::move(filter), Document(pipeline.get()), upsert);
  }
  std::size_t size() const { return writes_.size(); }
  bool empty() const { return writes_.empty(); }

 private:
  friend class Database;
  enum class Kind : std::uint8_t { kInsert, kUpdate, kUpsert };
  struct Write {
    Kind kind;
    Document filter, document;
  };
  std::vector<Write> writes_;
};

// What writes did.
struct Written {
  std::int64_t inserted = 0, matched = 0, modified = 0, upserted = 0, deleted = 0;
  std::vector<std::size_t> duplicates;  // of an unordered batch: what was there already
};

// One connection's worth of MongoDB for one thread at a time: calls block, and end by a deadline
// each (server selection, socket, kReadLimitMs). Reads see what a majority has; writes are
// acknowledged by a majority. Failures are kUnavailable; failure() has the details.
class Database {
 public:
  // Borrows the client, which belongs to a Pool.
  Database(mongoc_client_t* client, std::string name, const Clock& clock)
      : client_(client), name_(std::move(name)), clock_(clock) {}
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::string& name() const { return name_; }
  mongoc_client_t* client() const { return client_; }
  // Of the last call that failed.
  const Failure& failure() const { return failure_; }
  // Whether any call failed because of the servers, even if a later one went through.
  bool saw_outage() const { return saw_outage_; }

  // Calls `each` for every document found; it is valid during the call.
  Result<void> Find(const char* collection, const Document& filter, const FindOptions& options,
                    const std::function<void(View)>& each);
  Result<std::optional<Document>> FindOne(const char* collection, const Document& filter,
                                          FindOptions options = {});
  // `hint`: the keys of the index to use; empty: as the server decides.
  Result<void> Aggregate(const char* collection, const List& pipeline, const Document& hint,
                         const std::function<void(View)>& each);

  Result<std::int64_t> Count(const char* collection, const Document& filter);

  // kConflict: a unique index has it already.
  Result<void> Insert(const char* collection, const Document& document);
  Result<Written> Update(const char* collection, const Document& filter, const Document& update,
                         bool upsert = false);
  // The same with a pipeline.
  Result<Written> Update(const char* collection, const Document& filter, const List& pipeline,
                         bool upsert = false) {
    return Update(collection, filter, Document(pipeline.get()), upsert);
  }
  Result<Written> UpdateMany(const char* collection, const Document& filter, const List& pipeline);
  Result<Written> DeleteMany(const char* collection, const Document& filter);
  // The document as it is afterwards; none: nothing matched. `update` may be a pipeline.
  Result<std::optional<Document>> FindAndUpdate(const char* collection, const Document& filter,
                                                const Document& update, bool upsert = false);
  // Unordered: duplicates are told in the result and hinder nobody else. Ordered: the first one is
  // kConflict.
  Result<Written> Write(const char* collection, const Batch& batch, bool ordered = false);

  // A command on this database, or on `admin`.
  Result<Document> Command(const Document& command);
  Result<Document> AdminCommand(const Document& command);
  // Makes sure that the index is there; of one name and key there may be one only.
  Result<void> MakeIndex(const char* collection, const Document& index);
  Result<void> Drop();

  // Runs `body` as one transaction (snapshot reads, a majority's acknowledgement). `body` may run
  // several times: when somebody else was faster, and when a primary stepped down. If it fails,
  // nothing has happened. When the commit's outcome cannot be learnt, uncertain() is true and the
  // transaction may have happened or may not.
  Result<void> Transact(const std::function<Result<void>()>& body);
  bool uncertain() const { return uncertain_; }

 private:
  struct FreeCollection {
    void operator()(mongoc_collection_t* c) const { mongoc_collection_destroy(c); }
  };
  using Collection = std::unique_ptr<mongoc_collection_t, FreeCollection>;
  struct FreeCursor {
    void operator()(mongoc_cursor_t* c) const { mongoc_cursor_destroy(c); }
  };
  using Cursor = std::unique_ptr<mongoc_cursor_t, FreeCursor>;

  Collection Open(const char* collection) const;
  // `options` with the transaction's session.
  Document InSession(Document options) const;
  tl::unexpected<Error> Failed(const bson_error_t& error, const bson_t* reply);
  Result<void> Drain(Cursor cursor, const std::function<void(View)>& each);
  enum class Try : std::uint8_t { kDone, kFailed, kAgain };
  Try TryOnce(const std::function<Result<void>()>& body, Millis deadline, Result<void>& result);

  mongoc_client_t* client_;
  const std::string name_;
  const Clock& clock_;
  mongoc_client_session_t* session_ = nullptr;  // while a transaction runs
  Failure failure_;
  bool saw_outage_ = false;
  bool uncertain_ = false;
};

}  // namespace popradio::mongo
