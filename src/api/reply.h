#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "http/response.h"

namespace popradio::api {

// The envelope of the document, written around data that is appended in between.
inline constexpr std::string_view kDataOpen = R"({"success":true,"data":)";
inline constexpr std::string_view kDataClose = "}";

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";
// What a 503 says when the store gave no time of its own.
inline constexpr int kDefaultRetryAfterS = 5;
inline constexpr int kMaxRetryAfterS = 3660;

// Fills in status, body and, on 429 and 503, Retry-After with retryAfter; what was in the
// response's body is gone. The message of kInternal stays with us.
void WriteError(const Error& error, http::Response& response);
// The same for what has no ErrorCode (405, 416, the connection's own refusals).
void WriteError(int status, std::string_view code, std::string_view sentence,
                http::Response& response);

// "Rate limit exceeded. Try again in 15 minutes."
std::string RateLimitSentence(int retry_after_s);

// Pieces of JSON.
void AppendId(std::string& out, const ObjectId& id);                               // with quotes
void AppendTime(std::string& out, Instant t);                                      // with quotes
void AppendField(std::string& out, std::string_view name, std::string_view text);  // "name":"text"

}  // namespace popradio::api
