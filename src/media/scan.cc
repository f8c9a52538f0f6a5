#include "media/scan.h"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "domain/validate.h"
#include "media/ingest.h"
#include "media/library.h"
#include "media/parallel.h"
#include "media/scan_identity.h"
#include "media/scan_progress.h"
#include "media/scan_song.h"
#include "media/scan_work.h"
#include "media/walk.h"

namespace popradio::media {
namespace {

// A file encoded anew differs by a frame or two; another song by more.
constexpr int kSameLengthS = 2;

class Scanner {
 public:
  Scanner(const ScanOptions& options, const Catalogue& catalogue, const Clock& clock,
          Random& random, MediaTool& tool, const ScanEvents& events)
      : options_(options),
        catalogue_(catalogue),
        clock_(clock),
        random_(random),
        tool_(tool),
        events_(events),
        index_(options.data_dir),
        identity_(catalogue, index_),
        progress_(clock, events.progress) {}

  Result<ScanReport> Run() {
    auto counting = Walker::Open(options_.dir, options_.data_dir);
    if (!counting) return Fail(counting.error());
    WalkedFile file;
    std::size_t total = 0;
    while (counting->Next(file)) ++total;
    progress_.Begin(total);

    auto walker = Walker::Open(options_.dir, options_.data_dir);
    if (!walker) return Fail(walker.error());
    root_ = walker->root();
    if (auto added = AddLibraryRoot(options_.data_dir, root_); !added) return Fail(added.error());
    if (auto begun = index_.Begin(); !begun) return Fail(begun.error());
    std::size_t outside = 0;
    while (!report_.stopped && walker->Next(file)) {
      Meet(std::move(file));
      if (work_.size() < kScanChunk && change_.songs.size() < kScanChunk) continue;
      for (; outside < walker->outside().size(); ++outside) {
        if (auto added = AddLibraryRoot(options_.data_dir, walker->outside()[outside]); !added)
          return Fail(added.error());
      }
      if (auto done = FinishChunk(); !done) return Fail(done.error());
      report_.stopped = events_.stopped && events_.stopped();
    }
    for (; outside < walker->outside().size(); ++outside) {
      if (auto added = AddLibraryRoot(options_.data_dir, walker->outside()[outside]); !added)
        return Fail(added.error());
    }
    if (auto done = FinishChunk(); !done) return Fail(done.error());
    // A scan that was stopped knows nothing about what it has not met.
    if (!report_.stopped) {
      for (const auto& [path, reason] : walker->unreadable())
        Note(ScanNote::Kind::kWarning, path, "cannot be read: " + reason);
      if (auto done = TakeOffVanished(*walker); !done) return Fail(done.error());
      if (auto saved = index_.Commit(root_); !saved) return Fail(saved.error());
    }
    report_.probed = probed_.load(std::memory_order_relaxed);
    report_.seconds = progress_.End();
    return report_;
  }

 private:
  void Note(ScanNote::Kind kind, const std::string& path, std::string text = {}) {
    if (events_.note) events_.note({kind, path, std::move(text)});
  }

  // Decides by what the file system says alone, or puts the file on the list of work.
  void Meet(WalkedFile file) {
    ++report_.files;
    const auto owner = identity_.ByPath(file.path);
    const bool nfo_is_newer = owner && NfoIsNewer(file.path, catalogue_.songs()[*owner]);
    if (owner && !identity_.Met(*owner) && !nfo_is_newer && StampIs(*owner, file.stamp) &&
        identity_.IsInPlace(*owner)) {
      Keep(*owner, file);
      progress_.Done(file.relative);
      return;
    }
    Work work;
    const IndexEntry* remembered = owner ? nullptr : index_.Find(file.path);
    if (remembered != nullptr && remembered->stamp == file.stamp) {
      if (remembered->kind == IndexEntry::Kind::kShort &&
          std::atof(remembered->detail.c_str()) < options_.min_duration_s) {
        RefuseShort(file, remembered->detail);
        progress_.Done(file.relative);
        return;
      }
      if (remembered->kind == IndexEntry::Kind::kBroken) {
        RefuseBroken(file, remembered->detail, true);
        progress_.Done(file.relative);
        return;
      }
      if (remembered->kind == IndexEntry::Kind::kDuplicate)
        work.fingerprint = remembered->fingerprint;
    }
    work.file = std::move(file);
    work.owner = owner;
    work.nfo_is_newer = nfo_is_newer;
    work_.push_back(std::move(work));
  }

