// The package of an XLSX file: a zip of parts, of which nothing that its directory says is believed. Inflated bytes are counted
// as they come.
#pragma once

#include <zip.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "libs/ingest/content.h"
#include "libs/ingest/finding.h"

namespace sifa::ingest {

inline constexpr uint64_t kMostParts = 1000;
inline constexpr uint64_t kLargestPart = uint64_t{1} << 30;     // inflated
inline constexpr uint64_t kLargestPackage = uint64_t{2} << 30;  // of the parts that are read

class Package {
 public:
  // Nothing, with `fault`, where it cannot be read: broken, encrypted, too many parts, two of one name.
  static std::unique_ptr<Package> Open(const Content& content, std::optional<Finding>* fault);
  ~Package();
  Package(const Package&) = delete;
  Package& operator=(const Package&) = delete;

  // By its name, whatever its case, with or without / before it. -1 where there is none.
  int Find(absl::string_view name) const;

 private:
  friend class PartReader;
  explicit Package(zip_t* archive) : archive_(archive) {}
  // Counts what was inflated of a part; false beyond the bounds.
  bool Count(int part, uint64_t inflated);

  zip_t* const archive_;
  std::map<std::string, int> parts_;
  std::map<int, uint64_t> inflated_;
};

// The bytes of one part from its beginning. The package must outlive it.
class PartReader {
 public:
  PartReader(Package& package, int part);
  ~PartReader();
  PartReader(const PartReader&) = delete;
  PartReader& operator=(const PartReader&) = delete;

  // The next bytes; 0 at the end, and for good where `fault` says why they cannot be had.
  size_t Read(char* to, size_t count);
  const std::optional<Finding>& fault() const { return fault_; }

 private:
  Package& package_;
  const int part_;
  zip_file_t* file_;
  uint64_t inflated_ = 0;
  std::optional<Finding> fault_;
};

}  // namespace sifa::ingest
