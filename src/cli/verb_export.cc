#include "app/blocking.h"
#include "cli/shown_counts.h"
#include "cli/verbs.h"
#include "domain/author_name.h"
#include "media/export.h"

namespace popradio::cli {
namespace {}  // namespace

int RunExport(const app::VerbCall&, const app::StationAccess& station, app::Output& output) {
  const CataloguePtr catalogue = station.backend.catalogue().Current();
  const media::CountsOf counts = ShownCounts(station.backend.engagement());
  const std::string secret = station.backend.StationSecret();

  std::optional<ObjectId> before;
  bool finished = false;
  const auto next_page = [&]() -> Result<std::vector<Comment>> {
    if (finished) return std::vector<Comment>();
    auto page = app::RunBlocking(station.backend.comments().ListAll(before, kCommentsAtOnce));
    if (!page) return Fail(page.error());
    before = page->next;
    finished = !before;
    return std::move(page->comments);
  };
  const auto written = media::ExportCatalogue(
      *catalogue, counts, next_page,
      [&](const Comment& comment) { return AuthorName(comment, secret); },
      [&](std::string_view piece) -> Result<void> {
        if (output.Cancelled()) return Fail(ErrorCode::kUnavailable, "The export was stopped.");
        output.Out(piece);
        return {};
      });
  return written ? 0 : Refuse(output, written.error());
}

}  // namespace popradio::cli
