#pragma once

namespace popradio::cli {

// The program: parses the command line, runs one verb, returns the exit code: 0 done, 1 it could
// not be done or something was refused, 2 the command line or a setting is wrong.
int Main(int argc, char** argv);

}  // namespace popradio::cli
