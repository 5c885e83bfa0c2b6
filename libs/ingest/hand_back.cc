#include "libs/ingest/hand_back.h"

#include <unicode/ucnv.h>
#include <xlsxwriter.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/ingest/characters.h"
#include "libs/ingest/csv_table.h"
#include "libs/ingest/values.h"

namespace sifa::ingest {
namespace {

// Places in the sender's file of the columns to hand back: all but the reasons of an earlier time.
std::vector<size_t> ColumnsOf(const Header& header) {
  std::vector<size_t> columns;
  for (size_t i = 0; i < header.names.size(); ++i) {
    if (header.names[i] != kReasonsHeader) columns.push_back(i);
  }
  return columns;
}

absl::string_view TextOf(const Cell& cell) {
  return (cell.marks & kCut) != 0 ? absl::string_view() : absl::string_view(cell.text);
}

class CsvHandBack : public HandBack {
 public:
  CsvHandBack(const std::string& path, const Reading& reading, Encoding encoding, const Header& header)
      : file_(path, std::ios::binary), separator_(reading.separator), encoding_(encoding), columns_(ColumnsOf(header)) {
    if (reading.byte_order_mark) file_ << kByteOrderMark;
    std::vector<absl::string_view> names;
    for (const size_t column : columns_) names.push_back(header.names[column]);
    names.push_back(kReasonsHeader);
    Write(names);
  }

  void Add(const Row& row, absl::string_view reasons) override {
    std::vector<absl::string_view> cells;
    for (const size_t column : columns_) cells.push_back(TextOf(row[column]));
    cells.push_back(reasons);
    Write(cells);
  }

  bool Finish() override {
    file_.close();
    return !file_.fail();
  }

 private:
  void Write(const std::vector<absl::string_view>& cells) {
    line_.clear();
    AppendCsvLine(cells, separator_, &line_);
    line_ += "\r\n";
    if (encoding_ == Encoding::kGb18030 && !IsAscii(line_)) {
      std::string encoded(line_.size() * 4, '\0');  // no character takes more there
      UErrorCode status = U_ZERO_ERROR;
      const int32_t size = ucnv_convert("GB18030", "UTF-8", encoded.data(), static_cast<int32_t>(encoded.size()), line_.data(),
                                        static_cast<int32_t>(line_.size()), &status);
      if (U_FAILURE(status)) file_.setstate(std::ios::failbit);
      encoded.resize(U_FAILURE(status) ? 0 : static_cast<size_t>(size));
      line_ = std::move(encoded);
    }
    file_ << line_;
  }

  std::ofstream file_;
  const char separator_;
  const Encoding encoding_;
  const std::vector<size_t> columns_;
  std::string line_;
};

class XlsxHandBack : public HandBack {
 public:
  XlsxHandBack(const std::string& path, const std::string& spill, const Header& header)
      : header_(header), columns_(ColumnsOf(header)), spill_(spill) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = spill_.data();
    book_ = workbook_new_opt(path.c_str(), &options);
    sheet_ = book_ == nullptr ? nullptr : workbook_add_worksheet(book_, nullptr);
    if (sheet_ == nullptr) return;
    day_ = Format("yyyy/mm/dd");
    time_ = Format("yyyy/mm/dd hh:mm:ss");
    for (size_t i = 0; i < columns_.size(); ++i) String(i, header.names[columns_[i]]);
    String(columns_.size(), kReasonsHeader);
  }
  ~XlsxHandBack() override {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }

  bool begun() const { return sheet_ != nullptr; }

  void Add(const Row& row, absl::string_view reasons) override {
    ++row_;
    for (size_t i = 0; i < columns_.size(); ++i) Write(i, row[columns_[i]]);
    String(columns_.size(), reasons);
  }

  bool Finish() override {
    const bool whole = workbook_close(book_) == LXW_NO_ERROR && whole_;
    book_ = nullptr;
    return whole;
  }

 private:
  lxw_format* Format(const char* code) {
    lxw_format* format = workbook_add_format(book_);
    format_set_num_format(format, code);
    return format;
  }

  void Check(lxw_error error) { whole_ = whole_ && error == LXW_NO_ERROR; }

  void String(size_t column, absl::string_view text) {
    std::string bounded(text);
    Shorten(kLongestCell, &bounded);
    if (!bounded.empty()) Check(worksheet_write_string(sheet_, row_, static_cast<lxw_col_t>(column), bounded.c_str(), nullptr));
  }

  void Write(size_t column, const Cell& cell) {
    const auto at = static_cast<lxw_col_t>(column);
    double number = 0;
    switch (cell.kind) {
      case CellKind::kDay:
        return Day(column, cell.text);
      case CellKind::kNumber:
        if (const auto day = BareDay(column, cell)) return Day(column, absl::FormatCivilTime(*day));
        if (!absl::SimpleAtod(cell.text, &number)) break;
        return Check(worksheet_write_number(sheet_, row_, at, number, nullptr));
      case CellKind::kBoolean:
        return Check(worksheet_write_boolean(sheet_, row_, at, cell.text == "1", nullptr));
      default:
        break;
    }
    String(column, TextOf(cell));
  }

  // A number in a column of days, in a workbook that counts from 1904: the one that is written counts from 1900.
  std::optional<absl::CivilDay> BareDay(size_t column, const Cell& cell) const {
    if ((cell.marks & kDaysFrom1904) == 0) return std::nullopt;
    for (size_t i = 0; i < header_.columns.size(); ++i) {
      const Type type = header_.map->columns[i].type;
      if (header_.columns[i] == static_cast<int>(columns_[column]) && (type == Type::kDay || type == Type::kExpiry))
        return DayOfBareSerial(cell.text, true);
    }
    return std::nullopt;
  }

  // 2024-03-05 10:20:30
  void Day(size_t column, absl::string_view text) {
    const auto day = ReadDay(text);
    if (!day || day->year() < 1900) return String(column, text);
    lxw_datetime at{static_cast<int>(day->year()), day->month(), day->day(), 0, 0, 0};
    const bool timed = text.size() >= 19 && absl::SimpleAtoi(text.substr(11, 2), &at.hour) &&
                       absl::SimpleAtoi(text.substr(14, 2), &at.min) && absl::SimpleAtod(text.substr(17, 2), &at.sec);
    Check(worksheet_write_datetime(sheet_, row_, static_cast<lxw_col_t>(column), &at, timed ? time_ : day_));
  }

  const Header& header_;
  const std::vector<size_t> columns_;
  std::string spill_;
  lxw_workbook* book_;
  lxw_worksheet* sheet_;
  lxw_format* day_ = nullptr;
  lxw_format* time_ = nullptr;
  lxw_row_t row_ = 0;
  bool whole_ = true;
};

}  // namespace

std::unique_ptr<HandBack> StartHandBack(const std::string& path, const std::string& spill, const Reading& reading,
                                        Encoding encoding, const Header& header) {
  if (!std::ofstream(path)) return nullptr;
  if (reading.format == Format::kCsv) return std::make_unique<CsvHandBack>(path, reading, encoding, header);
  auto back = std::make_unique<XlsxHandBack>(path, spill, header);
  return back->begun() ? std::move(back) : nullptr;
}

}  // namespace sifa::ingest
