#include "libs/ingest/csv_table.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "libs/ingest/characters.h"

namespace sifa::ingest {
namespace {

constexpr size_t kPiece = 64 << 10;
// No character of either encoding takes more bytes.
constexpr size_t kLongestRawCell = kLongestCell * 4;

// The fields of one record as bytes, cut at the bounds of a row.
class RawRecord {
 public:
  void Clear() {
    ends_.clear();
    cut_.clear();
    bytes_.clear();
    beyond_ascii_ = too_wide_ = false;
  }
  void Add(absl::string_view bytes) {
    const size_t room = std::min(kLongestRawCell - std::min(kLongestRawCell, bytes_.size() - Begin()),
                                 kLargestRow - std::min(kLargestRow, bytes_.size()));
    const absl::string_view kept = bytes.substr(0, room);
    bytes_.append(kept.data(), kept.size());
    beyond_ascii_ = beyond_ascii_ || !IsAscii(kept);
    cut_now_ = cut_now_ || kept.size() < bytes.size();
  }
  void EndField() {
    if (ends_.size() < kMostColumns) {
      ends_.push_back(bytes_.size());
      cut_.push_back(cut_now_);
    } else {
      too_wide_ = too_wide_ || bytes_.size() > Begin();
      bytes_.resize(Begin());
    }
    cut_now_ = false;
  }

  size_t size() const { return ends_.size(); }
  absl::string_view field(size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1];
    return absl::string_view(bytes_).substr(begin, ends_[i] - begin);
  }
  bool cut(size_t i) const { return cut_[i]; }
  bool empty() const { return bytes_.empty() && !too_wide_; }
  absl::string_view bytes() const { return bytes_; }
  bool beyond_ascii() const { return beyond_ascii_; }
  // Something stands beyond kMostColumns.
  bool too_wide() const { return too_wide_; }

 private:
  size_t Begin() const { return ends_.empty() ? 0 : ends_.back(); }

  std::string bytes_;
  std::vector<size_t> ends_;
  std::vector<bool> cut_;
  bool cut_now_ = false;
  bool beyond_ascii_ = false;
  bool too_wide_ = false;
};

// Cuts bytes into records. In GB 18030 no second byte of a character is a separator, quote or line end, so both encodings are cut
// alike.
class RecordReader {
 public:
  RecordReader(const Content& content, uint64_t offset, char separator)
      : content_(content), offset_(offset), separator_(separator) {
    for (const char special : {separator, '\r', '\n'}) ends_field_[static_cast<uint8_t>(special)] = true;
  }

  // False at the end of the content.
  bool Next(RawRecord* record) {
    record->Clear();
    if (!Fill()) return false;
    ++number_;
    for (;;) {
      ReadField(record);
      record->EndField();
      if (!Fill()) return true;
      const char end = Take();
      if (end == separator_) continue;
      if (end == '\r' && Fill() && Peek() == '\n') Take();
      return true;
    }
  }

  uint64_t number() const { return number_; }  // of the record that was read last
  // A quote that nothing closed reached the end of the content.
  bool quote_open() const { return quote_open_; }
  uint64_t quote_line() const { return quote_line_; }
  size_t quote_column() const { return quote_column_; }

 private:
  // Leaves the position at what ends the field, or at the end of the content.
  void ReadField(RawRecord* record) {
    if (!Fill()) return;
    if (Peek() == '"') {
      quote_line_ = line_;
      quote_column_ = record->size() + 1;
      Take();
      ReadQuoted(record);
    }
    while (Fill()) {  // a quote inside an unquoted field, and what follows a closing one, is text
      const size_t from = at_;
      while (at_ < piece_.size() && !ends_field_[static_cast<uint8_t>(piece_[at_])]) ++at_;
      record->Add(absl::string_view(piece_).substr(from, at_ - from));
      if (at_ < piece_.size()) return;
    }
  }

  void ReadQuoted(RawRecord* record) {
    while (Fill()) {
      const size_t from = at_;
      const char* quote = std::find(piece_.data() + at_, piece_.data() + piece_.size(), '"');
      at_ = static_cast<size_t>(quote - piece_.data());
      line_ += static_cast<uint64_t>(std::count(piece_.begin() + from, piece_.begin() + at_, '\n'));
      record->Add(absl::string_view(piece_).substr(from, at_ - from));
      if (at_ == piece_.size()) continue;
      Take();
      if (!Fill() || Peek() != '"') return;
      Take();
      record->Add("\"");
    }
    quote_open_ = true;
  }

