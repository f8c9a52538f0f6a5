#pragma once

#include "app/control.h"

namespace popradio::cli {

// Standard output and standard error of this process.
class Terminal final : public app::Output {
 public:
  Terminal();
  void Out(std::string_view text) override;
  void Err(std::string_view text) override;
  // Standard error is a terminal and NO_COLOR is not set.
  bool Interactive() const override { return interactive_; }

 private:
  bool interactive_;
};

}  // namespace popradio::cli
