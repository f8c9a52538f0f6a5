#include "store/embedded/engagement_table.h"

namespace popradio::embedded {
namespace {

constexpr char kInsertLike[] =
    "INSERT INTO likes (seq, session, target, liked_at) VALUES (?, ?, ?, ?)";
constexpr char kDeleteLike[] = "DELETE FROM likes WHERE seq = ?";
constexpr char kWritePlays[] =
    "INSERT INTO plays (target, count) VALUES (?, ?) ON CONFLICT (target) DO UPDATE SET count = "
    "excluded.count";

const char* Noun(const Target& target) {
  return target.type == TargetType::kSong ? "song" : "playlist";
}

}  // namespace

// Lives in the frame of the coroutine that waits for it.
class EngagementTable::LikeOperation final : public WriteOperation {
 public:
  LikeOperation(EngagementTable& store, const SessionId& session, const Target& target, bool like)
      : store_(store), session_(session), target_(target), like_(like) {}

  void Apply(Transaction& transaction) override {
    result = like_ ? store_.ApplyLike(transaction, session_, target_)
                   : store_.ApplyUnlike(transaction, session_, target_);
  }
  void Failed(const Error& error) override { result = Fail(error); }

  Result<std::int64_t> result = 0;

 private:
  EngagementTable& store_;
  const SessionId session_;
  const Target target_;
  const bool like_;
};

class EngagementTable::CountOperation final : public WriteOperation {
 public:
  CountOperation(EngagementTable& store, const Target& target, std::optional<PlayKeys::Hash> key)
      : store_(store), target_(target), key_(key) {}

  void Apply(Transaction& transaction) override {
    result = store_.ApplyCount(transaction, target_, key_ ? &*key_ : nullptr);
  }
  void Failed(const Error& error) override { result = Fail(error); }

  Result<std::int64_t> result = 0;

