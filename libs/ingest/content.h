// The bytes of a file that is read, wherever they lie: a package is read from its end, so they can be had at any place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace sifa::ingest {

// Must outlive what reads it. One thread at a time.
class Content {
 public:
  virtual ~Content() = default;
  virtual uint64_t size() const = 0;
  // Up to `count` bytes from `offset` on; fewer at the end. Where the bytes cannot be had, fewer too: readers then find the file
  // broken, so whoever implements this over something that fails keeps its error and looks at it first.
  virtual size_t Read(uint64_t offset, char* to, size_t count) const = 0;
};

class TextContent : public Content {
 public:
  explicit TextContent(std::string text) : text_(std::move(text)) {}
  uint64_t size() const override { return text_.size(); }
  size_t Read(uint64_t offset, char* to, size_t count) const override;

 private:
  std::string text_;
};

// A file of this machine. NOT_FOUND where it cannot be opened.
absl::StatusOr<std::unique_ptr<Content>> OpenFile(const std::string& path);

}  // namespace sifa::ingest
