#include "api/admin_auth.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "api/reply.h"
#include "api/station.h"
#include "base/log.h"

namespace popradio::api {

AdminAuth::Digest AdminAuth::DigestOf(std::string_view text) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

AdminAuth::AdminAuth(std::string_view token) : token_(DigestOf(token)) {}

bool AdminAuth::Accepts(std::string_view authorization) const {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.size() <= kScheme.size() ||
      !http::EqualsIgnoreCase(authorization.substr(0, kScheme.size()), kScheme)) {
    return false;
  }
  const Digest sent = DigestOf(authorization.substr(kScheme.size()));
  return CRYPTO_memcmp(sent.data(), token_.data(), sent.size()) == 0;
}

Task<Result<void>> AdminAuth::Check(Station& station, Call& call) const {
  const std::string_view authorization = call.request.Header("Authorization");
  const auto refuse = [&]() -> Result<void> {
    call.response.AddRawHeaders("WWW-Authenticate: Bearer\r\n");
    return Fail(ErrorCode::kUnauthorized, authorization.empty()
                                              ? "This needs the curator's token."
                                              : "This is not the curator's token.");
  };
  if (authorization.empty()) co_return refuse();  // nothing was guessed

  // Taken before the look and given back afterwards, so that whoever has used up the tries learns
  // nothing.
  const store::Charge charge[] = {{store::LimitAction::kAdminTry, call.address_subject}};
  store::RateLimitStore& limits = station.parts.backend.limits();
  const bool limited = station.options.limits.limit(store::LimitAction::kAdminTry) > 0;
  if (limited) {
    auto decision = limits.TakeNow(charge);
    if (!decision) {
      auto waited = co_await limits.Take(charge);
      if (!waited) co_return Fail(waited.error());
      decision = *waited;
    }
    if (!decision->allowed) {
      call.route_decision = decision;
      co_return Fail(ErrorCode::kRateLimited,
                     "Too many wrong tokens. " + RateLimitSentence(decision->retry_after_s),
                     decision->retry_after_s);
    }
  }
  if (Accepts(authorization)) {
    if (limited) limits.Refund(charge);
    co_return Result<void>();
  }
  Log(LogLevel::kWarn, "curator's token refused",
      {{"request", call.request.id}, {"address", call.address.to_string()}});
  co_return refuse();
}

}  // namespace popradio::api