  // Whether there is another byte.
  bool Fill() {
    if (at_ < piece_.size()) return true;
    piece_.resize(kPiece);
    piece_.resize(content_.Read(offset_, piece_.data(), kPiece));
    offset_ += piece_.size();
    at_ = 0;
    return !piece_.empty();
  }
  char Peek() const { return piece_[at_]; }
  char Take() {
    if (piece_[at_] == '\n') ++line_;
    return piece_[at_++];
  }

  const Content& content_;
  uint64_t offset_;
  const char separator_;
  std::array<bool, 256> ends_field_{};
  std::string piece_;
  size_t at_ = 0;
  uint64_t number_ = 0;
  uint64_t line_ = 1;
  bool quote_open_ = false;
  uint64_t quote_line_ = 0;
  size_t quote_column_ = 0;
};

class CsvSource : public RowSource {
 public:
  CsvSource(const Content& content, const Reading& reading)
      : records_(content, reading.byte_order_mark ? kByteOrderMark.size() : 0, reading.separator),
        settled_(reading.byte_order_mark || reading.encoding != Encoding::kUtf8),
        encoding_(reading.encoding) {}

  bool Next(Row* row) override {
    row->Clear();
    if (fault()) return false;
    do {
      if (!records_.Next(&record_)) return false;
      if (records_.quote_open()) {
        return Fail(
            OfFile(kFileBroken, absl::StrCat("第", records_.quote_line(), "行第", records_.quote_column(), "列的引号没有结束")));
      }
    } while (record_.empty());
    row->number = records_.number();
    if (record_.too_wide()) return Fail(OfFile(kTooManyColumns, absl::StrCat("第", row->number, "行")));
    Decode(row);
    return true;
  }

  Encoding encoding() const override { return encoding_; }

 private:
  void Decode(Row* row) {
    Encoding encoding = encoding_;
    if (record_.beyond_ascii()) {
      encoding = settled_ ? EncodingOfLine(encoding_, record_.bytes()) : EncodingOfFirstLine(record_.bytes());
      if (!settled_) encoding_ = encoding;
      settled_ = true;
    }
    row->encoding_differs = encoding != encoding_;
    for (size_t i = 0; i < record_.size(); ++i) {
      const absl::string_view field = record_.field(i);
      if (field.empty() && !record_.cut(i)) continue;
      Cell& cell = row->At(i);
      cell.kind = CellKind::kText;
      const bool whole = decoder_.Decode(encoding, field, &cell.text);
      if (!whole && !record_.cut(i)) row->encoding_differs = true;
      const bool short_enough = Shorten(kLongestCell, &cell.text);
      if (record_.cut(i) || !short_enough) cell.marks |= kCut;
    }
  }

  RecordReader records_;
  RawRecord record_;
  CellDecoder decoder_;
  bool settled_;  // a line beyond ASCII has shown the encoding
  Encoding encoding_;
};

}  // namespace

CsvTable::CsvTable(const Content& content) : content_(content) {
  char head[3];
  const bool marked = content.Read(0, head, sizeof head) == sizeof head && absl::string_view(head, sizeof head) == kByteOrderMark;
  for (const Encoding encoding : {Encoding::kUtf8, Encoding::kGb18030}) {
    if (marked && encoding != Encoding::kUtf8) continue;
    for (const char separator : {',', '\t', ';'}) {
      readings_.push_back({.format = Format::kCsv, .encoding = encoding, .separator = separator, .byte_order_mark = marked});
    }
  }
}

std::unique_ptr<RowSource> CsvTable::Open(size_t reading) { return std::make_unique<CsvSource>(content_, readings_[reading]); }

void AppendCsvLine(const std::vector<absl::string_view>& cells, char separator, std::string* line) {
  const char special[] = {separator, '"', '\r', '\n'};
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line->push_back(separator);
    if (cells[i].find_first_of(absl::string_view(special, sizeof special)) == absl::string_view::npos) {
      line->append(cells[i].data(), cells[i].size());
      continue;
    }
    line->push_back('"');
    for (const char c : cells[i]) {
      if (c == '"') line->push_back('"');
      line->push_back(c);
    }
    line->push_back('"');
  }
}

}  // namespace sifa::ingest
