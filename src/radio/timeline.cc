#include "radio/timeline.h"

#include <algorithm>

namespace popradio::radio {
namespace {

// Chains the slots after `from` to the end of the one before, numbering them in order.
void Chain(std::vector<Slot>& slots, std::size_t from) {
  for (std::size_t i = std::max<std::size_t>(from, 1); i < slots.size(); ++i) {
    const Millis length = slots[i].ends_at - slots[i].starts_at;
    slots[i].seq = slots[i - 1].seq + 1;
    slots[i].starts_at = slots[i - 1].ends_at;
    slots[i].ends_at = slots[i].starts_at + length;
  }
}

void Append(Timeline& timeline, const Library& library, const Rotation& rotation, Instant starts_at,
            Instant now) {
  SeededRandom random(timeline.seed);
  const auto choice = Choose(library, rotation, timeline.slots, now, random);
  timeline.seed = random.state();
  Slot slot;
  slot.seq = timeline.slots.empty() ? 1 : timeline.slots.back().seq + 1;
  slot.song = choice->song;
  slot.why = choice->why;
  slot.starts_at = starts_at;
  slot.ends_at = starts_at + library.Find(choice->song)->duration;
  timeline.slots.push_back(slot);
}

// Makes it so that a slot covers `now` and kAhead follow it, and forgets the oldest. What lies
// further ahead (a pin pushed it there) was never shown and is dropped.
void Fill(Timeline& timeline, const Library& library, const Rotation& rotation, Instant now) {
  auto& slots = timeline.slots;
  if (!library.empty()) {
    // After a silence a slot begins now; right after a song it begins where that one ended.
    if (!Playing(slots, now)) Append(timeline, library, rotation, now, now);
    const std::size_t wanted = *Playing(slots, now) + 1 + kAhead;
    while (slots.size() < wanted) Append(timeline, library, rotation, slots.back().ends_at, now);
    slots.resize(wanted);
  }
  if (slots.size() > kRemembered) {
    slots.erase(slots.begin(), slots.end() - static_cast<std::ptrdiff_t>(kRemembered));
  }
}

// The clock stands before what we know to have played: the slot that was playing when this was
// written (kAhead are known after it) begins anew now.
std::size_t Reanchor(Timeline& timeline, Instant now) {
  auto& slots = timeline.slots;
  const std::size_t playing = slots.size() > kAhead ? slots.size() - 1 - kAhead : 0;
  const Millis length = slots[playing].ends_at - slots[playing].starts_at;
  slots[playing].starts_at = now;
  slots[playing].ends_at = now + length;
  Chain(slots, playing + 1);
  return playing;
}

}  // namespace

std::optional<std::size_t> Playing(const std::vector<Slot>& slots, Instant now) {
  // What plays is near the end: only kAhead slots follow it.
  for (std::size_t i = slots.size(); i-- > 0;) {
    if (slots[i].starts_at <= now) {
      return now < slots[i].ends_at ? std::optional(i) : std::nullopt;
    }
  }
  return std::nullopt;
}

Timeline Reconcile(Timeline timeline, const Library& library, const Rotation& rotation,
                   Instant now) {
  auto& slots = timeline.slots;
  if (slots.empty() || slots.back().ends_at <= now) {
    Fill(timeline, library, rotation, now);
    return timeline;
  }
  auto playing = Playing(slots, now);
  // More than kAhead slots are never made ahead, so if more follow, the clock went back.
  if (!playing || slots.size() - 1 - *playing > kAhead) playing = Reanchor(timeline, now);

  std::size_t at = *playing;
  if (const Candidate* song = library.Find(slots[at].song)) {
    if (!slots[at].skipped) slots[at].ends_at = std::max(slots[at].starts_at + song->duration, now);
  } else if (slots[at].starts_at == now) {
    slots.erase(slots.begin() + static_cast<std::ptrdiff_t>(at));
    if (at < slots.size()) {
      const Millis length = slots[at].ends_at - slots[at].starts_at;
      slots[at].starts_at = now;
      slots[at].ends_at = now + length;
      slots[at].seq -= 1;
    }
  } else {
    slots[at].ends_at = now;
    slots[at].skipped = true;
  }
  for (std::size_t i = slots.size(); i-- > at + 1;) {
    if (const Candidate* song = library.Find(slots[i].song)) {
      slots[i].ends_at = slots[i].starts_at + song->duration;
    } else {
      slots.erase(slots.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  Chain(slots, at + 1);
  Fill(timeline, library, rotation, now);
  return timeline;
}

Timeline MoveWithClock(Timeline timeline, Instant now_before_jump, Millis by) {
  const auto playing = Playing(timeline.slots, now_before_jump);
  if (!playing) return timeline;
  for (std::size_t i = *playing; i < timeline.slots.size(); ++i) {
    timeline.slots[i].starts_at += by;
    timeline.slots[i].ends_at += by;
  }
  return timeline;
}

Timeline SkipPlaying(Timeline timeline, const Library& library, const Rotation& rotation,
                     Instant now) {
  timeline = Reconcile(std::move(timeline), library, rotation, now);
  if (const auto playing = Playing(timeline.slots, now)) {
    Slot& slot = timeline.slots[*playing];
    // A slot must have a length: a skip at the very millisecond of its start ends it one later.
    slot.ends_at = std::max(now, slot.starts_at + Millis(1));
    slot.skipped = true;
    now = slot.ends_at;
    Chain(timeline.slots, *playing + 1);
  }
  Fill(timeline, library, rotation, now);
  return timeline;
}

Timeline PinAfterPlaying(Timeline timeline, const Library& library, const Rotation& rotation,
                         Instant now, const ObjectId& song) {
  timeline = Reconcile(std::move(timeline), library, rotation, now);
  const auto playing = Playing(timeline.slots, now);
  if (!playing) return timeline;
  auto& slots = timeline.slots;
  const auto next = slots.begin() + static_cast<std::ptrdiff_t>(*playing) + 1;
  slots.erase(std::remove_if(next, slots.end(), [&](const Slot& s) { return s.song == song; }),
              slots.end());
  Slot slot;
  slot.song = song;
  slot.why = Why::kPinned;
  slot.ends_at = slot.starts_at + library.Find(song)->duration;
  slots.insert(slots.begin() + static_cast<std::ptrdiff_t>(*playing) + 1, slot);
  Chain(slots, *playing + 1);
  Fill(timeline, library, rotation, now);
  return timeline;
}

std::vector<Slot> Difference(const std::vector<Slot>& stored, const std::vector<Slot>& wanted) {
  if (wanted.empty()) return {};
  // Line the two up by seq: the wanted one may have forgotten old slots.
  const auto by_seq = [](const Slot& slot, std::int64_t seq) { return slot.seq < seq; };
  auto known = std::lower_bound(stored.begin(), stored.end(), wanted.front().seq, by_seq);
  auto slot = wanted.begin();
  while (known != stored.end() && slot != wanted.end() && *known == *slot) ++known, ++slot;
  if (slot != wanted.end()) return {slot, wanted.end()};
  if (known == stored.end()) return {};
  return {wanted.end() - 1,
          wanted.end()};  // stored has more: writing the last one again cuts them off
}

}  // namespace popradio::radio
