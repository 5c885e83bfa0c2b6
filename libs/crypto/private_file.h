// Files that only their owner may read, replaced whole or not at all. Not for use outside libs/crypto.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::crypto::internal {

// FAILED_PRECONDITION with KEY_FILE_MISSING; with KEY_FILE_EXPOSED where group or others have any right on
// it, or where it belongs neither to this user nor to root.
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
