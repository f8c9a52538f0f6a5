#include "domain/author_name.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace popradio {
namespace {

// Changing an entry of these lists renames listeners; add at no price, and only before a release.
// Colours and materials of the station's own look: nothing that describes a person's body or skin.
constexpr auto kFirst = std::to_array<std::string_view>({
    "lilac",   "mint",    "cherry",  "silver",   "coral",    "indigo",  "amber",    "peach",
    "azure",   "lemon",   "violet",  "ruby",     "jade",     "pearl",   "copper",   "rose",
    "teal",    "apricot", "cobalt",  "honey",    "lime",     "plum",    "sky",      "saffron",
    "crystal", "neon",    "velvet",  "satin",    "chrome",   "glitter", "bubble",   "cosmic",
    "lunar",   "solar",   "stellar", "sunny",    "misty",    "breezy",  "frosty",   "starry",
    "sparkly", "dreamy",  "mellow",  "cheery",   "jolly",    "merry",   "lucky",    "happy",
    "gentle",  "quiet",   "swift",   "nimble",   "cosy",     "dapper",  "plucky",   "zippy",
    "snappy",  "jazzy",   "groovy",  "funky",    "retro",    "pixel",   "turbo",    "stereo",
    "vinyl",   "analog",  "digital", "electric", "magnetic", "sonic",   "melodic",  "cloudy",
    "minty",   "peppy",   "fizzy",   "sugar",    "vanilla",  "maple",   "cinnamon", "papaya",
    "mango",   "melon",   "berry",   "clover",   "daisy",    "lotus",   "willow",   "cedar",
    "ocean",   "river",   "meadow",  "summer",   "autumn",   "winter",  "golden",   "opal",
});
constexpr auto kSecond = std::to_array<std::string_view>({
    "comet",    "pager",     "modem",     "koi",       "satellite", "moon",        "star",
    "planet",   "orbit",     "rocket",    "nebula",    "meteor",    "galaxy",      "eclipse",
    "aurora",   "rainbow",   "cloud",     "breeze",    "wave",      "lagoon",      "island",
    "canyon",   "glacier",   "volcano",   "waterfall", "fountain",  "lantern",     "candle",
    "mirror",   "ribbon",    "button",    "locket",    "bracelet",  "sticker",     "postcard",
    "envelope", "balloon",   "kite",      "pinwheel",  "carousel",  "arcade",      "joystick",
    "console",  "cartridge", "floppy",    "cursor",    "widget",    "beacon",      "antenna",
    "radio",    "speaker",   "cassette",  "mixtape",   "jukebox",   "turntable",   "record",
    "melody",   "chorus",    "tempo",     "rhythm",    "cymbal",    "piano",       "ukulele",
    "guitar",   "violin",    "cello",     "harp",      "flute",     "trumpet",     "clarinet",
    "marimba",  "banjo",     "maraca",    "whistle",   "otter",     "panda",       "koala",
    "penguin",  "puffin",    "dolphin",   "narwhal",   "seahorse",  "starfish",    "turtle",
    "gecko",    "axolotl",   "hedgehog",  "squirrel",  "badger",    "rabbit",      "kitten",
    "puppy",    "fox",       "lynx",      "tiger",     "panther",   "falcon",      "heron",
    "robin",    "swan",      "flamingo",  "parrot",    "toucan",    "hummingbird", "firefly",
    "ladybird", "butterfly", "dragonfly", "bumblebee", "unicorn",   "dragon",      "phoenix",
    "griffin",  "yeti",      "robot",     "astronaut", "pilot",     "captain",     "ranger",
    "wizard",   "dancer",    "skater",    "surfer",    "painter",   "poet",        "dreamer",
    "drummer",  "cupcake",   "waffle",    "pancake",   "donut",     "cookie",      "macaron",
    "sorbet",   "gelato",    "popcorn",   "pretzel",   "noodle",    "dumpling",    "biscuit",
    "truffle",  "sundae",    "lollipop",  "gumdrop",   "marble",    "domino",      "puzzle",
    "origami",  "teapot",    "umbrella",  "scooter",   "bicycle",   "tram",        "zeppelin",
});
static_assert(kFirst.size() >= 64 && kSecond.size() >= 128);
constexpr unsigned kNumbers = 100;
// Two digits that mean something else to some, and the number they become.
constexpr unsigned kUnwelcomeNumbers[] = {69, 88, 18, 14};
constexpr unsigned kInsteadOfUnwelcome = 42;

// So that no other use of the secret ever computes the same.
constexpr std::string_view kPurpose = "popradio author name 1";
constexpr std::string_view kImportPurpose = "popradio imported author 1";

using Digest = std::array<std::uint8_t, EVP_MAX_MD_SIZE>;

Digest Hmac(std::string_view secret, const std::string& message) {
  Digest digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const std::uint8_t*>(message.data()), message.size(), digest.data(),
           &size) == nullptr) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  return digest;
}

}  // namespace

std::string AuthorName(const SessionId& session, std::string_view station_secret) {
  std::string message(kPurpose);
  message.append(reinterpret_cast<const char*>(session.bytes().data()), SessionId::kBytes);
  const Digest digest = Hmac(station_secret, message);
  // Thirty-two bits for each part: the bias of the remainder is below one in ten million.
  const auto part = [&digest](std::size_t index) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | digest[index * 4 + i];
    return value;
  };
  unsigned number = part(2) % kNumbers;
  for (const unsigned unwelcome : kUnwelcomeNumbers) {
    if (number == unwelcome) number = kInsteadOfUnwelcome;
  }
  std::string name(kFirst[part(0) % kFirst.size()]);
  name += '-';
  name += kSecond[part(1) % kSecond.size()];
  name += '-';
  name += static_cast<char>('0' + number / 10);
  name += static_cast<char>('0' + number % 10);
  return name;
}

std::string AuthorName(const Comment& comment, std::string_view station_secret) {
  return comment.author.empty() ? AuthorName(comment.session, station_secret) : comment.author;
}

SessionId ImportedAuthor(std::string_view name, std::string_view station_secret) {
  std::string message(kImportPurpose);
  message.append(name);
  const Digest digest = Hmac(station_secret, message);
  std::array<std::uint8_t, SessionId::kBytes> bytes;
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x80);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  return SessionId(bytes);
}

}  // namespace popradio
