#include "store/distributed/mongo/failure.h"

namespace popradio::mongo {
namespace {

// MongoDB's own numbers (src/mongo/base/error_codes.yml).
enum ServerCode : std::uint32_t {
  kBadValue = 2,
  kUnauthorized = 13,
  kAuthenticationFailed = 18,
  kIllegalOperation = 20,
  kMaxTimeExpired = 50,
  kWriteConcernFailed = 64,
  kWriteConflict = 112,
};
constexpr int kRetryAfterS = 5;

bool Mentions(const Failure& failure, std::string_view words) {
  return failure.message.find(words) != std::string::npos;
}

bool IsAboutTheLogin(const Failure& failure) {
  return (failure.domain == MONGOC_ERROR_CLIENT &&
          failure.code == MONGOC_ERROR_CLIENT_AUTHENTICATE) ||
         (failure.domain == MONGOC_ERROR_SERVER &&
          (failure.code == kAuthenticationFailed || failure.code == kUnauthorized)) ||
         Mentions(failure, "uthentication failed") || Mentions(failure, "requires authentication");
}

bool IsAboutTheCertificate(const Failure& failure) {
  return Mentions(failure, "TLS handshake failed") || Mentions(failure, "certificate") ||
         Mentions(failure, "initialize TLS") || Mentions(failure, "CA file");
}

}  // namespace

Failure Failure::Of(const bson_error_t& error, const bson_t* reply) {
  Failure failure{error.domain, error.code, error.message, false, false};
  if (reply) {
    failure.transient = mongoc_error_has_label(reply, "TransientTransactionError");
    failure.unknown_commit = mongoc_error_has_label(reply, "UnknownTransactionCommitResult");
  }
  return failure;
}

bool Failure::IsDuplicate() const { return code == kDuplicateKey; }

bool Failure::IsOutage() const {
  switch (domain) {
    case MONGOC_ERROR_STREAM:
    case MONGOC_ERROR_SERVER_SELECTION:
    case MONGOC_ERROR_CLIENT:
      return true;
    default:
      return code != kDuplicateKey && code != kBadValue && code != kWriteConflict;
  }
}

Error ForPeople(const Failure& failure) {
  if (failure.IsDuplicate()) return {ErrorCode::kConflict, "This is there already."};
  if (failure.code == kWriteConflict) {
    return {ErrorCode::kUnavailable, "Too much changes at once. Please try again.", 1};
  }
  return {ErrorCode::kUnavailable,
          "The station cannot reach its database now. Please try again in a moment.", kRetryAfterS};
}

Error ForOperators(const Failure& failure, const std::string& hosts) {
  const auto fail = [&](ErrorCode code, const std::string& text) {
    return Error(code, "MongoDB at " + hosts + " " + text + " (" + failure.message + ")");
  };
  if (IsAboutTheCertificate(failure)) {
    return fail(ErrorCode::kInvalidParameter,
                "cannot be trusted, or does not trust us. Name the authority that signed its "
                "certificate with tlsCAFile=… in store.mongo, and our own certificate with "
                "tlsCertificateKeyFile=… if it wants one.");
  }
  if (IsAboutTheLogin(failure)) {
    return fail(ErrorCode::kInvalidParameter,
                "refuses the user or the password in store.mongo. Check both, and authSource=… if "
                "the user belongs to another database.");
  }
  if (failure.domain == MONGOC_ERROR_SERVER_SELECTION || failure.domain == MONGOC_ERROR_STREAM) {
    return fail(
        ErrorCode::kUnavailable,
        "does not answer as a replica set with a primary. Check the address in store.mongo, "
        "replicaSet=… and tls=true if it wants TLS, that the servers run, and that "
        "rs.initiate() was called once.");
  }
  return fail(ErrorCode::kUnavailable, "answers with an error.");
}

}  // namespace popradio::mongo
