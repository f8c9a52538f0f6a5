#pragma once

#include "store/catalogue_store.h"
#include "store/counts_check.h"
#include "store/embedded/engagement_table.h"
#include "store/embedded/read_pool.h"
#include "store/embedded/writer_thread.h"

namespace popradio::embedded {

// Compares what memory counts with the rows of likes and plays in the file, for every song and
// playlist, and looks for likes that stand there twice. The rows are the truth: a like is one row,
// and of two of one session the first counts. Second rows are removed if `repair`; memory is made
// anew from the rows at the next start.
//
// Read beside the writer; what differs is looked at again, and told only when it stays.
Task<Result<store::CountsReport>> CheckCounts(WriterThread& writer, ReadPool& reads,
                                              const EngagementTable& engagement,
                                              CataloguePtr catalogue, bool repair);

}  // namespace popradio::embedded
