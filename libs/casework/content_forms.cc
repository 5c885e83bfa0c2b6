#include "libs/casework/content_forms.h"

#include <magic.h>
#include <zip.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "libs/telemetry/log.h"

namespace sifa::casework {
namespace {

constexpr size_t kMagicBytes = 64 << 10;
constexpr size_t kDirectoryBytes = 1 << 20;  // of a zip's end that is kept: a directory of some ten thousand parts
constexpr size_t kEntry = 128;               // of a compound file's directory

constexpr char kWord[] = "application/msword";
constexpr char kExcel[] = "application/vnd.ms-excel";
constexpr char kPowerPoint[] = "application/vnd.ms-powerpoint";

uint32_t BigEndian(absl::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// A cookie of libmagic serves one thread at a time.
magic_t Magic() {
  struct Closer {
    void operator()(magic_t cookie) const { magic_close(cookie); }
  };
  thread_local const std::unique_ptr<std::remove_pointer_t<magic_t>, Closer> cookie([] {
    const magic_t opened = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
    if (opened != nullptr && magic_load(opened, nullptr) != 0) telemetry::Error("libmagic has no data", {{"error", magic_error(opened)}});
    return opened;
  }());
  return cookie.get();
}

// The end of a package as a source of libzip; what lies before it reads as zeros.
struct End {
  absl::string_view bytes;
  int64_t size;  // of the whole
  int64_t at = 0;
  zip_error_t error;

  int64_t Read(char* out, uint64_t wanted) {
    const int64_t count = std::min<int64_t>(static_cast<int64_t>(wanted), size - at);
    const int64_t kept_from = size - static_cast<int64_t>(bytes.size());
    const int64_t zeros = std::clamp<int64_t>(kept_from - at, 0, count);
    std::memset(out, 0, zeros);
    if (count > zeros) std::memcpy(out + zeros, bytes.data() + (at + zeros - kept_from), count - zeros);
    at += count;
    return count;
  }
};

zip_int64_t OnEnd(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  End& end = *static_cast<End*>(state);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
                                            ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
    case ZIP_SOURCE_OPEN:
      end.at = 0;
      return 0;
    case ZIP_SOURCE_READ:
      return end.Read(static_cast<char*>(data), length);
    case ZIP_SOURCE_SEEK: {
      const zip_int64_t to = zip_source_seek_compute_offset(end.at, end.size, data, length, &end.error);
      if (to < 0) return -1;
      end.at = to;
      return 0;
    }
    case ZIP_SOURCE_TELL:
      return end.at;
    case ZIP_SOURCE_STAT: {
      auto* stat = static_cast<zip_stat_t*>(data);
      zip_stat_init(stat);
      stat->size = end.size;
      stat->valid = ZIP_STAT_SIZE;
      return sizeof(*stat);
    }
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&end.error, data, length);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
      return 0;
    default:
      zip_error_set(&end.error, ZIP_ER_OPNOTSUPP, 0);
      return -1;
  }
}

struct Parts {
  bool content_types = false, word = false, excel = false, powerpoint = false, ofd = false, macros = false;
};

std::string TypeOf(const Parts& parts) {
  if (parts.macros) return kWithMacros;
  if (parts.ofd) return "application/ofd";
  if (!parts.content_types) return kZip;
  if (parts.word) return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  if (parts.excel) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  if (parts.powerpoint) return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
  return kZip;
}

}  // namespace

