// The outer forms of files, told from their bytes: by libmagic, by the brands of ISO base media, by the directory of a zip
// package, by the entries of a compound file. What is kept of a file while it passes is bounded.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace sifa::casework {

// Media types of what holds others, and is looked into.
inline constexpr char kZip[] = "application/zip";
inline constexpr char kCompound[] = "application/x-ole-storage";
// What no package may hold.
inline constexpr char kWithMacros[] = "macros";

// The media type of the beginning of a file (IANA), "" where nothing is known of it. Text is not told from unknown bytes.
std::string MediaTypeOf(absl::string_view head);

// ISO/IEC 14496-12: the type that the brands in the first box of a file name (HEIF, AVIF, QuickTime, MPEG-4); "" where the file
// is of another form or brand.
std::string MediaTypeOfBrands(absl::string_view head);

// A zip package: Office Open XML (ISO/IEC 29500-2 gives its parts no order) or OFD (GB/T 33190). Only its directory is read, which
// lies at the end.
class PackageReader {
 public:
  void Take(absl::string_view piece);
  // The media type, kWithMacros, or kZip for any other archive and one whose directory is damaged or exceeds what is kept.
  std::string Finish() const;

 private:
  std::string tail_;  // the last bytes
  int64_t size_ = 0;
};

// A compound file ([MS-CFB]), the form of Office before 2007 and of WPS. Entries of its directory may lie anywhere; they begin at
// multiples of their size.
class CompoundReader {
 public:
  void Take(absl::string_view piece);
  // The media type, kWithMacros, or kCompound where no known document is in it.
  std::string Finish() const;

 private:
  void TakeEntry(absl::string_view entry);

  std::string rest_;  // of an entry that is not complete
  bool word_ = false, excel_ = false, powerpoint_ = false, macros_ = false;
  std::string root_class_;
};

}  // namespace sifa::casework
