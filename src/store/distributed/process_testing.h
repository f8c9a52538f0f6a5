#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/temporary_folder_testing.h"

// Other programs, run by tests: real servers on free ports in temporary folders. They die with the
// test, however that ends.
namespace popradio::process_testing {

// How long a test waits for what must happen. No passing test comes near.
inline constexpr Millis kTestLimit{60'000};

// Whether nobody listens on this port of 127.0.0.1.
bool CanBind(int port);
// A port of 127.0.0.1 below those that the kernel gives away by itself, free just now; the one
// `also` above it too (0: none). Throws when there is none.
std::uint16_t FreePort(int also = 0);

// Starts a program whose output goes to a file. PATH is searched.
pid_t Spawn(const std::vector<std::string>& arguments, const std::string& output);
// Runs a program to its end; throws if it fails. Returns what it printed.
std::string RunProgram(const std::vector<std::string>& arguments, Millis limit = kTestLimit);

// What the kernel says a process does: 'R', 'S', 'T' (halted), 'Z' (ended, not yet waited for), …;
// '?' for one that is not there.
char ProcessState(pid_t pid);

// Waits for something outside this process, looking again and again.
bool Eventually(const std::function<bool()>& done, Millis limit = kTestLimit);

std::string ReadFile(const std::string& path);

using popradio::TemporaryFolder;

}  // namespace popradio::process_testing
