#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <utility>

namespace popradio::embedded {

// An ordered list of 64-bit words in 16 bytes, the first word without an allocation. There is one
// per session and one per limited address, mostly with a single entry, and a std::vector with its
// allocation would take four times as much. Moves only.
class PackedList {
 public:
  PackedList() = default;
  PackedList(PackedList&& other) noexcept { Swap(other); }
  PackedList& operator=(PackedList&& other) noexcept {
    Swap(other);
    return *this;
  }
  ~PackedList() {
    if (capacity_ > 1) std::free(heap());
  }

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::uint64_t* data() { return capacity_ > 1 ? heap() : &word_; }
  const std::uint64_t* data() const { return const_cast<PackedList*>(this)->data(); }
  std::span<std::uint64_t> words() { return {data(), size_}; }
  std::span<const std::uint64_t> words() const { return {data(), size_}; }
  std::uint64_t& back() { return data()[size_ - 1]; }

  void Append(std::uint64_t word) {
    if (size_ == capacity_) Grow();
    data()[size_++] = word;
  }
  // Removes `count` words from `position` on; the others keep their order.
  void Remove(std::uint32_t position, std::uint32_t count = 1) {
    std::uint64_t* words = data();
    std::memmove(words + position, words + position + count,
                 (size_ - position - count) * sizeof *words);
    size_ -= count;
  }

 private:
  std::uint64_t* heap() const {
    std::uint64_t* pointer;
    std::memcpy(&pointer, &word_, sizeof pointer);
    return pointer;
  }
  void Grow() {
    // 3, 6, 12, …: with malloc's header these fill its size classes.
    const std::uint32_t capacity = capacity_ == 1 ? 3 : capacity_ * 2;
    void* grown = std::realloc(capacity_ > 1 ? heap() : nullptr, capacity * sizeof(std::uint64_t));
    if (grown == nullptr) throw std::bad_alloc();
    if (capacity_ == 1) std::memcpy(grown, &word_, sizeof word_);
    capacity_ = capacity;
    std::memcpy(&word_, &grown, sizeof grown);
  }
  void Swap(PackedList& other) {
    std::swap(word_, other.word_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  std::uint64_t word_ = 0;  // the only word, or the address of the allocation
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 1;
};

}  // namespace popradio::embedded
