// Files that only their owner may read, replaced whole or not at all. Not for use outside libs/crypto.
#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::crypto::internal {

// Whether a file of this owner and mode is safe from everybody but this user and root. A group may read it where it lies on a
// read-only mount: so a cluster mounts a Secret for the group of a pod, and nobody in that group can change it there.
bool IsPrivate(uid_t owner, mode_t mode, bool read_only_mount);

// FAILED_PRECONDITION with KEY_FILE_MISSING; with KEY_FILE_EXPOSED where it is not private.
absl::StatusOr<std::string> ReadPrivateFile(const std::string& path);

// Mode 0600. After success the new text is on disk under `path`; after a failure or a crash the old one still
// is. REQUIRES: a DirectoryLock on its directory is held.
absl::Status WritePrivateFile(const std::string& path, absl::string_view text);

// Changes whenever the file was replaced; "" where there is none.
std::string FileVersion(const std::string& path);

// Holds the directory against other processes and other locks of this one, until destroyed.
class DirectoryLock {
 public:
  static absl::StatusOr<DirectoryLock> Take(const std::string& directory);
  DirectoryLock(DirectoryLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace sifa::crypto::internal