  bool StampIs(Catalogue::Index song, const FileStamp& stamp) const {
    const SongMedia& media = catalogue_.songs()[song].media;
    return stamp == FileStamp{media.file_bytes, media.file_mtime_ms};
  }

  // A time in the future says nothing: it would be newer at every scan.
  bool NfoIsNewer(const std::string& path, const Song& song) const {
    FileStamp nfo;
    return StampOf(NfoPathOf(path), nfo) && nfo.mtime_ms > ToEpochMs(song.updated_at) &&
           nfo.mtime_ms <= ToEpochMs(clock_.Now());
  }

  void Keep(Catalogue::Index i, const WalkedFile& file) {
    identity_.SetMet(i, true);
    Song song = catalogue_.songs()[i];
    RememberConverted(i, file);
    if (PutBackOnAir(song, file)) {
      Write(std::move(song));
    } else {
      ++report_.unchanged;
    }
  }

  void RememberConverted(Catalogue::Index i, const WalkedFile& file) {
    const Song& song = catalogue_.songs()[i];
    if (!identity_.IsConverted(i)) return;
    index_.Add(file.path,
               {IndexEntry::Kind::kConverted, file.stamp, song.media.fingerprint, song.id.ToHex()});
  }

  // What scan took off the air comes back with its file; what the curator took off stays off.
  bool PutBackOnAir(Song& song, const WalkedFile& file) {
    if (song.is_active || index_.VanishedPath(song.id) == nullptr) return false;
    index_.Returned(song.id);
    song.is_active = true;
    ++report_.returned;
    Note(ScanNote::Kind::kReturned, file.relative);
    return true;
  }

  void RefuseShort(const WalkedFile& file, const std::string& length_s) {
    ++report_.too_short;
    index_.Add(file.path, {IndexEntry::Kind::kShort, file.stamp, {}, length_s});
    Note(ScanNote::Kind::kTooShort, file.relative,
         length_s + " s long; songs shorter than " + std::to_string(options_.min_duration_s) +
             " s are left out");
  }

  void RefuseBroken(const WalkedFile& file, const std::string& reason, bool remember) {
    ++report_.broken;
    if (remember) index_.Add(file.path, {IndexEntry::Kind::kBroken, file.stamp, {}, reason});
    Note(ScanNote::Kind::kBroken, file.relative, reason);
  }

  void RefuseBroken(const Work& work) {
    // What may pass by itself (a deadline, a full disk) is tried again next time.
    RefuseBroken(work.file, work.problem->message, work.problem->code != ErrorCode::kUnavailable);
  }

  void RefuseDuplicate(const Work& work, const std::string& of) {
    ++report_.duplicates;
    index_.Add(work.file.path,
               {IndexEntry::Kind::kDuplicate, work.file.stamp, work.fingerprint, {}});
    Note(ScanNote::Kind::kDuplicate, work.file.relative, "the same as " + of);
  }

  void Write(Song song) {
    song.updated_at = clock_.Now();
    change_.songs.push_back(std::move(song));
  }

  Result<void> FinishChunk() {
    if (!work_.empty() && !ready_) {
      if (auto ready = tool_.Ready(); !ready) return ready;
      ready_ = true;
    }
    ParallelFor(work_.size(), kParallelProbes, [&](std::size_t i) {
      if (LookInto(work_[i], identity_, tool_)) probed_.fetch_add(1, std::memory_order_relaxed);
    });
    for (Work& work : work_) Decide(work);
    ParallelFor(work_.size(), kParallelProbes, [&](std::size_t i) {
      Work& work = work_[i];
      const auto converting = [&](double fraction) {
        progress_.Converting(work.file.relative, fraction);
      };
      if (work.ingest) MakeFiles(work, options_.data_dir, tool_, converting);
      progress_.Done(work.file.relative);
    });
    for (Work& work : work_) {
      if (work.ingest) Ingest(work);
    }
    work_.clear();
    return Flush();
  }

