#include "libs/ingest/content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace sifa::ingest {
namespace {

class FileContent : public Content {
 public:
  FileContent(int descriptor, uint64_t size) : descriptor_(descriptor), size_(size) {}
  ~FileContent() override { close(descriptor_); }
  uint64_t size() const override { return size_; }

  size_t Read(uint64_t offset, char* to, size_t count) const override {
    size_t done = 0;
    while (done < count) {
      const ssize_t read = pread(descriptor_, to + done, count - done, static_cast<off_t>(offset + done));
      if (read <= 0) break;
      done += static_cast<size_t>(read);
    }
    return done;
  }

 private:
  const int descriptor_;
  const uint64_t size_;
};

}  // namespace

size_t TextContent::Read(uint64_t offset, char* to, size_t count) const {
  if (offset >= text_.size()) return 0;
  count = std::min<size_t>(count, text_.size() - offset);
  std::memcpy(to, text_.data() + offset, count);
  return count;
}

absl::StatusOr<std::unique_ptr<Content>> OpenFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts;
  if (descriptor >= 0 && fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode)) {
    return std::make_unique<FileContent>(descriptor, static_cast<uint64_t>(facts.st_size));
  }
  if (descriptor >= 0) close(descriptor);
  return absl::NotFoundError(absl::StrCat("cannot open ", path));
}

}  // namespace sifa::ingest
