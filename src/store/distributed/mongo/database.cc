#include "store/distributed/mongo/database.h"

namespace popradio::mongo {
namespace {

// What a driver's call fills in, owned.
struct Reply {
  ~Reply() { bson_destroy(&bson); }
  bson_t bson = BSON_INITIALIZER;
  bson_error_t error{};
};

// Calls that take a reply initialise it themselves, so ours must be empty and unallocated: a static
// bson_t is.
Written ToWritten(View reply) {
  Written written;
  written.matched = reply.Int("matchedCount");
  written.modified = reply.Int("modifiedCount");
  written.upserted = reply.Int("upsertedCount");
  written.inserted = reply.Int("insertedCount");
  written.deleted = reply.Int("deletedCount");
  return written;
}

}  // namespace

Database::Collection Database::Open(const char* collection) const {
  return Collection(mongoc_client_get_collection(client_, name_.c_str(), collection));
}

Document Database::InSession(Document options) const {
  if (session_) {
    bson_error_t ignored;
    mongoc_client_session_append(session_, options.get(), &ignored);
  }
  return options;
}

tl::unexpected<Error> Database::Failed(const bson_error_t& error, const bson_t* reply) {
  failure_ = Failure::Of(error, reply);
  saw_outage_ = saw_outage_ || failure_.IsOutage();
  return Fail(ForPeople(failure_));
}

Result<void> Database::Drain(Cursor cursor, const std::function<void(View)>& each) {
  const bson_t* document = nullptr;
  while (mongoc_cursor_next(cursor.get(), &document)) each(document);
  bson_error_t error;
  const bson_t* reply = nullptr;
  if (mongoc_cursor_error_document(cursor.get(), &error, &reply)) return Failed(error, reply);
  return {};
}

Result<void> Database::Find(const char* collection, const Document& filter,
                            const FindOptions& options, const std::function<void(View)>& each) {
  Document opts{{"maxTimeMS", kReadLimitMs}};
  if (options.sort) opts.Add("sort", *options.sort);
  if (options.projection) opts.Add("projection", *options.projection);
  if (options.hint) opts.Add("hint", *options.hint);
  if (options.limit > 0) opts.Add("limit", options.limit);
  opts = InSession(std::move(opts));
  const Collection opened = Open(collection);
  return Drain(
      Cursor(mongoc_collection_find_with_opts(opened.get(), filter.get(), opts.get(), nullptr)),
      each);
}

Result<std::optional<Document>> Database::FindOne(const char* collection, const Document& filter,
                                                  FindOptions options) {
  options.limit = 1;
  std::optional<Document> found;
  auto done = Find(collection, filter, options, [&](View view) {
    bson_t bson;
    if (bson_init_static(&bson, view.data(), view.size())) found.emplace(&bson);
  });
  if (!done) return Fail(done.error());
  return found;
}

Result<void> Database::Aggregate(const char* collection, const List& pipeline, const Document& hint,
                                 const std::function<void(View)>& each) {
  Document opts{{"maxTimeMS", kReadLimitMs}};
  if (!hint.view().empty()) opts.Add("hint", hint);
  opts = InSession(std::move(opts));
  const Collection opened = Open(collection);
  return Drain(Cursor(mongoc_collection_aggregate(opened.get(), MONGOC_QUERY_NONE, pipeline.get(),
                                                  opts.get(), nullptr)),
               each);
}

Result<std::int64_t> Database::Count(const char* collection, const Document& filter) {
  const Document opts = InSession(Document{{"maxTimeMS", kCountLimitMs}});
  const Collection opened = Open(collection);
  Reply reply;
  const std::int64_t count = mongoc_collection_count_documents(
      opened.get(), filter.get(), opts.get(), nullptr, &reply.bson, &reply.error);
  if (count < 0) return Failed(reply.error, &reply.bson);
  return count;
}

Result<void> Database::Insert(const char* collection, const Document& document) {
  const Document opts = InSession({});
  const Collection opened = Open(collection);
  Reply reply;
  if (!mongoc_collection_insert_one(opened.get(), document.get(), opts.get(), &reply.bson,
                                    &reply.error)) {
    return Failed(reply.error, &reply.bson);
  }
  return {};
}

Result<Written> Database::Update(const char* collection, const Document& filter,
                                 const Document& update, bool upsert) {
  Document opts;
  if (upsert) opts.Add("upsert", true);
  opts = InSession(std::move(opts));
  const Collection opened = Open(collection);
  Reply reply;
  if (!mongoc_collection_update_one(opened.get(), filter.get(), update.get(), opts.get(),
                                    &reply.bson, &reply.error)) {
    return Failed(reply.error, &reply.bson);
  }
  return ToWritten(&reply.bson);
}

Result<Written> Database::UpdateMany(const char* collection, const Document& filter,
                                     const List& pipeline) {
  const Document opts = InSession({});
  const Collection opened = Open(collection);
  Reply reply;
  if (!mongoc_collection_update_many(opened.get(), filter.get(), pipeline.get(), opts.get(),
                                     &reply.bson, &reply.error)) {
    return Failed(reply.error, &reply.bson);
  }
  return ToWritten(&reply.bson);
}

Result<Written> Database::DeleteMany(const char* collection, const Document& filter) {
  const Document opts = InSession({});
  const Collection opened = Open(collection);
  Reply reply;
  if (!mongoc_collection_delete_many(opened.get(), filter.get(), opts.get(), &reply.bson,
                                     &reply.error)) {
    return Failed(reply.error, &reply.bson);
  }
  return ToWritten(&reply.bson);
}

Result<std::optional<Document>> Database::FindAndUpdate(const char* collection,
                                                        const Document& filter,
                                                        const Document& update, bool upsert) {
  struct FreeOptions {
    void operator()(mongoc_find_and_modify_opts_t* o) const {
      mongoc_find_and_modify_opts_destroy(o);
    }
  };
  const std::unique_ptr<mongoc_find_and_modify_opts_t, FreeOptions> opts(
      mongoc_find_and_modify_opts_new());
  mongoc_find_and_modify_opts_set_update(opts.get(), update.get());
  mongoc_find_and_modify_opts_set_flags(
      opts.get(), static_cast<mongoc_find_and_modify_flags_t>(
                      MONGOC_FIND_AND_MODIFY_RETURN_NEW |
                      (upsert ? MONGOC_FIND_AND_MODIFY_UPSERT : MONGOC_FIND_AND_MODIFY_NONE)));
  mongoc_find_and_modify_opts_set_max_time_ms(opts.get(), kReadLimitMs);
  const Document session = InSession({});
  mongoc_find_and_modify_opts_append(opts.get(), session.get());
  const Collection opened = Open(collection);
  Reply reply;
  if (!mongoc_collection_find_and_modify_with_opts(opened.get(), filter.get(), opts.get(),
                                                   &reply.bson, &reply.error)) {
    return Failed(reply.error, &reply.bson);
  }
  const View value = View(&reply.bson).Sub("value");
  if (value.empty()) return std::optional<Document>();
  bson_t bson;
  bson_init_static(&bson, value.data(), value.size());
  return std::optional<Document>(std::in_place, &bson);
}

Result<Written> Database::Write(const char* collection, const Batch& batch, bool ordered) {
  if (batch.empty()) return Written();
  struct FreeBulk {
    void operator()(mongoc_bulk_operation_t* b) const { mongoc_bulk_operation_destroy(b); }
  };
  const Document opts = InSession(Document{{"ordered", ordered}});
  const Document upsert{{"upsert", true}}, none;
  const Collection opened = Open(collection);
  const std::unique_ptr<mongoc_bulk_operation_t, FreeBulk> bulk(
      mongoc_collection_create_bulk_operation_with_opts(opened.get(), opts.get()));
  bson_error_t error{};
  for (const Batch::Write& write : batch.writes_) {
    const bool taken =
        write.kind == Batch::Kind::kInsert
            ? mongoc_bulk_operation_insert_with_opts(bulk.get(), write.document.get(), nullptr,
                                                     &error)
            : mongoc_bulk_operation_update_one_with_opts(
                  bulk.get(), write.filter.get(), write.document.get(),
                  write.kind == Batch::Kind::kUpsert ? upsert.get() : none.get(), &error);
    if (!taken) return Failed(error, nullptr);
  }
  Reply reply;
  const bool whole = mongoc_bulk_operation_execute(bulk.get(), &reply.bson, &reply.error) != 0;
  const View view(&reply.bson);
  Written written;
  written.inserted = view.Int("nInserted");
  written.matched = view.Int("nMatched");
  written.modified = view.Int("nModified");
  written.upserted = view.Int("nUpserted");
  if (whole) return written;
  // What was there already is no failure of an unordered batch, as long as it is all that failed.
  for (const View problem : view.Subs("writeErrors")) {
    if (ordered || problem.Int("code") != kDuplicateKey) return Failed(reply.error, &reply.bson);
    written.duplicates.push_back(static_cast<std::size_t>(problem.Int("index")));
  }
  if (written.duplicates.empty() || !view.Subs("writeConcernErrors").empty()) {
    return Failed(reply.error, &reply.bson);
  }
  return written;
}

Result<Document> Database::Command(const Document& command) {
  Reply reply;
  if (!mongoc_client_command_simple(client_, name_.c_str(), command.get(), nullptr, &reply.bson,
                                    &reply.error)) {
    return Failed(reply.error, &reply.bson);
  }
  return Document(&reply.bson);
}

Result<Document> Database::AdminCommand(const Document& command) {
  Reply reply;
  if (!mongoc_client_command_simple(client_, "admin", command.get(), nullptr, &reply.bson,
                                    &reply.error)) {
    return Failed(reply.error, &reply.bson);
  }
  return Document(&reply.bson);
}

Result<void> Database::MakeIndex(const char* collection, const Document& index) {
  auto made = Command(Document{{"createIndexes", collection}, {"indexes", List{index}}});
  if (!made) return Fail(made.error());
  return {};
}

Result<void> Database::Drop() {
  auto dropped = Command(Document{{"dropDatabase", 1}});
  if (!dropped) return Fail(dropped.error());
  return {};
}

Result<void> Database::Transact(const std::function<Result<void>()>& body) {
  const Millis deadline = clock_.Steady() + kTransactionLimit;
  Result<void> result;
  uncertain_ = false;
  for (int tries = 0; tries < kTransactionTries; ++tries) {
    const Try outcome = TryOnce(body, deadline, result);
    if (outcome != Try::kAgain || clock_.Steady() > deadline) break;
  }
  return result;
}

Database::Try Database::TryOnce(const std::function<Result<void>()>& body, Millis deadline,
                                Result<void>& result) {
  struct FreeSession {
    void operator()(mongoc_client_session_t* s) const { mongoc_client_session_destroy(s); }
  };
  struct FreeOptions {
    void operator()(mongoc_transaction_opt_t* o) const { mongoc_transaction_opts_destroy(o); }
  };
  bson_error_t error{};
  const std::unique_ptr<mongoc_client_session_t, FreeSession> session(
      mongoc_client_start_session(client_, nullptr, &error));
  if (!session) {
    result = Failed(error, nullptr);
    return Try::kFailed;
  }
  const std::unique_ptr<mongoc_transaction_opt_t, FreeOptions> options(
      mongoc_transaction_opts_new());
  mongoc_read_concern_t* reads = mongoc_read_concern_new();
  mongoc_read_concern_set_level(reads, MONGOC_READ_CONCERN_LEVEL_SNAPSHOT);
  mongoc_transaction_opts_set_read_concern(options.get(), reads);
  mongoc_read_concern_destroy(reads);
  mongoc_transaction_opts_set_max_commit_time_ms(options.get(), kReadLimitMs);
  if (!mongoc_client_session_start_transaction(session.get(), options.get(), &error)) {
    result = Failed(error, nullptr);
    return Try::kFailed;
  }
  failure_ = {};
  session_ = session.get();
  result = body();
  session_ = nullptr;
  if (!result) {
    const bool again = failure_.transient;
    mongoc_client_session_abort_transaction(session.get(), nullptr);
    return again ? Try::kAgain : Try::kFailed;
  }
  for (;;) {
    Reply reply;
    if (mongoc_client_session_commit_transaction(session.get(), &reply.bson, &reply.error)) {
      return Try::kDone;
    }
    result = Failed(reply.error, &reply.bson);
    if (failure_.transient) return Try::kAgain;
    if (!failure_.unknown_commit) return Try::kFailed;
    if (clock_.Steady() > deadline) {
      uncertain_ = true;
      return Try::kFailed;
    }
  }
}

}  // namespace popradio::mongo
