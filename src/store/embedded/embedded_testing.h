#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "base/temporary_folder_testing.h"
#include "store/contract/harness.h"
#include "store/embedded/embedded_backend.h"

namespace popradio::embedded {

// An embedded backend in a folder of its own, on a clock of its own.
class EmbeddedHarness final : public store::contract::Harness {
 public:
  explicit EmbeddedHarness(store::EmbeddedOptions options = {});
  ~EmbeddedHarness() override;
  store::Backend& backend() override { return *backend_; }
  store::contract::ManualClock& clock() override { return clock_; }
  void Restart() override;
  void Open();
  void Close();
  const std::string& folder() const { return options_.data_dir; }
  std::string database() const { return options_.data_dir + "/" + store::kDatabaseFile; }

 private:
  TemporaryFolder temporary_;
  store::EmbeddedOptions options_;
  store::contract::ManualClock clock_{store::contract::Start()};
  SystemRandom random_;
  std::unique_ptr<store::Backend> backend_;
};

}  // namespace popradio::embedded
