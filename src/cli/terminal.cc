#include "cli/terminal.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace popradio::cli {

Terminal::Terminal()
    : interactive_(::isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr) {}

void Terminal::Out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Terminal::Err(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace popradio::cli
