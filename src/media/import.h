#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "domain/catalogue.h"
#include "domain/comment.h"
#include "media/parsed_catalogue.h"
#include "store/catalogue_store.h"

namespace popradio::media {

// A record of the file and where it begins.
struct Noted {
  int line = 0;
  std::string what;  // "song \"Love Story\""
};

struct ImportReport {
  std::vector<Noted> added;
  std::vector<Noted> changed;
  std::size_t unchanged = 0;
  std::size_t comments = 0;      // accepted; the store knows which of them it had
  std::vector<Refusal> refused;  // in the order of lines
  std::vector<std::string> warnings;
};

struct ImportPlan {
  store::CatalogueChange change;  // songs and playlists to write as one step
  std::vector<Comment> comments;  // to add afterwards; adding one whose id is there changes nothing
  ImportReport report;
};

// The numbers shown for a target now: likes = base + likers; plays (views) likewise.
struct ShownCounts {
  std::int64_t likes = 0;
  std::int64_t plays = 0;
};
using CountsOf = std::function<ShownCounts(const Target&)>;

struct ImportOptions {
  // Lets a number that is exactly the one shown here mean "as it is": so a station may import its
  // own export without counting its likers twice. Optional.
  CountsOf counts;
  Millis comment_ttl{std::chrono::hours(24 * 30)};
  std::string station_secret;  // of the station that imports: see ImportedAuthor
};

// What a catalogue file means for this station. Pure but for the ids it draws: nothing is written,
// so a store's Update may call it as often as it likes.
//
// - `_id` of a record here: updated, field by field; fields that are not given stay. Unknown `_id`:
// added
//   under it, and createdAt with it. The same `_id` twice in a file: the second is refused.
// - No `_id`: a song is the one here with this title and artist, a playlist the one with this
// title, so
//   that a second import changes nothing. Several alike pair off in order; a song that the file
//   lists again with the same address is taken once, with a warning.
// - A record that breaks validate.h is refused with its line. An unknown song of a playlist is
// refused with its own
//   line, and the playlist goes without it.
// - Comments: text and author's name are checked as listeners' texts are; already expired ones are
//   left out with a warning. The name stays beside the comment. An export has no sessions: authors
//   are told apart by name, under a session that nobody has (ImportedAuthor). A moment may lie
//   beyond the song's end, as it does when the song has become shorter since.
ImportPlan PlanImport(const Catalogue& catalogue, const ParsedCatalogue& parsed, Instant now,
                      Random& random, const ImportOptions& options = {});

}  // namespace popradio::media
