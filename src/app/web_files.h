#pragma once

#include <span>

#include "http/static_files.h"

namespace popradio::app {

// The files that are part of the program: the web app, /openapi.json and /docs, compressed at
// build. Written by tools/embed_web.py; only the API description when the web app was not built.
std::span<const http::StaticFile> WebFiles();

}  // namespace popradio::app
