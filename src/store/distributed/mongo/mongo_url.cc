#include "store/distributed/mongo/mongo_url.h"

#include "store/distributed/mongo/driver.h"

namespace popradio::mongo {
namespace {

constexpr char kForm[] =
    " Write it as mongodb://user:password@host1,host2,host3/popradio?replicaSet=name, with "
    "anything "
    "unusual in user and password percent-encoded.";

void Default(mongoc_uri_t* uri, const char* option, int value) {
  if (mongoc_uri_get_option_as_int32(uri, option, -1) < 0)
    mongoc_uri_set_option_as_int32(uri, option, value);
}

std::string Without(std::string text, const std::string& secret) {
  for (std::size_t at = secret.empty() ? text.npos : text.find(secret); at != text.npos;
       at = text.find(secret, at)) {
    text.replace(at, secret.size(), "…");
  }
  return text;
}

// The part of the address that might be a password, for a message about an address that could not
// be taken apart.
std::string LikelyPassword(std::string_view text) {
  const std::size_t end = text.rfind('@');
  const std::size_t begin = text.find("://");
  if (end == text.npos || begin == text.npos || begin + 3 > end) return {};
  const std::string_view login = text.substr(begin + 3, end - begin - 3);
  const std::size_t colon = login.find(':');
  return colon == login.npos ? std::string() : std::string(login.substr(colon + 1));
}

}  // namespace

Result<MongoUrl> ParseMongoUrl(std::string_view text) {
  StartDriver();
  const std::string address(text);
  bson_error_t error{};
  MongoUrl url;
  url.uri.reset(mongoc_uri_new_with_error(address.c_str(), &error));
  if (!url.uri) {
    return Fail(ErrorCode::kInvalidParameter, "store.mongo is no MongoDB address: " +
                                                  Without(error.message, LikelyPassword(text)) +
                                                  "." + kForm);
  }
  mongoc_uri_t* uri = url.uri.get();
  const char* database = mongoc_uri_get_database(uri);
  url.database = database && *database ? database : kDefaultDatabase;
  const char* password = mongoc_uri_get_password(uri);
  url.password = password ? password : "";
  const char* service = mongoc_uri_get_srv_hostname(uri);
  if (service) url.hosts = service;
  for (const mongoc_host_list_t* host = mongoc_uri_get_hosts(uri); host; host = host->next) {
    url.hosts += (url.hosts.empty() ? "" : ", ") + std::string(host->host_and_port);
  }
  Default(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, kServerSelectionMs);
  Default(uri, MONGOC_URI_CONNECTTIMEOUTMS, kConnectMs);
  Default(uri, MONGOC_URI_SOCKETTIMEOUTMS, kSocketMs);
  Default(uri, MONGOC_URI_HEARTBEATFREQUENCYMS, kHeartbeatMs);
  if (!mongoc_uri_get_appname(uri)) mongoc_uri_set_appname(uri, "popradio");
  // One host alone stands for its replica set, so that a failover is followed.
  if (!mongoc_uri_has_option(uri, MONGOC_URI_DIRECTCONNECTION))
    mongoc_uri_set_option_as_bool(uri, MONGOC_URI_DIRECTCONNECTION, false);
  // Whatever the address says: nothing is acknowledged that a failover could take back.
  mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYWRITES, true);
  mongoc_uri_set_option_as_bool(uri, MONGOC_URI_RETRYREADS, true);
  mongoc_write_concern_t* writes = mongoc_write_concern_new();
  mongoc_write_concern_set_wmajority(writes, kMajorityMs);
  mongoc_write_concern_set_journal(writes, true);
  mongoc_uri_set_write_concern(uri, writes);
  mongoc_write_concern_destroy(writes);
  mongoc_read_concern_t* reads = mongoc_read_concern_new();
  mongoc_read_concern_set_level(reads, MONGOC_READ_CONCERN_LEVEL_MAJORITY);
  mongoc_uri_set_read_concern(uri, reads);
  mongoc_read_concern_destroy(reads);
  mongoc_read_prefs_t* primary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
  mongoc_uri_set_read_prefs_t(uri, primary);
  mongoc_read_prefs_destroy(primary);
  return url;
}

}  // namespace popradio::mongo
