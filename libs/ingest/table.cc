#include "libs/ingest/table.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/ingest/csv_table.h"
#include "libs/ingest/xlsx_table.h"

namespace sifa::ingest {
namespace {

constexpr size_t kHead = 4096;
constexpr absl::string_view kCompoundFile = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
constexpr absl::string_view kEncryptedPackage("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);

// What begins like none of the tables that are read; "" where it may be one.
absl::string_view OtherForm(absl::string_view head) {
  if (absl::StartsWith(head, "%PDF")) return "这是PDF";
  if (absl::StartsWith(head, "{\\rtf")) return "这是文字文档";
  const std::string text = absl::AsciiStrToLower(absl::StripLeadingAsciiWhitespace(absl::StripPrefix(head, kByteOrderMark)));
  if (absl::StartsWith(text, "<?xml")) return "这是XML";
  if (absl::StartsWith(text, "<")) return "这是网页，虽然可能名为.xls";
  return "";
}

// A compound file (MS-CFB) is an old workbook, or the wrapping of one with a password, which its directory names.
absl::string_view CompoundForm(const Content& content, absl::string_view head) {
  uint32_t sector;  // where the directory begins; a sector has 512 or 4096 bytes, the header one of them
  if (head.size() < 512) return "";
  std::memcpy(&sector, head.data() + 48, sizeof sector);
  const int shift = head[30] == 12 ? 12 : 9;
  std::string directory(kHead, '\0');
  directory.resize(content.Read((uint64_t{sector} + 1) << shift, directory.data(), kHead));
  return absl::StrContains(directory, kEncryptedPackage) ? "文件设有密码，请取消密码" : "这是旧版的.xls";
}

std::unique_ptr<TableFile> Refuse(const Rule& rule, absl::string_view detail, std::optional<Finding>* fault) {
  *fault = OfFile(rule, detail);
  return nullptr;
}

}  // namespace

const Cell& Row::operator[](size_t column) const {
  static const Cell& empty = *new Cell;
  return column < width_ ? cells_[column] : empty;
}

Cell& Row::At(size_t column) {
  if (column >= cells_.size()) cells_.resize(column + 1);
  for (; width_ <= column; ++width_) {
    cells_[width_].kind = CellKind::kEmpty;
    cells_[width_].marks = 0;
    cells_[width_].text.clear();
  }
  return cells_[column];
}

void Row::Clear() {
  number = 0;
  encoding_differs = false;
  width_ = 0;
}

std::unique_ptr<TableFile> OpenTable(const Content& content, const std::string& spill, std::optional<Finding>* fault) {
  if (content.size() == 0) return Refuse(kFileBroken, "文件是空的", fault);
  if (content.size() > kLargestFile) return Refuse(kFileTooLarge, "", fault);
  std::string bytes(kHead, '\0');
  bytes.resize(content.Read(0, bytes.data(), kHead));
  const absl::string_view head = bytes;
  if (absl::StartsWith(head, "PK\x03\x04") || absl::StartsWith(head, "PK\x05\x06")) return XlsxTable::Open(content, spill, fault);
  if (absl::StartsWith(head, kCompoundFile)) return Refuse(kFormatUnsupported, CompoundForm(content, head), fault);
  if (absl::StartsWith(head, "\xff\xfe") || absl::StartsWith(head, "\xfe\xff"))
    return Refuse(kEncodingUnknown, "这是UTF-16编码", fault);
  if (const absl::string_view other = OtherForm(head); !other.empty()) return Refuse(kFormatUnsupported, other, fault);
  if (head.find('\0') != absl::string_view::npos) return Refuse(kFormatUnsupported, "", fault);
  return std::make_unique<CsvTable>(content);
}

}  // namespace sifa::ingest
