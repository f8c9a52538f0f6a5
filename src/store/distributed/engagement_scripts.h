#pragma once

// What changes likes and plays in Redis: each script as one step on one shard, all keys of one
// partition. They answer {what happened, the number, the target's version} and never an error of
// their own, so that every answer is proven by the WAIT behind it, also "you have liked it
// already".
namespace popradio::store::distributed::scripts {

// The scripts that run most begin by taking what they use into locals: it saves a tenth of their
// time.

// The first number of an answer.
inline constexpr int kNotBuilt = -1;  // the partition's counts are not whole: nothing was done
inline constexpr int kUnchanged = 0;  // it was so already
inline constexpr int kChanged = 1;

// KEYS built likers likes version dirty outbox day [the session's index]
// ARGV session, target's name, seconds that the day is kept, target's id
// The moment is this shard's own clock, in microseconds: likes of one session stay in order
// whichever node took them. A whole number, which small sets keep and compare as one. The outbox
// tells it by the entry's id.
inline constexpr char kLike[] = R"lua(
local call, keys, args = redis.call, KEYS, ARGV
if call('EXISTS', keys[1]) == 0 then return {-1, 0, 0} end
local time = call('TIME')
local at = time[1] * 1000000 + time[2]
if keys[8] then call('SADD', keys[8], args[4]) end
if call('ZADD', keys[2], 'NX', at, args[1]) == 0 then
  return {0, tonumber(call('GET', keys[3]) or 0), tonumber(call('GET', keys[4]) or 0)}
end
local likes = call('INCR', keys[3])
local version = call('INCR', keys[4])
call('SADD', keys[5], args[2])
call('XADD', keys[6], '*', 'op', 'like', 'target', args[2], 'sid', args[1],
           'version', version)
if call('HINCRBY', keys[7], 'likes:' .. args[2], 1) == 1 then
  call('EXPIRE', keys[7], args[3])
end
return {1, likes, version}
)lua";

// The same keys and arguments.
inline constexpr char kUnlike[] = R"lua(
local call, keys, args = redis.call, KEYS, ARGV
if call('EXISTS', keys[1]) == 0 then return {-1, 0, 0} end
if keys[8] then call('SREM', keys[8], args[4]) end
if call('ZREM', keys[2], args[1]) == 0 then
  return {0, tonumber(call('GET', keys[3]) or 0), tonumber(call('GET', keys[4]) or 0)}
end
local likes = call('DECR', keys[3])
local version = call('INCR', keys[4])
call('SADD', keys[5], args[2])
call('XADD', keys[6], '*', 'op', 'unlike', 'target', args[2], 'sid', args[1],
           'version', version)
if call('HINCRBY', keys[7], 'likes:' .. args[2], -1) == -1 then
  call('EXPIRE', keys[7], args[3])
end
return {1, likes, version}
)lua";

// KEYS built plays version dirty day [once]
// ARGV target's name, seconds that the day is kept, now, until when the key counts, for how many ms
// The caller's clock decides when a key has had its day; the server's only clears it away.
inline constexpr char kCount[] = R"lua(
local call, keys, args = redis.call, KEYS, ARGV
if call('EXISTS', keys[1]) == 0 then return {-1, 0, 0} end
if keys[6] then
  local counted_until = call('GET', keys[6])
  if counted_until and tonumber(counted_until) > tonumber(args[3]) then
    return {0, tonumber(call('GET', keys[2]) or 0), tonumber(call('GET', keys[3]) or 0)}
  end
  call('SET', keys[6], args[4], 'PX', args[5])
end
local plays = call('INCR', keys[2])
local version = call('INCR', keys[3])
call('SADD', keys[4], args[1])
if call('HINCRBY', keys[5], 'plays:' .. args[1], 1) == 1 then
  call('EXPIRE', keys[5], args[2])
end
return {1, plays, version}
)lua";

// Filling an emptied Redis. Nothing is done once the partition is built: then Redis knows better.
// KEYS built likers  ARGV (moment, session)...
inline constexpr char kLoadLikers[] = R"lua(
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('ZADD', KEYS[2], 'NX', unpack(ARGV))
return 1
)lua";
// KEYS built likers likes plays version dirty  ARGV plays, version, target's name
// The numbers may only rise: another node may be filling it as well. Dirty, because what was lost
// with the old Redis is still in MongoDB's numbers.
inline constexpr char kLoadCounts[] = R"lua(
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[3], redis.call('ZCARD', KEYS[2]))
if tonumber(redis.call('GET', KEYS[4]) or -1) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[4], ARGV[1])
end
if tonumber(redis.call('GET', KEYS[5]) or -1) < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[5], ARGV[2])
end
redis.call('SADD', KEYS[6], ARGV[3])
return 1
)lua";

// Everything about one target at one moment.
// KEYS built likers likes plays version dirty  ARGV target's name [session]
// {built, likers, likes, plays, version, dirty, when the session liked it or ""}
inline constexpr char kLook[] = R"lua(
local call, keys = redis.call, KEYS
local function number(key) return tonumber(call('GET', key) or 0) end
return {call('EXISTS', keys[1]), call('ZCARD', keys[2]), number(keys[3]), number(keys[4]),
        number(keys[5]), call('SISMEMBER', keys[6], ARGV[1]),
        ARGV[2] and call('ZSCORE', keys[2], ARGV[2]) or ''}
)lua";

// Makes the number the size of the set, and the version newer than any that MongoDB has (ARGV[3]),
// so that what is written as of it holds. Answers as kLook, after it.
// KEYS built likers likes plays version dirty  ARGV target's name, session or "", version
inline constexpr char kMend[] = R"lua(
local call, keys = redis.call, KEYS
local function number(key) return tonumber(call('GET', key) or 0) end
if call('EXISTS', keys[1]) == 0 then return {0, 0, 0, 0, 0, 0, ''} end
local likers = call('ZCARD', keys[2])
call('SET', keys[3], likers)
local version = math.max(number(keys[5]), tonumber(ARGV[3])) + 1
call('SET', keys[5], string.format('%d', version))
call('SADD', keys[6], ARGV[1])
return {1, likers, likers, number(keys[4]), version, 1, call('ZSCORE', keys[2], ARGV[2]) or ''}
)lua";

// KEYS version dirty  ARGV the version that was written, target's name
inline constexpr char kClean[] = R"lua(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('SREM', KEYS[2], ARGV[2])
)lua";

}  // namespace popradio::store::distributed::scripts
