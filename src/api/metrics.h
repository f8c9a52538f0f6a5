#pragma once

#include <string>

namespace popradio::api {

struct Station;

// Everything an operator watches, in the text format of Prometheus; names begin with "popradio_".
// The figures are summed when somebody asks, so that requests pay for a counter of their own thread
// only.
std::string MetricsText(Station& station);

}  // namespace popradio::api
