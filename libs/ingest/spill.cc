#include "libs/ingest/spill.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace sifa::ingest {
namespace {

constexpr size_t kBuffer = 256 << 10;
constexpr size_t kPage = 64 << 10;
constexpr size_t kPages = 64;

}  // namespace

int OpenUnnamed(const std::string& directory) {
  const int file = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  std::string path = absl::StrCat(directory, "/sifa-XXXXXX");  // of a file system that knows no files without a name
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

std::string PathOf(int file) { return absl::StrCat("/proc/self/fd/", file); }

Spill::~Spill() {
  if (file_ >= 0) close(file_);
}

bool Spill::ToFile() {
  file_ = OpenUnnamed(directory_);
  return file_ >= 0 && Flush();
}

bool Spill::Append(absl::string_view bytes) {
  bytes_.append(bytes.data(), bytes.size());
  return file_ < 0 || bytes_.size() < kBuffer || Flush();
}

bool Spill::Flush() {
  for (absl::string_view rest = bytes_; !rest.empty();) {
    const ssize_t wrote = pwrite(file_, rest.data(), rest.size(), static_cast<off_t>(written_));
    if (wrote <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(wrote));
    written_ += static_cast<uint64_t>(wrote);
  }
  std::string().swap(bytes_);
  return true;
}

bool Spill::Read(uint64_t offset, size_t count, std::string* bytes) {
  bytes->clear();
  if (offset > size() || count > size() - offset) return false;
  if (file_ < 0) {
    bytes->assign(bytes_, offset, count);
    return true;
  }
  if (!bytes_.empty() && !Flush()) return false;
  pages_.resize(kPages);
  while (bytes->size() < count) {
    const uint64_t at = offset + bytes->size(), number = at / kPage;
    Page& page = pages_[number % kPages];
    if (page.number != number) {
      page.number = number;
      page.bytes.resize(kPage);
      const ssize_t read = pread(file_, page.bytes.data(), kPage, static_cast<off_t>(number * kPage));
      page.bytes.resize(read < 0 ? 0 : static_cast<size_t>(read));
    }
    const size_t from = at % kPage;
    if (from >= page.bytes.size()) return false;
    bytes->append(page.bytes, from, std::min(count - bytes->size(), page.bytes.size() - from));
  }
  return true;
}

}  // namespace sifa::ingest
