#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace popradio::http {

// Every limit of the HTTP layer has its name here. ServerOptions starts from these, so that a test
// or a setting can choose another value for one server.

// A request line longer than this is 414.
inline constexpr std::size_t kMaxRequestLine = 8 * 1024;
// Header lines, their line ends and the empty line together; more is 431.
inline constexpr std::size_t kMaxHeaderBlock = 16 * 1024;
inline constexpr std::size_t kMaxHeaderFields = 64;
// Empty lines before a request that are forgiven (RFC 9112, 2.2); more is 400.
inline constexpr std::size_t kMaxLeadingEmptyLines = 4;
// Of one chunked body: all chunk extensions together, the trailer section, and one chunk-size line.
inline constexpr std::size_t kMaxChunkExtensions = 4 * 1024;
inline constexpr std::size_t kMaxTrailers = 4 * 1024;
inline constexpr std::size_t kMaxChunkLine = 4 * 1024;
// The body limit that routes have unless they say otherwise.
inline constexpr std::uint64_t kDefaultMaxBody = 16 * 1024;

// From the first byte of a request to the end of its headers; then 408.
inline constexpr std::chrono::milliseconds kHeaderTimeout{10'000};
// From the end of the headers to the end of the body; then 408. Longer bodies get one more second
// for every kMinBodyRate bytes that have arrived.
inline constexpr std::chrono::milliseconds kBodyTimeout{10'000};
inline constexpr std::uint64_t kMinBodyRate = 64 * 1024;
// A connection without a request in flight.
inline constexpr std::chrono::milliseconds kIdleTimeout{75'000};
// A write that makes no progress.
inline constexpr std::chrono::milliseconds kWriteTimeout{30'000};
// How long, and for how many bytes, we read on after an error so that the client sees the answer
// instead of a reset connection.
inline constexpr std::chrono::milliseconds kLingerTimeout{2'000};
inline constexpr std::size_t kMaxLingerBytes = 256 * 1024;
// Deadlines are looked at this often, per thread. A deadline is never early and at most two sweeps
// late.
inline constexpr std::chrono::milliseconds kSweepInterval{1'000};
// How long Server::Stop waits for what is in flight.
inline constexpr std::chrono::milliseconds kStopGrace{10'000};

inline constexpr std::size_t kMaxConnectionsPerAddress = 1024;
// Connections over a limit that are being told so, per thread; beyond that they are just closed.
inline constexpr std::size_t kMaxRefusalsInFlight = 64;
inline constexpr int kRefusalRetryAfterSeconds = 5;
inline constexpr int kAcceptBatch = 64;
inline constexpr int kListenBacklog = 4096;

// Answers to pipelined requests are gathered into one write up to this size.
inline constexpr std::size_t kMaxAnswerBatch = 64 * 1024;
// Bodies up to this size are copied behind their head; larger ones are written from where they are.
inline constexpr std::size_t kMaxCopiedBody = 16 * 1024;
// Bytes of a file sent before other connections get their turn.
inline constexpr std::size_t kFileSlice = 256 * 1024;
// What a connection starts with, and what it keeps of a buffer that has grown.
inline constexpr std::size_t kReadBufferStart = 4 * 1024;
inline constexpr std::size_t kKeptBuffer = 64 * 1024;

inline constexpr std::size_t kMaxQueryParameters = 32;
inline constexpr std::size_t kMaxRouteParams = 4;
inline constexpr std::size_t kMaxPathSegments = 12;
// X-Forwarded-For entries looked at, from the right.
inline constexpr std::size_t kMaxForwardedHops = 16;
// Bodies smaller than this are not worth compressing.
inline constexpr std::size_t kMinCompressedBody = 1024;

}  // namespace popradio::http
