#include "libs/ingest/xlsx_package.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"

namespace sifa::ingest {
namespace {

constexpr uint64_t kLargestDirectory = 1 << 20;
constexpr size_t kLongestEnd = 22 + 0xffff;  // of the record at the end with its comment

uint64_t LittleEndian(absl::string_view bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

bool IsWithinBounds(uint64_t parts, uint64_t bytes) { return parts <= kMostParts && bytes <= kLargestDirectory; }

// The directory in its long form (Zip64), to which the locator before the end points.
bool IsLongFormWithinBounds(const Content& content, absl::string_view locator) {
  if (locator.size() < 20 || locator.substr(0, 4) != "PK\x06\x07") return true;
  char record[56];
  const uint64_t offset = LittleEndian(locator, 8, 8);
  if (content.Read(offset, record, sizeof record) < sizeof record) return true;
  const absl::string_view bytes(record, sizeof record);
  return bytes.substr(0, 4) != "PK\x06\x06" || IsWithinBounds(LittleEndian(bytes, 32, 8), LittleEndian(bytes, 40, 8));
}

// libzip keeps the whole directory, so its size is looked at first, in each place where one may end.
std::optional<Finding> CheckDirectory(const Content& content) {
  const size_t size = std::min<uint64_t>(content.size(), kLongestEnd + 20);
  std::string tail(size, '\0');
  tail.resize(content.Read(content.size() - size, tail.data(), size));
  const absl::string_view bytes = tail;
  bool any = false;
  for (size_t at = bytes.find("PK\x05\x06"); at != absl::string_view::npos; at = bytes.find("PK\x05\x06", at + 1)) {
    if (bytes.size() - at < 22) break;
    any = true;
    const uint64_t parts = LittleEndian(bytes, at + 10, 2), length = LittleEndian(bytes, at + 12, 4);
    const bool is_long = parts == 0xffff || length == 0xffffffff;
    if ((!is_long && !IsWithinBounds(parts, length)) ||
        (at >= 20 && !IsLongFormWithinBounds(content, bytes.substr(at - 20, 20)))) {
      return OfFile(kTooLargeInflated, "压缩包内的文件过多");
    }
  }
  if (!any) return OfFile(kFileBroken, "压缩包不完整");
  return std::nullopt;
}

// Content as libzip reads it.
struct ZipContent {
  const Content& content;
  uint64_t at = 0;
  zip_error_t error;
};

zip_int64_t ReadContent(void* state, void* data, zip_uint64_t size, zip_source_cmd_t command) {
  auto* source = static_cast<ZipContent*>(state);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
                                            ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, -1);
    case ZIP_SOURCE_OPEN:
      source->at = 0;
      return 0;
    case ZIP_SOURCE_READ: {
      const size_t read = source->content.Read(source->at, static_cast<char*>(data), size);
      source->at += read;
      return static_cast<zip_int64_t>(read);
    }
    case ZIP_SOURCE_STAT: {
      auto* facts = static_cast<zip_stat_t*>(data);
      zip_stat_init(facts);
      facts->valid = ZIP_STAT_SIZE;
      facts->size = source->content.size();
      return sizeof *facts;
    }
    case ZIP_SOURCE_SEEK: {
      const zip_int64_t to = zip_source_seek_compute_offset(source->at, source->content.size(), data, size, &source->error);
      if (to < 0) return -1;
      source->at = static_cast<uint64_t>(to);
      return 0;
    }
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(source->at);
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&source->error, data, size);
    case ZIP_SOURCE_FREE:
      delete source;
      return 0;
    default:
      return 0;
  }
}

zip_t* OpenArchive(const Content& content) {
  auto* source = new ZipContent{content};
  zip_error_init(&source->error);
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* zip_source = zip_source_function_create(ReadContent, source, &error);
  if (zip_source == nullptr) {
    delete source;
    return nullptr;
  }
  zip_t* archive = zip_open_from_source(zip_source, ZIP_RDONLY, &error);
  if (archive == nullptr) zip_source_free(zip_source);
  zip_error_fini(&error);
  return archive;
}

std::string NameOf(absl::string_view name) { return absl::AsciiStrToLower(absl::StripPrefix(name, "/")); }

}  // namespace

std::unique_ptr<Package> Package::Open(const Content& content, std::optional<Finding>* fault) {
  *fault = CheckDirectory(content);
  if (*fault) return nullptr;
  zip_t* archive = OpenArchive(content);
  if (archive == nullptr) {
    *fault = OfFile(kFileBroken, "压缩包的目录有误");
    return nullptr;
  }
  std::unique_ptr<Package> package(new Package(archive));
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  if (count > static_cast<zip_int64_t>(kMostParts)) *fault = OfFile(kTooLargeInflated, "压缩包内的文件过多");
  for (zip_int64_t i = 0; i < count && !*fault; ++i) {
    zip_stat_t facts;
    if (zip_stat_index(archive, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW, &facts) != 0 || facts.name == nullptr) {
      *fault = OfFile(kFileBroken, "压缩包的目录有误");
    } else if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && facts.encryption_method != ZIP_EM_NONE) {
      *fault = OfFile(kFormatUnsupported, "文件设有密码，请取消密码");
    } else if (!package->parts_.emplace(NameOf(facts.name), static_cast<int>(i)).second) {
      *fault = OfFile(kFileBroken, "压缩包内有两个同名文件");
    }
  }
  return *fault ? nullptr : std::move(package);
}

Package::~Package() { zip_discard(archive_); }

int Package::Find(absl::string_view name) const {
  const auto found = parts_.find(NameOf(name));
  return found == parts_.end() ? -1 : found->second;
}

bool Package::Count(int part, uint64_t inflated) {
  uint64_t& most = inflated_[part];
  most = std::max(most, inflated);
  uint64_t total = 0;
  for (const auto& [of, bytes] : inflated_) total += bytes;
  return inflated <= kLargestPart && total <= kLargestPackage;
}

PartReader::PartReader(Package& package, int part)
    : package_(package), part_(part), file_(zip_fopen_index(package.archive_, static_cast<zip_uint64_t>(part), 0)) {
  if (file_ == nullptr) fault_ = OfFile(kFileBroken, "压缩包内的文件不能读取");
}

PartReader::~PartReader() {
  if (file_ != nullptr) zip_fclose(file_);
}

size_t PartReader::Read(char* to, size_t count) {
  if (fault_) return 0;
  const zip_int64_t read = zip_fread(file_, to, count);
  if (read < 0) {
    fault_ = OfFile(kFileBroken, "压缩包内的文件不完整");
    return 0;
  }
  inflated_ += static_cast<uint64_t>(read);
  if (!package_.Count(part_, inflated_)) {
    fault_ = OfFile(kTooLargeInflated);
    return 0;
  }
  return static_cast<size_t>(read);
}

}  // namespace sifa::ingest
