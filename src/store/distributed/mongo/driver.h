#pragma once

namespace popradio::mongo {

// Starts MongoDB's C driver once for the whole program, and sends what it says to our log. Called
// by everything here that touches the driver first; thread-safe.
void StartDriver();

}  // namespace popradio::mongo