  Result<void> Flush() {
    if (change_.empty()) return {};
    auto written = events_.write(std::move(change_));
    change_ = {};
    return written;
  }

  void Decide(Work& work) {
    if (!work.warning.empty())
      Note(ScanNote::Kind::kWarning, work.file.relative, std::exchange(work.warning, {}));
    if (work.fingerprint.empty()) return RefuseBroken(work);
    if (const auto known = identity_.ByFingerprint(work.fingerprint))
      return DecideKnown(work, *known);
    if (work.problem) return RefuseBroken(work);
    if (work.info->duration_s < options_.min_duration_s) {
      char length[32];  // cut, not rounded: 19.99 s is not 20
      std::snprintf(length, sizeof length, "%.1f", std::floor(work.info->duration_s * 10) / 10);
      return RefuseShort(work.file, length);
    }
    if (const auto other = identity_.Claim(work.fingerprint, work.file.relative))
      return RefuseDuplicate(work, *other);
    Song fresh;
    Describe(*work.info, work.nfo ? &*work.nfo : nullptr, work.file.relative, true, fresh);
    if (work.owner && !identity_.Met(*work.owner) &&
        IsSameSong(catalogue_.songs()[*work.owner], fresh)) {
      work.song = catalogue_.songs()[*work.owner];
      identity_.SetMet(*work.owner, true);
      Describe(*work.info, work.nfo ? &*work.nfo : nullptr, work.file.relative, false, work.song);
    } else {
      work.is_new = true;
      work.song = std::move(fresh);
      work.song.created_at = clock_.Now();
      work.song.id = ObjectId::Make(work.song.created_at, random_);
    }
    work.conversion = PlanConversion(work.file.path, *work.info);
    work.ingest = true;
  }

  static bool IsSameSong(const Song& before, const Song& now) {
    return std::abs(before.duration_s - now.duration_s) <= kSameLengthS ||
           (before.title == now.title && before.artist == now.artist);
  }

  // The station has a song of this content.
  void DecideKnown(Work& work, Catalogue::Index i) {
    const bool moved = work.owner != i;
    const std::string source = identity_.SourceOf(i);
    if (identity_.Met(i) || (moved && source != work.file.path && identity_.IsInPlace(i))) {
      return RefuseDuplicate(work, source.empty() ? "another file" : source);
    }
    const Song& before = catalogue_.songs()[i];
    identity_.SetMet(i, true);
    Song song = before;
    song.media.file_bytes = work.file.stamp.bytes;
    song.media.file_mtime_ms = work.file.stamp.mtime_ms;
    FileStamp copy;
    if (!identity_.IsConverted(i)) {
      (song.media.video_path.empty() ? song.media.audio_path : song.media.video_path) =
          work.file.path;
    } else if (!StampOf(
                   song.media.video_path.empty() ? song.media.audio_path : song.media.video_path,
                   copy)) {
      return MakeAgain(work, std::move(song));
    }
    RememberConverted(i, work.file);
    if (work.info)
      Describe(*work.info, work.nfo ? &*work.nfo : nullptr, work.file.relative, false, song);
    PutBackOnAir(song, work.file);
    if (song == before) {
      ++report_.unchanged;
      return;
    }
    if (auto valid = ValidateSong(song); !valid) {
      return RefuseBroken(work.file, valid.error().message, true);
    }
    if (moved && source != work.file.path) {
      ++report_.moved;
      Note(ScanNote::Kind::kMoved, work.file.relative,
           source.empty() ? "found again" : "was " + source);
    } else if (song.title != before.title || song.artist != before.artist ||
               song.genre != before.genre || song.release_year != before.release_year ||
               song.album_art != before.album_art) {
      ++report_.changed;
      Note(ScanNote::Kind::kChanged, work.file.relative);
    } else if (song.is_active == before.is_active) {
      ++report_.unchanged;  // touched: only the time is new
    }
    Write(std::move(song));
  }

