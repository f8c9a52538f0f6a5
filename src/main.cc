#include "cli/cli.h"

int main(int argc, char** argv) { return popradio::cli::Main(argc, argv); }
