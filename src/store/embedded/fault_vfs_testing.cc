#include "store/embedded/fault_vfs_testing.h"

#include <sqlite3.h>

#include <cstring>
#include <new>

namespace popradio::embedded {
namespace {

FaultPlan g_plan;
sqlite3_vfs g_vfs;
sqlite3_vfs* g_real = nullptr;

// Followed in memory by the real layer's own file.
struct File {
  sqlite3_file base;
  sqlite3_file* real;
};

sqlite3_file* Real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real; }

bool Happens(bool applies) {
  if (!applies) return false;
  if (g_plan.good_calls.fetch_sub(1) > 0) return false;
  if (g_plan.times.fetch_sub(1) <= 0) return false;
  ++g_plan.happened;
  return true;
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const Fault fault = g_plan.fault;
  if (Happens(fault == Fault::kFullOnWrite)) return SQLITE_FULL;
  if (Happens(fault == Fault::kErrorOnWrite)) return SQLITE_IOERR_WRITE;
  return Real(file)->pMethods->xWrite(Real(file), data, size, offset);
}

int Sync(sqlite3_file* file, int flags) {
  if (Happens(g_plan.fault == Fault::kErrorOnSync)) return SQLITE_IOERR_FSYNC;
  return Real(file)->pMethods->xSync(Real(file), flags);
}

int Close(sqlite3_file* file) { return Real(file)->pMethods->xClose(Real(file)); }
int Read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
  return Real(f)->pMethods->xRead(Real(f), data, size, at);
}
int Truncate(sqlite3_file* f, sqlite3_int64 size) {
  return Real(f)->pMethods->xTruncate(Real(f), size);
}
int FileSize(sqlite3_file* f, sqlite3_int64* size) {
  return Real(f)->pMethods->xFileSize(Real(f), size);
}
int Lock(sqlite3_file* f, int kind) { return Real(f)->pMethods->xLock(Real(f), kind); }
int Unlock(sqlite3_file* f, int kind) { return Real(f)->pMethods->xUnlock(Real(f), kind); }
int CheckLock(sqlite3_file* f, int* out) {
  return Real(f)->pMethods->xCheckReservedLock(Real(f), out);
}
int Control(sqlite3_file* f, int op, void* arg) {
  return Real(f)->pMethods->xFileControl(Real(f), op, arg);
}
int SectorSize(sqlite3_file* f) { return Real(f)->pMethods->xSectorSize(Real(f)); }
int Traits(sqlite3_file* f) { return Real(f)->pMethods->xDeviceCharacteristics(Real(f)); }
int ShmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return Real(f)->pMethods->xShmMap(Real(f), page, size, extend, out);
}
int ShmLock(sqlite3_file* f, int at, int n, int flags) {
  return Real(f)->pMethods->xShmLock(Real(f), at, n, flags);
}
void ShmBarrier(sqlite3_file* f) { Real(f)->pMethods->xShmBarrier(Real(f)); }
int ShmUnmap(sqlite3_file* f, int remove) { return Real(f)->pMethods->xShmUnmap(Real(f), remove); }

const sqlite3_io_methods kMethods = {
    2,       Close,      Read,   Write,  Truncate, Sync,       FileSize, Lock,    Unlock, CheckLock,
    Control, SectorSize, Traits, ShmMap, ShmLock,  ShmBarrier, ShmUnmap, nullptr, nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto* mine = reinterpret_cast<File*>(file);
  mine->real = reinterpret_cast<sqlite3_file*>(mine + 1);
  const int code = g_real->xOpen(g_real, name, mine->real, flags, out_flags);
  mine->base.pMethods = code == SQLITE_OK ? &kMethods : nullptr;
  return code;
}

}  // namespace

FaultPlan& Faults() {
  static const bool registered = [] {
    g_real = sqlite3_vfs_find(nullptr);
    g_vfs = *g_real;
    g_vfs.zName = kFaultVfs;
    g_vfs.szOsFile = static_cast<int>(sizeof(File)) + g_real->szOsFile;
    g_vfs.xOpen = Open;
    return sqlite3_vfs_register(&g_vfs, 0) == SQLITE_OK;
  }();
  (void)registered;
  return g_plan;
}

}  // namespace popradio::embedded
