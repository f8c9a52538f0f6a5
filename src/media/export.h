#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/catalogue.h"
#include "domain/comment.h"
#include "media/import.h"

namespace popradio::media {

// Takes the next piece of the file; a failure stops the export.
using ExportSink = std::function<Result<void>(std::string_view)>;

// Writes the whole station as one catalogue file, a record a line, so that importing it elsewhere
// gives the same station, ids included. `likes`, `plays` and `views` are the numbers shown (base +
// counted): the new station counts on from there. Files of ours are in `media` and `coverPath`,
// which say nothing to others. Comments carry their author's public name, which they keep
// elsewhere, and no session: a session is a credential.
//
// Call in this order: Songs once, Playlists once, Comments as often as there are pages, Finish.
// Holds one piece of about kPieceBytes at a time. The catalogue must outlive it.
class CatalogueExport {
 public:
  using AuthorOf = std::function<std::string(const Comment&)>;  // the public name

  CatalogueExport(const Catalogue& catalogue, ExportSink sink)
      : catalogue_(catalogue), sink_(std::move(sink)) {}
  Result<void> Songs(const CountsOf& counts);
  Result<void> Playlists(const CountsOf& counts);
  Result<void> Comments(std::span<const Comment> page, const AuthorOf& author_of);
  Result<void> Finish();

 private:
  Result<void> Flush(bool whole);

  static constexpr std::size_t kPieceBytes = 64 * 1024;
  const Catalogue& catalogue_;
  ExportSink sink_;
  std::string piece_;
  bool comments_open_ = false;
};

// All of it, where comments can be had without waiting: `next_comments` returns a page at a time,
// any order, and an empty one at the end.
Result<void> ExportCatalogue(const Catalogue& catalogue, const CountsOf& counts,
                             const std::function<Result<std::vector<Comment>>()>& next_comments,
                             const CatalogueExport::AuthorOf& author_of, const ExportSink& sink);

}  // namespace popradio::media