 private:
  EngagementTable& store_;
  const Target target_;
  const std::optional<PlayKeys::Hash> key_;
};

bool EngagementTable::ReadNow(const SessionId* session, std::span<const Target> targets,
                              std::span<store::Engagement> out) const {
  memory_.Read(session, targets, out);
  return true;
}

Task<Result<void>> EngagementTable::Read(const SessionId* session, std::span<const Target> targets,
                                         std::span<store::Engagement> out) {
  memory_.Read(session, targets, out);
  co_return Result<void>();
}

Task<Result<std::int64_t>> EngagementTable::Like(SessionId session, Target target) {
  LikeOperation operation(*this, session, target, true);
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

Task<Result<std::int64_t>> EngagementTable::Unlike(SessionId session, Target target) {
  LikeOperation operation(*this, session, target, false);
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

Task<Result<std::int64_t>> EngagementTable::Count(Target target, const SessionId* session,
                                                  std::optional<std::string> idempotency_key) {
  std::optional<PlayKeys::Hash> hash;
  if (idempotency_key) {
    if (idempotency_key->size() > store::kMaxIdempotencyKeyBytes) {
      co_return Fail(ErrorCode::kInvalidParameter,
                     "The idempotency key is longer than " +
                         std::to_string(store::kMaxIdempotencyKeyBytes) + " bytes");
    }
    hash = PlayKeys::Make(session, target, *idempotency_key);
  }
  CountOperation operation(*this, target, hash);
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

Task<Result<store::LikedSet>> EngagementTable::Liked(SessionId session) {
  co_return memory_.Liked(session);
}

Task<Result<void>> EngagementTable::Forget(SessionId session) {
  FunctionWrite<void> operation([this, session](Transaction& transaction) -> Result<void> {
    ApplyForget(transaction, session);
    return {};
  });
  co_await writer_.Run(operation);
  co_return std::move(operation.result);
}

std::optional<std::uint64_t> EngagementTable::LikeRow(const LikeKey& key) const {
  const auto pending = pending_.find(key);
  if (pending == pending_.end()) return memory_.FindLike(key.session, key.target);
  if (pending->second == 0) return std::nullopt;
  return pending->second;
}

EngagementTable::Delta& EngagementTable::DeltaOf(Index target) {
  if (deltas_.size() <= target) deltas_.resize(memory_.targets());
  Delta& delta = deltas_[target];
  if (delta.likes == 0 && delta.plays == 0) touched_.push_back(target);
  return delta;
}

std::int64_t EngagementTable::ChangeLike(const LikeKey& key, std::uint64_t row) {
  pending_[key] = row;
  changes_.push_back({key, row});
  const int step = row != 0 ? 1 : -1;
  stats_.Count(memory_.TargetAt(key.target), 0, step);
  return memory_.Likes(key.target) + (DeltaOf(key.target).likes += step);
}

Result<std::int64_t> EngagementTable::ApplyLike(Transaction& transaction, const SessionId& session,
                                                const Target& target) {
  const LikeKey key{session, memory_.Intern(target)};
  if (LikeRow(key)) {
    return Fail(ErrorCode::kAlreadyLiked, std::string("You've already liked this ") + Noun(target));
  }
  const std::uint64_t row = last_row_ + 1;
  const TargetKey target_key = ToKey(target);
  transaction.db()
      .Prepare(kInsertLike)
      .Bind(static_cast<std::int64_t>(row))
      .Bind(session)
      .BindBlob(target_key)
      .Bind(transaction.now())
      .Run();
  last_row_ = row;
  return ChangeLike(key, row);
}

Result<std::int64_t> EngagementTable::ApplyUnlike(Transaction& transaction,
                                                  const SessionId& session, const Target& target) {
  const LikeKey key{session, memory_.Intern(target)};
  const std::optional<std::uint64_t> row = LikeRow(key);
  if (!row)
    return Fail(ErrorCode::kNotLiked, std::string("You have not liked this ") + Noun(target));
  transaction.db().Prepare(kDeleteLike).Bind(static_cast<std::int64_t>(*row)).Run();
  return ChangeLike(key, 0);
}

std::int64_t EngagementTable::ApplyCount(Transaction& transaction, const Target& target,
                                         const PlayKeys::Hash* key) {
  const Index index = memory_.Intern(target);
  Delta& delta = DeltaOf(index);
  if (key != nullptr && keys_.Seen(*key, transaction.now()))
    return memory_.Plays(index) + delta.plays;
  if (key != nullptr) keys_.Add(*key, transaction);
  (void)transaction.db();  // the number itself is written once per batch, in Write()
  stats_.Count(target, 1, 0);
  return memory_.Plays(index) + ++delta.plays;
}

void EngagementTable::ApplyForget(Transaction& transaction, const SessionId& session) {
  std::vector<LikeChange> likes;
  for (const auto& [target, row] : memory_.LikesOf(session))
    likes.push_back({{session, target}, row});
  for (const LikeChange& change : changes_) {
    if (change.key.session == session) likes.push_back(change);
  }
  for (const LikeChange& like : likes) {
    // A like that was taken back or renewed in this batch stands under its present row only.
    if (like.row == 0 || LikeRow(like.key) != like.row) continue;
    transaction.db().Prepare(kDeleteLike).Bind(static_cast<std::int64_t>(like.row)).Run();
    ChangeLike(like.key, 0);
  }
}

void EngagementTable::Write(Transaction& transaction, Housekeeping& housekeeping) {
  for (const Index index : touched_) {
    if (deltas_[index].plays == 0) continue;
    const TargetKey key = ToKey(memory_.TargetAt(index));
    transaction.db()
        .Prepare(kWritePlays)
        .BindBlob(key)
        .Bind(memory_.CountedPlays(index) + deltas_[index].plays)
        .Run();
  }
  keys_.Clean(transaction, housekeeping);
}

void EngagementTable::Committed() {
  const bool changed = !touched_.empty();
  for (const LikeChange& change : changes_) {
    if (change.row != 0) {
      memory_.AddLike(change.key.session, change.key.target, change.row);
    } else {
      memory_.RemoveLike(change.key.session, change.key.target);
    }
  }
  for (const Index index : touched_) {
    if (deltas_[index].plays != 0) memory_.AddPlays(index, deltas_[index].plays);
    deltas_[index] = {};
  }
  keys_.Committed();
  touched_.clear();
  changes_.clear();
  pending_.clear();
  if (changed) memory_.Changed();
}

void EngagementTable::RolledBack() {
  for (const Index index : touched_) deltas_[index] = {};
  keys_.RolledBack();
  touched_.clear();
  changes_.clear();
  pending_.clear();
}

void EngagementTable::Reload(Database& database) {
  last_row_ = memory_.Load(database);
  keys_.Load(database);
}

}  // namespace popradio::embedded
