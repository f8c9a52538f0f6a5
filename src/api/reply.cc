#include "api/reply.h"

#include <algorithm>

#include "api/error_map.h"
#include "base/json_text.h"

namespace popradio::api {
namespace {

void WriteFailure(int status, std::string_view code, std::string_view sentence, int retry_after_s,
                  http::Response& response) {
  response.status = status;
  response.content_type = kJsonType;
  std::string& body = response.body;
  body.assign(R"({"success":false,"error":)");
  AppendJsonString(body, sentence);
  body.append(R"(,"code":)");
  AppendJsonString(body, code);
  if (status == 429 || status == 503) {
    const int seconds = std::clamp(retry_after_s, 1, kMaxRetryAfterS);
    body.append(R"(,"retryAfter":)");
    AppendInt(body, seconds);
    response.AddHeader("Retry-After", std::int64_t{seconds});
  }
  body += '}';
}

}  // namespace

void WriteError(const Error& error, http::Response& response) {
  const PublicError shown = Publish(error.code);
  if (error.code == ErrorCode::kInternal) {
    WriteFailure(shown.status, shown.code, "Something went wrong on our side.", 0, response);
    return;
  }
  const int retry = error.retry_after_s > 0                 ? error.retry_after_s
                    : error.code == ErrorCode::kUnavailable ? kDefaultRetryAfterS
                                                            : 1;
  WriteFailure(shown.status, shown.code, error.message, retry, response);
}

void WriteError(int status, std::string_view code, std::string_view sentence,
                http::Response& response) {
  WriteFailure(status, code, sentence, kDefaultRetryAfterS, response);
}

std::string RateLimitSentence(int retry_after_s) {
  const auto count = [](int n, const char* unit) {
    return std::to_string(n) + " " + unit + (n == 1 ? "" : "s");
  };
  // Rounded up: who comes back then is let in.
  return "Rate limit exceeded. Try again in " +
         (retry_after_s < 60 ? count(std::max(retry_after_s, 1), "second")
                             : count((retry_after_s + 59) / 60, "minute")) +
         ".";
}

void AppendId(std::string& out, const ObjectId& id) {
  char text[ObjectId::kHexDigits + 2];
  text[0] = text[sizeof text - 1] = '"';
  id.ToHex(text + 1);
  out.append(text, sizeof text);
}

void AppendTime(std::string& out, Instant t) {
  char text[26];
  text[0] = text[25] = '"';
  FormatIso8601(t, text + 1);
  out.append(text, sizeof text);
}

void AppendField(std::string& out, std::string_view name, std::string_view text) {
  out += '"';
  out.append(name);
  out.append("\":");
  AppendJsonString(out, text);
}

}  // namespace popradio::api