std::string MediaTypeOf(absl::string_view head) {
  using absl::StartsWith;
  if (StartsWith(head, "PK\x03\x04")) return kZip;
  if (StartsWith(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return kCompound;
  if (head.size() >= 8 && head.substr(4, 4) == "ftyp") return MediaTypeOfBrands(head);
  const magic_t magic = Magic();
  const char* const found = magic == nullptr ? nullptr : magic_buffer(magic, head.data(), std::min(head.size(), kMagicBytes));
  if (found != nullptr && std::strcmp(found, "application/octet-stream") != 0) return absl::AsciiStrToLower(found);
  // libmagic asks for more of a file than its signature.
  if (StartsWith(head, "\x89PNG\r\n\x1a\n")) return "image/png";
  if (StartsWith(head, "ID3")) return "audio/mpeg";
  return "";
}

std::string MediaTypeOfBrands(absl::string_view head) {
  constexpr size_t kFirstBrand = 8, kVersion = 12, kOtherBrands = 16;
  if (head.size() < kVersion || head.substr(4, 4) != "ftyp") return "";
  const size_t end = std::min<size_t>(BigEndian(head), head.size());
  const absl::string_view first = head.substr(kFirstBrand, 4);
  const auto also = [&](absl::string_view brand) {
    for (size_t at = kOtherBrands; at + 4 <= end; at += 4) {
      if (head.substr(at, brand.size()) == brand) return true;
    }
    return false;
  };
  const auto is = [&](std::initializer_list<absl::string_view> brands) {
    return std::any_of(brands.begin(), brands.end(), [&](absl::string_view brand) { return absl::StartsWith(first, brand); });
  };
  // ISO/IEC 23008-12 and the AV1 image format; "mif1" alone leaves the coding open.
  if (is({"avif", "avis"}) || (is({"mif1", "msf1"}) && (also("avif") || also("avis")))) return "image/avif";
  if (is({"heic", "heix", "heim", "heis"}) || (is({"mif1", "mif2"}) && (also("heic") || also("heix")))) return "image/heic";
  if (is({"hevc", "hevx", "hevm", "hevs"})) return "image/heic-sequence";
  if (is({"mif1", "mif2"})) return "image/heif";
  if (is({"msf1"})) return "image/heif-sequence";
  if (is({"qt  "})) return "video/quicktime";
  if (is({"M4A ", "M4B ", "M4P "})) return "audio/mp4";
  if (is({"3gp", "3gr", "3gs", "3ge"})) return "video/3gpp";
  if (is({"3g2"})) return "video/3gpp2";
  if (is({"jp2 ", "jpx ", "jpm ", "mjp2"})) return "image/jp2";
  if (is({"crx "})) return "image/x-canon-cr3";
  if (is({"mp4", "mp7", "iso", "avc", "M4V", "MSNV", "dash", "XAVC", "f4v", "F4V", "cmf", "hvc1"}) || also("mp4") || also("iso")) {
    return "video/mp4";
  }
  return "";
}

void PackageReader::Take(absl::string_view piece) {
  size_ += static_cast<int64_t>(piece.size());
  if (piece.size() >= kDirectoryBytes) {
    tail_ = std::string(piece.substr(piece.size() - kDirectoryBytes));
    return;
  }
  tail_.append(piece.data(), piece.size());
  if (tail_.size() > 2 * kDirectoryBytes) tail_.erase(0, tail_.size() - kDirectoryBytes);
}

std::string PackageReader::Finish() const {
  End end{.bytes = tail_, .size = size_};
  zip_error_init(&end.error);
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_function_create(&OnEnd, &end, &error);
  zip_t* const archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr && source != nullptr) zip_source_free(source);
  Parts parts;
  const zip_int64_t entries = archive == nullptr ? 0 : zip_get_num_entries(archive, 0);
  for (zip_int64_t i = 0; i < entries; ++i) {
    const char* const raw = zip_get_name(archive, i, ZIP_FL_ENC_RAW);
    if (raw == nullptr) continue;
    // Part names are equal without regard to case (ISO/IEC 29500-2 §6.2.2).
    const std::string name = absl::AsciiStrToLower(raw);
    parts.content_types |= name == "[content_types].xml";
    parts.word |= absl::StartsWith(name, "word/");
    parts.excel |= absl::StartsWith(name, "xl/");
    parts.powerpoint |= absl::StartsWith(name, "ppt/");
    parts.ofd |= name == "ofd.xml";
    parts.macros |= absl::EndsWith(name, "vbaproject.bin");
  }
  if (archive != nullptr) zip_discard(archive);
  zip_error_fini(&error);
  zip_error_fini(&end.error);
  return TypeOf(parts);
}

void CompoundReader::Take(absl::string_view piece) {
  if (!rest_.empty()) {
    const absl::string_view missing = piece.substr(0, kEntry - rest_.size());
    rest_.append(missing.data(), missing.size());
    piece.remove_prefix(missing.size());
    if (rest_.size() < kEntry) return;
    TakeEntry(rest_);
    rest_.clear();
  }
  for (; piece.size() >= kEntry; piece.remove_prefix(kEntry)) TakeEntry(piece.substr(0, kEntry));
  rest_.assign(piece.data(), piece.size());
}

// [MS-CFB] §2.6.1: a name of up to 31 characters in UTF-16, its size, the kind of object, …, the class of a storage.
void CompoundReader::TakeEntry(absl::string_view entry) {
  constexpr size_t kNameSize = 64, kKind = 66, kClass = 80, kClassSize = 16;
  constexpr char kStorage = 1, kStream = 2, kRoot = 5;
  const size_t size = static_cast<unsigned char>(entry[kNameSize]);
  if (entry[kNameSize + 1] != 0 || size < 4 || size > kNameSize || size % 2 != 0) return;
  std::string name;
  for (size_t i = 0; i + 2 < size; i += 2) {
    if (entry[i + 1] != 0 || entry[i] == 0) return;  // the names that count are ASCII
    name.push_back(entry[i]);
  }
  if (entry[size - 2] != 0 || entry[size - 1] != 0) return;
  if (entry[kKind] == kRoot && name == "Root Entry") root_class_ = std::string(entry.substr(kClass, kClassSize));
  if (entry[kKind] == kStream) {
    word_ |= name == "WordDocument";
    excel_ |= name == "Workbook" || name == "Book";
    powerpoint_ |= name == "PowerPoint Document";
    macros_ |= name == "_VBA_PROJECT";
  }
  if (entry[kKind] == kStorage) macros_ |= name == "Macros" || name == "_VBA_PROJECT_CUR" || name == "VBA";
}

std::string CompoundReader::Finish() const {
  if (macros_) return kWithMacros;
  // A document in which another is embedded has the streams of both: its class tells, where a program has written it.
  const std::string root = absl::BytesToHexString(root_class_.substr(0, 4));
  if (excel_ && (root == "20080200" || root == "10080200")) return kExcel;
  if (powerpoint_ && root == "108d8164") return kPowerPoint;
  return word_ ? kWord : excel_ ? kExcel : powerpoint_ ? kPowerPoint : kCompound;
}

}  // namespace sifa::casework
