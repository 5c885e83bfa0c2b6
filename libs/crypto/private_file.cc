#include "libs/crypto/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::crypto::internal {
namespace {

constexpr off_t kMostBytes = 16 << 20;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

absl::Status Precondition(absl::string_view reason, absl::string_view message, const std::string& path) {
  return sifa::Error(absl::StatusCode::kFailedPrecondition, reason, absl::StrCat(message, "：", path));
}

absl::Status SystemFault(absl::string_view what, const std::string& path) {
  return sifa::Internal(absl::StrCat(what, " ", path, ": ", std::strerror(errno)));
}

bool WriteAll(int fd, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// Without it the new name itself may be lost with the power.
bool SyncDirectoryOf(const std::string& path) {
  const Descriptor directory(
      open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.get() >= 0 && fsync(directory.get()) == 0;
}

}  // namespace

bool IsPrivate(uid_t owner, mode_t mode, bool read_only_mount) {
  const mode_t others = read_only_mount ? mode & 037 : mode & 077;
  return others == 0 && (owner == geteuid() || owner == 0);
}

absl::StatusOr<std::string> ReadPrivateFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return Precondition("KEY_FILE_MISSING", "密钥文件不存在或无法打开", path);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return SystemFault("stat", path);
  if (!S_ISREG(info.st_mode) || info.st_size > kMostBytes)
    return Precondition("KEY_FILE_MALFORMED", "密钥文件格式不符", path);
  struct statvfs mount {};
  if (fstatvfs(file.get(), &mount) != 0) return SystemFault("statvfs", path);
  if (!IsPrivate(info.st_uid, info.st_mode, (mount.f_flag & ST_RDONLY) != 0)) {
    return Precondition("KEY_FILE_EXPOSED", "密钥文件的属主或权限不安全，应为本用户所有且权限为0600（只读挂载时可为0440）", path);
  }
  std::string text(static_cast<size_t>(info.st_size), '\0');
  size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = read(file.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return SystemFault("read", path);
    filled += static_cast<size_t>(got);
  }
  return text;
}

absl::Status WritePrivateFile(const std::string& path, absl::string_view text) {
  const std::string temporary = absl::StrCat(path, ".new");
  unlink(temporary.c_str());  // left by a crash; ours alone under the lock
  {
    const Descriptor file(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.get() < 0) return SystemFault("create", temporary);
    if (!WriteAll(file.get(), text) || fsync(file.get()) != 0) return SystemFault("write", temporary);
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return SystemFault("rename", path);
  return SyncDirectoryOf(path) ? absl::OkStatus() : SystemFault("sync", path);
}

std::string FileVersion(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return "";
  return absl::StrCat(info.st_dev, " ", info.st_ino, " ", info.st_mtim.tv_sec, " ", info.st_mtim.tv_nsec, " ",
                      info.st_size);
}

absl::StatusOr<DirectoryLock> DirectoryLock::Take(const std::string& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Precondition("KEY_FILE_MISSING", "密钥目录不存在或无法打开", directory);
  DirectoryLock lock(fd);
  int locked;
  do {
    locked = flock(fd, LOCK_EX);
  } while (locked != 0 && errno == EINTR);
  if (locked != 0) return SystemFault("lock", directory);
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) close(fd_);  // which gives up the lock
}

}  // namespace sifa::crypto::internal
