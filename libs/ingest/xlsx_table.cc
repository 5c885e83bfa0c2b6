#include "libs/ingest/xlsx_table.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/ingest/xlsx_text.h"
#include "libs/ingest/xml.h"

namespace sifa::ingest {
namespace {

constexpr size_t kMostSheets = 1000;
constexpr size_t kMostStyles = 1 << 17;

// Where a part points: by id the kind and the part of each relationship.
class Relationships : public XmlReader {
 public:
  struct Relationship {
    std::string kind;  // officeDocument, worksheet, …
    std::string part;
  };

  Relationships(Package& package, int part, std::string folder) : XmlReader(package, part), folder_(std::move(folder)) {}
  const Relationship* OfKind(absl::string_view kind) const {
    for (const auto& [id, relationship] : by_id_) {
      if (relationship.kind == kind) return &relationship;
    }
    return nullptr;
  }
  const Relationship* Find(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &found->second;
  }

 protected:
  void Start(absl::string_view name, const Attributes& attributes) override {
    if (name != "Relationship" || attributes.Get("TargetMode") == "External" || by_id_.size() >= kMostSheets) return;
    const absl::string_view kind = attributes.Get("Type");
    absl::string_view target = attributes.Get("Target");
    std::string folder = folder_;
    while (absl::ConsumePrefix(&target, "../")) folder.erase(folder.find_last_of('/', folder.size() - 2) + 1);
    const bool from_root = absl::ConsumePrefix(&target, "/");
    by_id_[std::string(attributes.Get("Id"))] = {std::string(kind.substr(kind.rfind('/') + 1)),
                                                 absl::StrCat(from_root ? "" : folder, target)};
  }
  void End(absl::string_view) override {}

 private:
  const std::string folder_;
  std::map<std::string, Relationship> by_id_;
};

class WorkbookReader : public XmlReader {
 public:
  using XmlReader::XmlReader;
  struct Sheet {
    std::string name, relationship;
  };
  std::vector<Sheet> sheets;  // visible ones
  bool hidden = false;        // there are others
  bool from_1904 = false;

 protected:
  void Start(absl::string_view name, const Attributes& attributes) override {
    if (std::exchange(first_, false) && name != "workbook") return Fail(OfFile(kFormatUnsupported, "这不是Excel工作簿"));
    if (name == "workbookPr") from_1904 = attributes.Get("date1904") == "1" || attributes.Get("date1904") == "true";
    if (name != "sheet" || sheets.size() >= kMostSheets) return;
    const absl::string_view state = attributes.Get("state");
    if (state.empty() || state == "visible") {
      sheets.push_back({std::string(attributes.Get("name")), std::string(attributes.Get("id"))});
    } else {
      hidden = true;
    }
  }
  void End(absl::string_view) override {}

 private:
  bool first_ = true;
};

// Which styles of cells show a number as a day.
class StylesReader : public XmlReader {
 public:
  using XmlReader::XmlReader;
  std::vector<bool> shows_day;

 protected:
  void Start(absl::string_view name, const Attributes& attributes) override {
    if (name == "cellXfs") in_cells_ = true;
    int number;
    if (!absl::SimpleAtoi(attributes.Get("numFmtId"), &number)) number = 0;
    if (name == "numFmt" && formats_.size() < kMostStyles) formats_[number] = IsDayFormat(attributes.Get("formatCode"));
    if (name == "xf" && in_cells_ && shows_day.size() < kMostStyles) {
      const auto own = formats_.find(number);
      shows_day.push_back(own == formats_.end() ? IsBuiltInDayFormat(number) : own->second);
    }
  }
  void End(absl::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }

 private:
  std::map<int, bool> formats_;
  bool in_cells_ = false;
};

std::string FolderOf(absl::string_view part) { return std::string(part.substr(0, part.rfind('/') + 1)); }

std::string RelationshipsOf(absl::string_view part) {
  return absl::StrCat(FolderOf(part), "_rels/", part.substr(part.rfind('/') + 1), ".rels");
}

// Reads all of it; false with `fault`.
bool ReadAll(XmlReader& reader, std::optional<Finding>* fault) {
  while (reader.Run()) {
  }
  *fault = reader.fault();
  return !*fault;
}

// What a zip is that has no workbook.
absl::string_view OtherPackage(const Package& package) {
  if (package.Find("mimetype") >= 0) return "这是OpenDocument文件";
  if (package.Find("OFD.xml") >= 0) return "这是OFD文件";
  return "这是压缩包，请解压后上传其中的表格";
}

}  // namespace

std::unique_ptr<XlsxTable> XlsxTable::Open(const Content& content, const std::string& spill, std::optional<Finding>* fault) {
  std::unique_ptr<XlsxTable> table(new XlsxTable);
  Workbook& book = table->workbook_;
  book.package = Package::Open(content, fault);
  if (!book.package) return nullptr;
  Package& package = *book.package;
  const auto refuse = [&](const Rule& rule, absl::string_view detail) {
    *fault = OfFile(rule, detail);
    return nullptr;
  };

  const int root = package.Find("_rels/.rels");
  if (root < 0) return refuse(kFormatUnsupported, OtherPackage(package));
  Relationships from_root(package, root, "");
  if (!ReadAll(from_root, fault)) return nullptr;
  const Relationships::Relationship* document = from_root.OfKind("officeDocument");
  if (document == nullptr) return refuse(kFormatUnsupported, "这不是Excel工作簿");
  if (absl::EndsWith(document->part, ".bin")) return refuse(kFormatUnsupported, "这是.xlsb工作簿");
  const int main = package.Find(document->part), links = package.Find(RelationshipsOf(document->part));
  if (main < 0 || links < 0) return refuse(kFileBroken, "缺少工作簿");
  WorkbookReader workbook(package, main);
  if (!ReadAll(workbook, fault)) return nullptr;
  Relationships from_book(package, links, FolderOf(document->part));
  if (!ReadAll(from_book, fault)) return nullptr;
  book.from_1904 = workbook.from_1904;

  if (const auto* styles = from_book.OfKind("styles"); styles != nullptr && package.Find(styles->part) >= 0) {
    StylesReader reader(package, package.Find(styles->part));
    if (!ReadAll(reader, fault)) return nullptr;
    book.shows_day = std::move(reader.shows_day);
  }
  const auto* strings = from_book.OfKind("sharedStrings");
  book.strings = SharedStrings::Read(package, strings == nullptr ? -1 : package.Find(strings->part), spill, fault);
  if (!book.strings) return nullptr;

  for (const WorkbookReader::Sheet& sheet : workbook.sheets) {
    const auto* target = from_book.Find(sheet.relationship);
    if (target == nullptr || target->kind != "worksheet") continue;  // a sheet of a chart
    if (package.Find(target->part) < 0) return refuse(kFileBroken, absl::StrCat("缺少工作表", sheet.name));
    table->parts_.push_back(package.Find(target->part));
    table->readings_.push_back({.format = Format::kXlsx, .sheet = sheet.name});
  }
  if (table->parts_.empty()) return refuse(kHeaderNotFound, workbook.hidden ? "所有工作表都是隐藏的" : "没有工作表");
  return table;
}

std::unique_ptr<RowSource> XlsxTable::Open(size_t reading) { return OpenSheet(workbook_, parts_[reading]); }

}  // namespace sifa::ingest