  // The converted copy is gone from the data folder, the original is here.
  void MakeAgain(Work& work, Song song) {
    probed_.fetch_add(1, std::memory_order_relaxed);
    auto info = tool_.Probe(work.file.path);
    if (!info) {
      work.problem = info.error();
      return RefuseBroken(work);
    }
    work.info = std::move(*info);
    work.conversion = PlanConversion(work.file.path, *work.info);
    work.song = std::move(song);
    work.ingest = true;
  }

  void Ingest(Work& work) {
    if (!work.problem) {
      if (auto valid = ValidateSong(work.song); !valid) work.problem = valid.error();
    }
    if (work.problem) {
      if (work.owner && !work.is_new) identity_.SetMet(*work.owner, false);
      return RefuseBroken(work);
    }
    const std::string& name = work.file.relative;
    if (!work.warning.empty()) Note(ScanNote::Kind::kWarning, name, work.warning);
    if (work.info->has_video && !work.info->has_audio)
      Note(ScanNote::Kind::kWarning, name, "the video has no sound");
    if (work.conversion.needed) {
      ++report_.converted;
      Note(ScanNote::Kind::kConverted, name, work.conversion.why);
      index_.Add(work.file.path, {IndexEntry::Kind::kConverted, work.file.stamp, work.fingerprint,
                                  work.song.id.ToHex()});
    }
    PutBackOnAir(work.song, work.file);
    ++(work.is_new ? report_.added : report_.changed);
    Note(work.is_new ? ScanNote::Kind::kAdded : ScanNote::Kind::kChanged, name);
    Write(std::move(work.song));
  }

  Result<void> TakeOffVanished(const Walker& walker) {
    for (Catalogue::Index i = 0; i < catalogue_.songs().size(); ++i) {
      if (identity_.Met(i)) continue;
      const std::string source = identity_.SourceOf(i);
      if (source.empty() || !LiesIn(source, root_)) continue;
      bool unknown = false;
      for (const auto& [folder, reason] : walker.unreadable())
        unknown = unknown || LiesIn(source, folder);
      Song song = catalogue_.songs()[i];
      if (unknown) {
        RememberConverted(i, {source, source, {song.media.file_bytes, song.media.file_mtime_ms}});
        continue;
      }
      if (!song.is_active && index_.VanishedPath(song.id) == nullptr)
        continue;  // the curator's doing
      index_.Add(source, {IndexEntry::Kind::kVanished,
                          {song.media.file_bytes, song.media.file_mtime_ms},
                          song.media.fingerprint,
                          song.id.ToHex()});
      if (!song.is_active) continue;
      song.is_active = false;
      ++report_.vanished;
      Note(ScanNote::Kind::kVanished, source,
           "\"" + song.title + "\" is off the air until its file is back");
      Write(std::move(song));
      if (change_.songs.size() < kScanChunk) continue;
      if (auto written = Flush(); !written) return written;
    }
    return Flush();
  }

  const ScanOptions& options_;
  const Catalogue& catalogue_;
  const Clock& clock_;
  Random& random_;
  MediaTool& tool_;
  const ScanEvents& events_;
  ScanIndex index_;
  ScanIdentity identity_;
  ScanProgressMeter progress_;
  ScanReport report_;
  std::string root_;
  std::vector<Work> work_;
  store::CatalogueChange change_;
  std::atomic<std::size_t> probed_{0};
  bool ready_ = false;
};

}  // namespace

Result<ScanReport> Scan(const ScanOptions& options, const Catalogue& catalogue, const Clock& clock,
                        Random& random, MediaTool& tool, const ScanEvents& events) {
  // Songs name files of the data folder by absolute paths, whatever it was called here.
  if (auto made = MakeFolder(options.data_dir); !made) return Fail(made.error());
  ScanOptions absolute = options;
  absolute.data_dir = std::filesystem::canonical(options.data_dir).string();
  return Scanner(absolute, catalogue, clock, random, tool, events).Run();
}

}  // namespace popradio::media
