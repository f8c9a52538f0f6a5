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
  // From here on the first SIGINT or SIGTERM asks the verb to end at its next step instead of
  // ending the process; a second one ends it. For verbs that look at Cancelled().
  void CatchInterrupts();
  bool Cancelled() const override;

 private:
  bool interactive_;
};

}  // namespace popradio::cli
