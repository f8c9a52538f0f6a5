#pragma once

#include "domain/comment.h"
#include "store/embedded/database.h"

namespace popradio::embedded {

// As ReadComment reads them.
#define POPRADIO_COMMENT_COLUMNS \
  "id, target, session, author, fingerprint, text, created_at, expire_at, at_ms, is_hidden"

// Comments as rows. Throw SQLite::Exception.
Comment ReadComment(const Query& row);
// Inserts; one whose id is there already stays as it is.
void WriteComment(Database& database, const Comment& comment);

}  // namespace popradio::embedded
