#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "libs/ingest/characters.h"
#include "libs/ingest/values.h"
#include "libs/ingest/xlsx_merges.h"
#include "libs/ingest/xlsx_table.h"
#include "libs/ingest/xlsx_text.h"
#include "libs/ingest/xml.h"

namespace sifa::ingest {
namespace {

constexpr uint64_t kLastRow = 1 << 20;
constexpr uint64_t kLastColumn = 1 << 14;

// 2024-03-05 10:20:30 of a serial number; nothing where it is no day.
std::optional<std::string> DayText(absl::string_view decimal, bool from_1904) {
  const size_t point = std::min(decimal.find('.'), decimal.size());
  int64_t serial;
  double fraction = 0;
  if (!absl::SimpleAtoi(decimal.substr(0, point), &serial)) return std::nullopt;
  if (point < decimal.size() && !absl::SimpleAtod(absl::StrCat("0", decimal.substr(point)), &fraction)) return std::nullopt;
  auto seconds = static_cast<int>(std::lround(fraction * 86400));
  if (seconds == 86400) ++serial, seconds = 0;
  const auto day = DayOfSerial(serial, from_1904);
  if (!day) return std::nullopt;
  std::string text = absl::FormatCivilTime(*day);
  if (seconds > 0) absl::StrAppendFormat(&text, " %02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return text;
}

// Reads rows into the one that is asked for, pausing after each.
class SheetReader : public XmlReader {
 public:
  SheetReader(Workbook& workbook, int part) : XmlReader(*workbook.package, part), workbook_(workbook) {}

  // False at the end, and after a fault.
  bool Next(Row* row) {
    row_ = row;
    do {
      row_->Clear();
      bytes_ = 0;
      if (!Run()) return false;
    } while (row_->width() == 0);
    return true;
  }

 protected:
  void Start(absl::string_view name, const Attributes& attributes) override {
    in_value_ = false;
    if (name == "row") return StartRow(attributes);
    if (name == "c") return StartCell(attributes);
    if (!in_cell_) return;
    if (name == "v") {
      in_value_ = has_value_ = true;
    } else if (name == "f") {
      has_formula_ = true;
    } else {
      if (name == "is") has_value_ = true;
      inline_.Start(name);
    }
  }

  void Text(absl::string_view text) override {
    if (in_value_) {
      cut_ = !AppendBounded(text, &value_) || cut_;
    } else if (in_cell_) {
      inline_.Text(text);
    }
  }

  void End(absl::string_view name) override {
    in_value_ = false;
    if (name == "row" && in_row_) {
      in_row_ = false;
      Pause();
    } else if (name == "c" && in_cell_) {
      in_cell_ = false;
      EndCell();
    } else if (in_cell_) {
      inline_.End(name);
    }
  }

 private:
  void StartRow(const Attributes& attributes) {
    const absl::string_view number = attributes.Get("r");
    uint64_t row = number_ + 1;
    if (!number.empty() && (!absl::SimpleAtoi(number, &row) || row <= number_ || row > kLastRow))
      return Fail(OfFile(kFileBroken, "行号有误"));
    number_ = row_->number = row;
    column_ = 0;
    in_row_ = true;
  }

  void StartCell(const Attributes& attributes) {
    if (!in_row_) return;
    const absl::string_view place = attributes.Get("r");
    uint64_t column = column_, row = number_;
    if (!place.empty() && (!ReadPlace(place, &column, &row) || row != number_ || column < column_ || column >= kLastColumn)) {
      return Fail(OfFile(kFileBroken, absl::StrCat("第", number_, "行的单元格位置有误")));
    }
    column_ = column + 1;
    type_.assign(std::string(attributes.Get("t")));
    uint64_t style;
    shows_day_ =
        absl::SimpleAtoi(attributes.Get("s"), &style) && style < workbook_.shows_day.size() && workbook_.shows_day[style];
    in_cell_ = true;
    has_value_ = has_formula_ = cut_ = false;
    value_.clear();
    inline_.Clear();
  }

  void EndCell() {
    const size_t column = column_ - 1;
    if (!has_value_ && !has_formula_) return;
    Cell read;
    if (!ReadValue(&read)) return;
    if (read.kind == CellKind::kEmpty && read.marks == 0) return;
    if (column >= kMostColumns) return Fail(OfFile(kTooManyColumns, absl::StrCat("第", number_, "行")));
    if (bytes_ + read.text.size() > kLargestRow) {
      read.text.clear();
      read.marks |= kCut;
    }
    bytes_ += read.text.size();
    row_->At(column) = std::move(read);
  }

  // False where the file is broken there.
  bool ReadValue(Cell* cell) {
    if (has_formula_) cell->marks |= kFromFormula;
    if (type_ == "s") return ReadShared(cell);
    if (type_ == "inlineStr") {
      cut_ = !inline_.Finish();
      return SetText(std::move(inline_.text()), cell);
    }
    if (type_ == "str") {
      Unescape(&value_);
      cut_ = !Shorten(kLongestCell, &value_) || cut_;
      return SetText(std::move(value_), cell);
    }
    if (value_.empty()) {
      cell->marks = has_formula_ ? kNoResult : 0;
      return true;
    }
    if (type_ == "b" || type_ == "e") {
      cell->kind = type_ == "b" ? CellKind::kBoolean : CellKind::kError;
      cell->text = value_;
      return true;
    }
    if (type_ == "d") {
      cell->kind = CellKind::kDay;
      cell->text = value_;
      std::replace(cell->text.begin(), cell->text.end(), 'T', ' ');
      return true;
    }
    return ReadNumber(cell);
  }

  bool ReadShared(Cell* cell) {
    uint64_t number;
    std::string text;
    if (value_.empty()) return true;
    if (!absl::SimpleAtoi(value_, &number) || !workbook_.strings->Get(number, &text, &cut_)) {
      Fail(OfFile(kFileBroken, absl::StrCat("第", number_, "行的文字缺失")));
      return false;
    }
    return SetText(std::move(text), cell);
  }

  bool SetText(std::string text, Cell* cell) {
    if (cut_) cell->marks |= kCut;
    if (text.empty() && !cut_) {
      cell->marks = 0;
      return true;
    }
    cell->kind = CellKind::kText;
    cell->text = std::move(text);
    return true;
  }

  bool ReadNumber(Cell* cell) {
    bool lost;
    const auto decimal = PlainDecimal(value_, &lost);
    if (!decimal) {
      Fail(OfFile(kFileBroken, absl::StrCat("第", number_, "行有无效的数字")));
      return false;
    }
    if (shows_day_) {
      if (auto day = DayText(*decimal, workbook_.from_1904)) {
        cell->kind = CellKind::kDay;
        cell->text = *std::move(day);
        return true;
      }
    }
    cell->kind = CellKind::kNumber;
    cell->text = *decimal;
    if (lost) cell->marks |= kDigitsLost;
    if (workbook_.from_1904) cell->marks |= kDaysFrom1904;
    return true;
  }

  Workbook& workbook_;
  Row* row_ = nullptr;
  uint64_t number_ = 0;  // of the row
  uint64_t column_ = 0;  // of the next cell
  size_t bytes_ = 0;     // of the row's texts

  bool in_row_ = false, in_cell_ = false, in_value_ = false;
  std::string type_, value_;
  RichText inline_;
  bool shows_day_ = false, has_value_ = false, has_formula_ = false, cut_ = false;
};

class SheetSource : public RowSource {
 public:
  SheetSource(Workbook& workbook, int part) : reader_(workbook, part), merged_({}) {
    std::optional<Finding> broken;
    merged_ = MergedCells(ReadMergedRanges(*workbook.package, part, &broken));
    if (broken) Fail(*std::move(broken));
  }

  bool Next(Row* row) override {
    if (fault()) return false;
    if (!reader_.Next(row)) return reader_.fault() ? Fail(*reader_.fault()) : false;
    return merged_.Fill(row) || Fail(OfFile(kFileBroken, "合并单元格相互重叠"));
  }

 private:
  SheetReader reader_;
  MergedCells merged_;
};

}  // namespace

std::unique_ptr<RowSource> OpenSheet(Workbook& workbook, int part) { return std::make_unique<SheetSource>(workbook, part); }

}  // namespace sifa::ingest
