#include "domain/flavour.h"

#include "base/random.h"

namespace popradio {

std::string_view FlavourName(Flavour flavour) {
  switch (flavour) {
    case Flavour::kBubblegum:
      return "bubblegum";
    case Flavour::kRaspberry:
      return "raspberry";
    case Flavour::kLime:
      return "lime";
    case Flavour::kTangerine:
      return "tangerine";
    case Flavour::kGrape:
      return "grape";
    case Flavour::kPearl:
      return "pearl";
  }
  return "bubblegum";
}

std::uint64_t DrawFromId(const ObjectId& id, std::uint64_t purpose) {
  // FNV-1a over the bytes, then SplitMix64 to spread what ids made in the same second share.
  std::uint64_t hash = 0xcbf29ce484222325 ^ (purpose * 0x9e3779b97f4a7c15);
  for (const std::uint8_t byte : id.bytes()) hash = (hash ^ byte) * 0x100000001b3;
  return SeededRandom(hash).Next();
}

Flavour FlavourOf(const ObjectId& id) {
  constexpr Flavour kBag[] = {
      Flavour::kBubblegum, Flavour::kBubblegum, Flavour::kBubblegum, Flavour::kBubblegum,
      Flavour::kRaspberry, Flavour::kRaspberry, Flavour::kRaspberry, Flavour::kRaspberry,
      Flavour::kLime,      Flavour::kLime,      Flavour::kLime,      Flavour::kTangerine,
      Flavour::kTangerine, Flavour::kTangerine, Flavour::kGrape,     Flavour::kPearl};
  return kBag[DrawFromId(id, 0) % std::size(kBag)];
}

}  // namespace popradio
