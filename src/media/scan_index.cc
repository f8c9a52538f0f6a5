#include "media/scan_index.h"

#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "media/text.h"
#include "media/walk.h"

namespace popradio::media {
namespace {

std::uint64_t HashOfPath(const std::string& path) { return XXH3_64bits(path.data(), path.size()); }

// kind, bytes, mtime, fingerprint, detail, path; separated by tabs. The path is last and may hold
// anything but a line break.
bool ParseLine(const std::string& line, IndexEntry& entry, std::string& path) {
  std::string_view rest = line;
  std::string_view cells[5];
  for (std::string_view& cell : cells) {
    const auto tab = rest.find('\t');
    if (tab == std::string_view::npos) return false;
    cell = rest.substr(0, tab);
    rest.remove_prefix(tab + 1);
  }
  constexpr std::string_view kKinds = "sbdcv";
  if (cells[0].size() != 1 || kKinds.find(cells[0][0]) == std::string_view::npos || rest.empty())
    return false;
  const auto bytes = WholeNumber(cells[1]);
  const bool before_1970 = cells[2].starts_with('-');
  const auto mtime = WholeNumber(cells[2].substr(before_1970 ? 1 : 0));
  if (!bytes || !mtime) return false;
  entry.kind = static_cast<IndexEntry::Kind>(cells[0][0]);
  entry.stamp = {*bytes, before_1970 ? -*mtime : *mtime};
  entry.fingerprint = cells[3];
  entry.detail = cells[4];
  path = rest;
  return true;
}

}  // namespace

ScanIndex::ScanIndex(const std::string& data_dir) : file_(data_dir + "/scan-index") {
  std::ifstream in(file_);
  std::string line, path;
  while (std::getline(in, line)) {
    IndexEntry entry;
    if (!ParseLine(line, entry, path)) continue;
    const auto song = ObjectId::Parse(entry.detail);
    // The first line of a path counts: Commit writes what is new first.
    if (song && entry.kind == IndexEntry::Kind::kConverted) sources_.emplace(*song, path);
    if (song && entry.kind == IndexEntry::Kind::kVanished) vanished_.emplace(*song, path);
    // A vanished song says nothing about what is at its path now.
    if (entry.kind != IndexEntry::Kind::kVanished)
      entries_.emplace(HashOfPath(path), std::move(entry));
  }
}

ScanIndex::~ScanIndex() {
  if (next_ == nullptr) return;
  std::fclose(next_);
  ::unlink((file_ + ".new").c_str());
}

const IndexEntry* ScanIndex::Find(const std::string& path) const {
  const auto it = entries_.find(HashOfPath(path));
  return it == entries_.end() ? nullptr : &it->second;
}

const std::string* ScanIndex::SourceOf(const ObjectId& song) const {
  const auto it = sources_.find(song);
  return it == sources_.end() ? nullptr : &it->second;
}

const std::string* ScanIndex::VanishedPath(const ObjectId& song) const {
  const auto it = vanished_.find(song);
  return it == vanished_.end() ? nullptr : &it->second;
}

Result<void> ScanIndex::Begin() {
  next_ = std::fopen((file_ + ".new").c_str(), "we");
  if (next_ == nullptr) {
    return Fail(ErrorCode::kUnavailable, "cannot write " + file_ + ".new: " + std::strerror(errno));
  }
  return {};
}

void ScanIndex::Add(const std::string& path, const IndexEntry& entry) {
  if (next_ == nullptr || path.find('\n') != std::string::npos) return;
  std::fprintf(next_, "%c\t%lld\t%lld\t%s\t%s\t%s\n", static_cast<char>(entry.kind),
               static_cast<long long>(entry.stamp.bytes),
               static_cast<long long>(entry.stamp.mtime_ms), entry.fingerprint.c_str(),
               CleanTag(entry.detail, 300).c_str(), path.c_str());
}

Result<void> ScanIndex::Commit(const std::string& folder) {
  std::ifstream in(file_);
  std::string line, path;
  while (std::getline(in, line)) {
    IndexEntry entry;
    if (!ParseLine(line, entry, path) || LiesIn(path, folder)) continue;
    const auto song = ObjectId::Parse(entry.detail);
    if (entry.kind == IndexEntry::Kind::kVanished && (!song || !vanished_.contains(*song)))
      continue;
    std::fprintf(next_, "%s\n", line.c_str());
  }
  const bool written = std::fflush(next_) == 0 && ::fsync(::fileno(next_)) == 0;
  const bool closed = std::fclose(next_) == 0;
  next_ = nullptr;
  const std::string draft = file_ + ".new";
  if (written && closed && ::rename(draft.c_str(), file_.c_str()) == 0) return {};
  const int error = errno;
  ::unlink(draft.c_str());
  return Fail(ErrorCode::kUnavailable, "cannot write " + file_ + ": " + std::strerror(error));
}

}  // namespace popradio::media
