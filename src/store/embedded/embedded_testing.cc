#include "store/embedded/embedded_testing.h"

#include <gtest/gtest.h>

namespace popradio::embedded {

EmbeddedHarness::EmbeddedHarness(store::EmbeddedOptions options) : options_(std::move(options)) {
  options_.data_dir = temporary_.path() + "/data";
  Open();
}

EmbeddedHarness::~EmbeddedHarness() = default;

void EmbeddedHarness::Open() {
  auto opened = store::OpenEmbedded(options_, clock_, random_);
  if (!opened) {
    ADD_FAILURE() << opened.error().message;
    std::abort();
  }
  backend_ = *std::move(opened);
}

void EmbeddedHarness::Close() {
  const Result<void> closed = backend_->Close();
  EXPECT_TRUE(closed) << (closed ? "" : closed.error().message);
  backend_.reset();
}

void EmbeddedHarness::Restart() {
  Close();
  Open();
}

}  // namespace popradio::embedded
