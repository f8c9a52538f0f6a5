#pragma once

#include <mongoc/mongoc.h>

#include <string>

#include "base/error.h"
#include "store/distributed/mongo/document.h"

namespace popradio::mongo {

// MongoDB's code for what a unique index has already.
inline constexpr std::uint32_t kDuplicateKey = 11000;

// What went wrong with a call, as the driver tells it.
struct Failure {
  std::uint32_t domain = 0;
  std::uint32_t code = 0;
  std::string message;
  bool transient = false;       // TransientTransactionError: the transaction may be tried again
  bool unknown_commit = false;  // UnknownTransactionCommitResult: the commit may be tried again

  static Failure Of(const bson_error_t& error, const bson_t* reply);
  bool IsDuplicate() const;  // a unique index has it already
  // Whether the servers are to blame, and not what was asked of them.
  bool IsOutage() const;
};

// What a caller gets: kConflict for a duplicate, else kUnavailable with a sentence for people.
Error ForPeople(const Failure& failure);

// What an operator reads at the start: which part of the set-up is wrong, and what to do about it.
// `hosts` as in MongoUrl.
Error ForOperators(const Failure& failure, const std::string& hosts);

}  // namespace popradio::mongo
