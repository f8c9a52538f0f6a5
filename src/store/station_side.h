#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/comment.h"
#include "domain/slot.h"
#include "domain/song.h"
#include "store/analytics_store.h"

// A station as something that can be carried from one kind of store to another: what it is made of,
// and what each kind of store must be able to do as its source or its target.
namespace popradio::store {

// What a station is made of, in the order it is carried. Likes and plays come after what they are
// of.
enum class Part : std::uint8_t {
  kStation,  // the secret and the curator's knobs
  kSongs,
  kPlaylists,
  kLikes,
  kPlays,  // plays and views, with the number of likes
  kComments,
  kForgotten,  // places of comments whose authors asked to be forgotten
  kSessions,
  kDays,
  kSlots,
};
inline constexpr int kParts = 10;
// "songs", "plays and views", …: for people.
const char* Name(Part part);

struct CarriedStation {
  std::string secret;  // 32 bytes
  std::optional<Rotation> rotation;
  std::int64_t revision = 0;  // of the timeline
  std::uint64_t seed = 0;
  bool operator==(const CarriedStation&) const = default;
};
struct CarriedLike {
  Target target;
  SessionId session;
  Instant at;
  auto operator<=>(const CarriedLike&) const = default;
};
// Without the catalogue's base.
struct CarriedCount {
  Target target;
  std::int64_t likes = 0, plays = 0;
  bool operator==(const CarriedCount&) const = default;
};
struct CarriedPlace {
  ObjectId comment;
  Instant created_at, expire_at;
  bool operator==(const CarriedPlace&) const = default;
};
struct CarriedVisit {
  SessionId session;
  Instant first, last;
  bool operator==(const CarriedVisit&) const = default;
};
struct CarriedDay {
  AnalyticsDay day;
  // Of today and yesterday, which are still being counted: every target. Empty: the best are all.
  struct Counted {
    Target target;
    std::int64_t plays = 0, likes = 0;
    bool operator==(const Counted&) const = default;
  };
  std::vector<Counted> counted;
  bool operator==(const CarriedDay&) const = default;
};

// Some rows of one part; the other lists are empty.
struct CarriedRows {
  std::optional<CarriedStation> station;
  std::vector<Song> songs;
  std::vector<Playlist> playlists;
  std::vector<CarriedLike> likes;
  std::vector<CarriedCount> plays;
  std::vector<Comment> comments;
  std::vector<CarriedPlace> forgotten;
  std::vector<CarriedVisit> sessions;
  std::vector<CarriedDay> days;
  std::vector<Slot> slots;

  std::size_t size() const {
    return (station ? 1 : 0) + songs.size() + playlists.size() + likes.size() + plays.size() +
           comments.size() + forgotten.size() + sessions.size() + days.size() + slots.size();
  }
};

// Rows, and where to go on; `next` is empty after the last.
struct CarriedPage {
  CarriedRows rows;
  std::string next;
};

// How far a target has been filled, kept in the target itself.
struct CarryMark {
  std::string source;  // of which station at which moment: StationSide::Token()
  int part = -1;       // Part that is being carried; -1: the target is being emptied
  std::string cursor;  // rows up to here are in the target
  std::string ToText() const;
  static std::optional<CarryMark> FromText(std::string_view text);
  bool operator==(const CarryMark&) const = default;
};

// How much there is of everything.
struct StationTally {
  std::int64_t songs = 0, playlists = 0, comments = 0, forgotten = 0, sessions = 0, days = 0,
               slots = 0;
  struct Numbers {
    std::int64_t likes = 0, plays = 0;
    bool operator==(const Numbers&) const = default;
  };
  std::map<Target, Numbers> numbers;  // of targets that have any
  // The same as the store that counts has it, where that is another one.
  std::optional<std::map<Target, Numbers>> live;

  std::int64_t Likes() const;
  std::int64_t Plays() const;
  bool empty() const {
    return songs + playlists + comments + sessions + days + slots == 0 && numbers.empty();
  }
};

// How far a step that has no rows to count is.
using CarryStep = std::function<void(const std::string& what, std::int64_t done, std::int64_t all)>;

// A station's stores, held by one program alone for as long as this lives. Everything here waits;
// one thread at a time.
class StationSide {
 public:
  virtual ~StationSide() = default;

  // "the data folder ./data", "MongoDB at a:27017 and Redis at b:6379".
  virtual std::string where() const = 0;
  // Rows that are gone by themselves before `staying` are not counted: they may go in the middle.
  virtual Result<StationTally> Count(Instant staying) = 0;

  // ---- As a source.
  // Differs whenever another station is there, or this one has changed.
  virtual Result<std::string> Token() = 0;
  // Rows of a part behind `after` (empty: from the first), about `limit` of them. The memory it
  // takes does not grow with the station, but for its catalogue.
  virtual Result<CarriedPage> Read(Part part, const std::string& after, std::size_t limit) = 0;

  // ---- As a target.
  virtual Result<std::optional<CarryMark>> Mark() = 0;
  // From the first mark to Finish() no server starts here.
  virtual Result<void> SetMark(const CarryMark& mark) = 0;
  // Removes everything but the mark. May be repeated.
  virtual Result<void> Clear() = 0;
  // Writes rows, then the mark. What is there already is replaced or left, never doubled.
  virtual Result<void> Write(Part part, CarriedRows rows, const CarryMark& then) = 0;
  // What can be made only when all rows are there. May be repeated.
  virtual Result<void> Complete(const CarryStep& step) = 0;
  // It is a station like any other from here on.
  virtual Result<void> RemoveMark() = 0;
};

}  // namespace popradio::store
