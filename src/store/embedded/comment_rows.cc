#include "store/embedded/comment_rows.h"

namespace popradio::embedded {
namespace {

constexpr char kInsert[] = "INSERT INTO comments (" POPRADIO_COMMENT_COLUMNS
                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";

}  // namespace

Comment ReadComment(const Query& row) {
  Comment comment;
  comment.id = row.Id(0);
  comment.target = TargetFromKey(row.Blob(1)).value_or(Target{});
  comment.session = row.Session(2);
  comment.author = row.Text(3);
  comment.fingerprint = row.Text(4);
  comment.text = row.Text(5);
  comment.created_at = row.Time(6);
  comment.expire_at = row.Time(7);
  if (!row.IsNull(8)) comment.at_ms = row.Int(8);
  comment.is_hidden = row.Int(9) != 0;
  return comment;
}

void WriteComment(Database& database, const Comment& comment) {
  const TargetKey target = ToKey(comment.target);
  Query insert = database.Prepare(kInsert);
  insert.Bind(comment.id)
      .BindBlob(target)
      .Bind(comment.session)
      .Bind(comment.author)
      .Bind(comment.fingerprint)
      .Bind(comment.text)
      .Bind(comment.created_at)
      .Bind(comment.expire_at);
  if (comment.at_ms) {
    insert.Bind(*comment.at_ms);
  } else {
    insert.BindNull();
  }
  insert.Bind(comment.is_hidden).Run();
}

}  // namespace popradio::embedded
