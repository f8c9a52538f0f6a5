#include "store/embedded/play_keys.h"

#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "store/engagement_store.h"

namespace popradio::embedded {
namespace {

constexpr char kInsert[] = "INSERT INTO play_keys (seq, hash, counted_at) VALUES (?, ?, ?)";
constexpr char kReadPlayKeys[] = "SELECT seq, hash, counted_at FROM play_keys ORDER BY seq";
constexpr char kDeletePlayKeys[] =
    "DELETE FROM play_keys WHERE seq IN (SELECT seq FROM play_keys WHERE seq <= ? ORDER BY seq "
    "LIMIT ?)";

constexpr std::int64_t kPlayKeyKeptMs = std::int64_t{store::kIdempotencyHours} * 3600 * 1000;

}  // namespace

PlayKeys::Hash PlayKeys::Make(const SessionId* session, const Target& target,
                              std::string_view key) {
  std::uint8_t input[SessionId::kBytes + kTargetKeyBytes + store::kMaxIdempotencyKeyBytes] = {};
  const TargetKey target_key = ToKey(target);
  if (session != nullptr) std::memcpy(input, session->bytes().data(), SessionId::kBytes);
  std::memcpy(input + SessionId::kBytes, target_key.data(), target_key.size());
  const std::size_t length = std::min(key.size(), store::kMaxIdempotencyKeyBytes);
  std::memcpy(input + SessionId::kBytes + kTargetKeyBytes, key.data(), length);
  std::uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(input, SessionId::kBytes + kTargetKeyBytes + length, digest);
  Hash hash;
  std::memcpy(hash.data(), digest, hash.size());
  return hash;
}

bool PlayKeys::Seen(const Hash& hash, Instant now) {
  DropOld(now);
  if (seen_.contains(hash)) return true;
  return std::any_of(pending_.begin(), pending_.end(),
                     [&](const Key& key) { return key.hash == hash; });
}

void PlayKeys::Add(const Hash& hash, Transaction& transaction) {
  const std::int64_t counted_ms = std::max(last_ms_, ToEpochMs(transaction.now()));
  const std::int64_t row = last_row_ + static_cast<std::int64_t>(pending_.size()) + 1;
  transaction.db().Prepare(kInsert).Bind(row).BindBlob(hash).Bind(counted_ms).Run();
  pending_.push_back({hash, counted_ms, row});
}

void PlayKeys::Clean(Transaction& transaction, Housekeeping& housekeeping) {
  if (!housekeeping.due || housekeeping.rows_left == 0) return;
  DropOld(transaction.now());
  const std::int64_t oldest = keys_.empty() ? last_row_ : keys_.front().row - 1;
  if (oldest <= deleted_row_) return;
  const int deleted = transaction.db()
                          .Prepare(kDeletePlayKeys)
                          .Bind(oldest)
                          .Bind(static_cast<std::int64_t>(housekeeping.rows_left))
                          .Run();
  housekeeping.rows_left -= static_cast<std::size_t>(deleted);
  if (housekeeping.rows_left > 0) deleted_row_ = oldest;
}

void PlayKeys::Committed() {
  for (const Key& key : pending_) {
    seen_.insert(key.hash);
    keys_.push_back(key);
    last_row_ = key.row;
    last_ms_ = key.counted_ms;
  }
  pending_.clear();
}

void PlayKeys::RolledBack() {
  pending_.clear();
  deleted_row_ = 0;  // what was deleted may be back
}

void PlayKeys::Load(Database& database) {
  seen_.clear();
  keys_.clear();
  RolledBack();
  last_row_ = last_ms_ = 0;
  Query rows = database.Prepare(kReadPlayKeys);
  while (rows.Step()) {
    const std::vector<std::uint8_t> bytes = rows.Blob(1);
    Key key{{}, rows.Int(2), rows.Int(0)};
    std::memcpy(key.hash.data(), bytes.data(), std::min(bytes.size(), key.hash.size()));
    seen_.insert(key.hash);
    keys_.push_back(key);
    last_row_ = key.row;
    last_ms_ = std::max(last_ms_, key.counted_ms);
  }
}

void PlayKeys::DropOld(Instant now) {
  const std::int64_t now_ms = ToEpochMs(now);
  while (!keys_.empty() &&
         (keys_.front().counted_ms + kPlayKeyKeptMs <= now_ms || keys_.size() > kMaxPlayKeys)) {
    seen_.erase(keys_.front().hash);
    keys_.pop_front();
  }
}

}  // namespace popradio::embedded
