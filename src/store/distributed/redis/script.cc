#include "store/distributed/redis/script.h"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace popradio::redis {
namespace {

std::string Sha1Hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw std::bad_alloc();  // the only way it can fail
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

Command Build(std::string_view name, std::string_view script,
              std::span<const std::string_view> keys, std::span<const std::string_view> arguments) {
  Command command(name);
  command.Arg(script).Arg(keys.size());
  for (const std::string_view key : keys) command.Key(key);
  for (const std::string_view argument : arguments) command.Arg(argument);
  return command;
}

}  // namespace

Script::Script(std::string source) : source_(std::move(source)), sha1_(Sha1Hex(source_)) {}

Task<Outcome> Script::Run(Client& client, std::span<const std::string_view> keys,
                          std::span<const std::string_view> arguments, CallOptions options) const {
  const Command by_digest = Build("EVALSHA", sha1_, keys, arguments);
  Outcome outcome = co_await client.Call(by_digest, options);
  if (!outcome || !outcome->is_error() || !outcome->text().starts_with("NOSCRIPT")) {
    co_return outcome;
  }
  const Command whole = Build("EVAL", source_, keys, arguments);
  Outcome evaluated = co_await client.Call(whole, options);
  co_return evaluated;
}

}  // namespace popradio::redis
