#include "libs/ingest/record.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/identifiers.h"
#include "libs/core/text.h"
#include "libs/ingest/characters.h"
#include "libs/ingest/values.h"

namespace sifa::ingest {
namespace {

// With which rows below the data begin that are none of it.
constexpr absl::string_view kNoteWords[] = {"合计", "总计", "小计", "共计", "注:",    "注：",   "备注",
                                            "说明", "填报", "填表", "制表", "审核人", "负责人", "报送"};
constexpr absl::string_view kEmptyWords[] = {"", "无", "/", "\\", "_", "__", "___", "____", "NULL", "N/A", "空"};
constexpr absl::string_view kErrors[] = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"};
constexpr absl::string_view kWithoutEnd[] = {"长期", "永久", "长期有效", "无期限"};
constexpr absl::string_view kCitizenIdKind = "01";  // 居民身份证

template <size_t n>
bool IsOneOf(const absl::string_view (&all)[n], absl::string_view text) {
  return std::find(std::begin(all), std::end(all), text) != std::end(all);
}

bool Cleans(const Column& column, Cleaning step) {
  return std::find(column.cleaning.begin(), column.cleaning.end(), step) != column.cleaning.end();
}

// A number may stand there as such; elsewhere its digits are a text.
bool IsNumeric(Type type) { return type == Type::kAmount || type == Type::kDay || type == Type::kExpiry || type == Type::kFlag; }

bool IsLonger(absl::string_view text, size_t characters) {
  if (characters == 0 || text.size() <= characters) return false;
  for (; characters > 0 && !text.empty(); --characters) NextCharacter(&text);
  return !text.empty();
}

bool IsBlank(absl::string_view text) {
  while (!text.empty()) {
    if (!IsWhiteSpace(NextCharacter(&text))) return false;
  }
  return true;
}

// Whether the sender put something there, be it a formula that brought nothing.
bool Stands(const Cell& cell) { return (cell.marks & kNoResult) != 0 || !IsBlank(cell.text); }

// '330… and ="330…" as Excel is told to keep a text.
bool DropExcelQuotes(std::string* text) {
  absl::string_view inside = *text;
  if (absl::ConsumePrefix(&inside, "=\"") && absl::ConsumeSuffix(&inside, "\"")) {
  } else if (inside = *text; !absl::ConsumePrefix(&inside, "'")) {
    return false;
  }
  *text = std::string(inside);
  return true;
}

// Begins with the sign of a formula, or has no letter.
bool IsSuspectName(absl::string_view name) {
  const std::string token = NormalToken(name);
  return (!token.empty() && absl::StrContains("=+-@", token[0])) ||
         FoldName(name).find_first_not_of("0123456789") == std::string::npos;
}

absl::string_view WithoutZeros(absl::string_view code) {
  while (code.size() > 1 && code[0] == '0') code.remove_prefix(1);
  return code;
}

bool HoldsOn(const Word& word, const std::optional<absl::CivilDay>& day) {
  if (!day) return true;
  return (!word.valid_from || *word.valid_from <= *day) && (!word.valid_to || *day <= *word.valid_to);
}

bool Means(const Word& word, absl::string_view text) {
  absl::string_view beginning = word.word;
  if (absl::ConsumeSuffix(&beginning, "...")) return absl::StartsWith(text, beginning);
  return text == word.word;
}

// The codes that a word stands for on that day; also by the code itself, whose leading zeros a spreadsheet may have dropped.
std::vector<std::string> CodesOf(const std::vector<Word>& words, absl::string_view text,
                                 const std::optional<absl::CivilDay>& day) {
  for (const Word& word : words) {
    if ((Means(word, text) && HoldsOn(word, day)) || WithoutZeros(text) == WithoutZeros(word.code))
      return absl::StrSplit(word.code, '/');
  }
  return {};
}

bool IsFound(absl::string_view field, const Record& record) {
  return std::any_of(record.findings.begin(), record.findings.end(),
                     [&](const Finding& finding) { return finding.field == field; });
}

std::optional<absl::CivilDay> DayIn(const Record& record, int column) {
  if (column < 0 || !record.values[column].known) return std::nullopt;
  return record.values[column].day;
}

}  // namespace

bool Record::refused() const {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.refuses(); });
}

const Value& Record::operator()(const ColumnMap& map, absl::string_view field) const {
  static const Value& unknown = *new Value;
  const int column = map.Find(field);
  return column < 0 ? unknown : values[column];
}

RecordReader::RecordReader(const Header& header, absl::CivilDay received)
    : header_(header),
      map_(*header.map),
      received_(received),
      dated_by_(map_.Find(map_.dated_by)),
      decided_by_(map_.Find(map_.decided_by)) {
  for (const Column& column : map_.columns) {
    Named named{.beside = map_.Find(column.beside)};
    if (const size_t equals = column.must.find('='); equals != std::string::npos) {
      named.must = map_.Find(column.must.substr(0, equals));
      named.codes = absl::StrSplit(column.must.substr(equals + 1), '/');
    }
    named_.push_back(std::move(named));
  }
}

void RecordReader::Read(const Row& row, Record* record) const {
  record->row = row.number;
  record->findings.clear();
  record->values.resize(map_.columns.size());
  for (Value& value : record->values) {
    value.known = false;
    value.cell.clear();
    value.text.clear();
    value.codes.clear();
  }
  record->kind = IsNote(row) ? RecordKind::kNote : RecordKind::kRow;
  if (record->kind == RecordKind::kNote) return;
  if (row.encoding_differs) {
    record->findings.push_back({.rule = &kEncodingMixed,
                                .severity = kEncodingMixed.severity,
                                .row = row.number,
                                .sentence = std::string(kEncodingMixed.sentence)});
    return;
  }
  if (dated_by_ >= 0) ReadCell(row, dated_by_, record);  // the words of codes depend on it
  for (size_t i = 0; i < map_.columns.size(); ++i) {
    if (static_cast<int>(i) != dated_by_) ReadCell(row, i, record);
  }
  CheckAcrossFields(record);
}

bool RecordReader::IsNote(const Row& row) const {
  size_t filled = 0, repeated = 0;
  const Cell* first = nullptr;
  for (size_t at = 0; at < row.width(); ++at) {
    const Cell& cell = row[at];
    if (!Stands(cell)) continue;
    if ((cell.marks & kFromMergedRange) == 0) ++filled;
    if (first == nullptr) first = &cell;
    if (at < header_.names.size() && cell.text == header_.names[at]) ++repeated;
  }
  if (filled <= repeated) return true;
  bool numbered = false, codes = true;
  for (size_t i = 0; i < map_.columns.size(); ++i) {
    if (header_.columns[i] < 0) continue;
    const Cell& cell = row[header_.columns[i]];
    if (map_.columns[i].key == "number") numbered = numbered || Stands(cell);
    codes = codes && (cell.text.empty() || NormalHeader(cell.text) == map_.columns[i].field);
  }
  if (codes) return true;  // the codes of the fields below their names
  if (numbered) return false;
  if (filled == 1) return true;
  const std::string word = NormalHeader(first->text);
  return std::any_of(std::begin(kNoteWords), std::end(kNoteWords),
                     [&](absl::string_view note) { return absl::StartsWith(word, note); });
}

void RecordReader::Find(const Rule& rule, size_t column, Record* record, absl::string_view detail) const {
  const Column& of = map_.columns[column];
  const Value& value = record->values[column];
  const int at = header_.columns[column];
  const absl::string_view name = at >= 0 ? header_.names[at] : of.headers.empty() ? of.field : of.headers.front();
  Finding finding{.rule = &rule,
                  .severity = rule.key_refuses && !of.key.empty() ? Severity::kRefused : rule.severity,
                  .row = record->row,
                  .column = at + 1,
                  .field = of.field,
                  .cell = value.cell,
                  .value = value.known ? value.text : "",
                  .sentence = absl::StrCat("“", name, "”：", rule.sentence)};
  if (!detail.empty()) absl::StrAppend(&finding.sentence, "（", detail, "）");
  record->findings.push_back(std::move(finding));
}

void RecordReader::ReadCell(const Row& row, size_t i, Record* record) const {
  if (header_.columns[i] < 0) return;
  const Column& column = map_.columns[i];
  const Cell& cell = row[header_.columns[i]];
  Value& value = record->values[i];
  value.cell = cell.text;
  if ((cell.marks & kNoResult) != 0) return Find(kFormulaWithoutValue, i, record);
  if (cell.kind == CellKind::kError || (!cell.text.empty() && cell.text[0] == '#' && IsOneOf(kErrors, cell.text)))
    return Find(kCellError, i, record);
  if ((cell.marks & kCut) != 0) return Find(kCellTooLong, i, record);
  if (cell.kind == CellKind::kEmpty || IsBlank(cell.text)) return;
  const bool lost = (cell.marks & kDigitsLost) != 0 || (cell.kind == CellKind::kText && IsShortened(cell.text));
  if (lost && !IsNumeric(column.type)) return Find(kNumberPrecisionLost, i, record);
  value.text = cell.text;
  const bool unquoted = Cleans(column, Cleaning::kExcelQuotes) && DropExcelQuotes(&value.text);
  if (Cleans(column, Cleaning::kEmptyWords) && IsOneOf(kEmptyWords, NormalHeader(value.text))) {
    value.text.clear();
    return;
  }
  switch (column.type) {
    case Type::kDay:
    case Type::kExpiry:
      ReadDayCell(cell, i, record);
      break;
    case Type::kAmount:
      ReadAmountCell(i, record);
      break;
    case Type::kCode:
    case Type::kCodes:
    case Type::kFlag:
      ReadCodes(i, record);
      break;
    default:
      ReadText(i, record);
  }
  if (!value.known) return;
  if (IsLonger(value.text, column.longest)) Find(kFieldTooLong, i, record, absl::StrCat("最多", column.longest, "个字符"));
  if ((cell.marks & kFromFormula) != 0) Find(kFormula, i, record);
  if ((cell.marks & kFromMergedRange) != 0) Find(kValueCleaned, i, record, "取合并单元格中首格的内容");
  if (unquoted) Find(kValueCleaned, i, record, "去掉了表示文本的引号");
}

void RecordReader::ReadText(size_t i, Record* record) const {
  Value& value = record->values[i];
  switch (map_.columns[i].type) {
    case Type::kName:
      value.text = NormalName(value.text);
      break;
    case Type::kNumber:
      value.text = NormalNumber(value.text);
      break;
    case Type::kIdentifier:
    case Type::kCreditCode:
    case Type::kIdentity:
      value.text = NormalCode(value.text);
      break;
    case Type::kIdentifiers:
      value.codes = absl::StrSplit(NormalCode(value.text), absl::ByAnyChar(";,、"), absl::SkipWhitespace());
      value.text = absl::StrJoin(value.codes, ";");
      break;
    case Type::kProse:
      value.text = NormalProse(value.text);
      break;
    default:
      value.text = NormalLine(value.text);
  }
  value.known = !value.text.empty();
  if (!value.known) return;
  if (map_.columns[i].type == Type::kName && IsSuspectName(value.text)) Find(kNameSuspect, i, record);
  if (map_.columns[i].type != Type::kCreditCode) return;
  switch (CheckCreditCode(value.text)) {
    case CreditCodeVerdict::kValid:
      break;
    case CreditCodeVerdict::kCitizenId:
      Find(kCreditCodeChecksum, i, record, "这是公民身份号码");
      break;
    case CreditCodeVerdict::kMalformed:
      if (value.text != "00000000000000000X") Find(kCreditCodeChecksum, i, record, "应为18位");
      break;
    case CreditCodeVerdict::kSuspect:
      if (value.text != "00000000000000000X") Find(kCreditCodeChecksum, i, record);
  }
}

void RecordReader::ReadDayCell(const Cell& cell, size_t i, Record* record) const {
  Value& value = record->values[i];
  const bool from_1904 = (cell.marks & kDaysFrom1904) != 0;
  auto day = ReadDay(value.text);
  const bool unformatted = !day;
  if (!day) day = DayOfBareSerial(value.text, from_1904);
  const bool without_end = !day && map_.columns[i].type == Type::kExpiry && IsOneOf(kWithoutEnd, NormalHeader(value.text));
  if (without_end) day = absl::CivilDay(2099, 12, 31);
  if (!day) return Find(kDateInvalid, i, record);
  value.known = true;
  value.day = *day;
  value.text = absl::FormatCivilTime(*day);
  if (without_end) {
    Find(kValueCleaned, i, record, "按2099/12/31读取");
  } else if (unformatted) {
    Find(kDateUnformatted, i, record, absl::StrCat("按", value.text, "读取"));
  }
  if (map_.columns[i].type == Type::kDay && *day > received_) Find(kDateInFuture, i, record);
}

void RecordReader::ReadAmountCell(size_t i, Record* record) const {
  Value& value = record->values[i];
  int64_t fen = 0;
  const AmountVerdict verdict = ReadAmount(value.text, header_.units[i], &fen);
  if (verdict == AmountVerdict::kInvalid) return Find(kAmountInvalid, i, record);
  if (verdict == AmountVerdict::kNegative) return Find(kAmountNegative, i, record);
  value.known = true;
  value.fen = fen;
  value.text = absl::StrCat(fen);
  if (verdict == AmountVerdict::kReadInItsUnit) Find(kValueCleaned, i, record, "按单元格中所写的单位读取");
}

void RecordReader::ReadCodes(size_t i, Record* record) const {
  static const std::vector<Word>& flags =
      *new std::vector<Word>{{"1", "是"}, {"1", "有"}, {"1", "TRUE"}, {"0", "否"}, {"0", "无"}, {"0", "FALSE"}};
  const Column& column = map_.columns[i];
  const std::vector<Word>& words = column.type == Type::kFlag ? flags : map_.codes.find(column.codes)->second;
  const auto day = DayIn(*record, dated_by_);
  Value& value = record->values[i];
  const std::string text = NormalHeader(value.text);
  value.codes = CodesOf(words, text, day);
  if (value.codes.empty() && column.type == Type::kCodes) {
    for (const absl::string_view part : absl::StrSplit(text, absl::ByAnyChar(";,、\n"), absl::SkipEmpty())) {
      const std::vector<std::string> codes = CodesOf(words, part, day);
      if (codes.empty()) Find(kCodeUnknown, i, record, part);
      value.codes.insert(value.codes.end(), codes.begin(), codes.end());
    }
  } else if (value.codes.empty()) {
    Find(kCodeUnknown, i, record);
  }
  value.known = !value.codes.empty();
  value.text = absl::StrJoin(value.codes, ";");
}

void RecordReader::CheckIdentity(size_t i, Record* record) const {
  const int kind = named_[i].beside;
  const Value& value = record->values[i];
  if (!value.known || (kind >= 0 && record->values[kind].text != kCitizenIdKind)) return;
  const CitizenIdVerdict verdict = CheckCitizenId(value.text);
  if (verdict != CitizenIdVerdict::kValid && verdict != CitizenIdVerdict::kOldForm) Find(kCitizenIdChecksum, i, record);
}

bool RecordReader::IsDue(size_t i, const Record& record) const {
  const absl::string_view must = map_.columns[i].must;
  if (must.empty() || header_.columns[i] < 0 || (decided_by_ >= 0 && IsBlank(record.values[decided_by_].cell))) return false;
  if (must == "yes") return true;
  const auto wanted = [&](const std::string& code) {
    return std::count(named_[i].codes.begin(), named_[i].codes.end(), code) > 0;
  };
  const std::vector<std::string>& codes = record.values[named_[i].must].codes;
  return std::any_of(codes.begin(), codes.end(), wanted);
}

void RecordReader::CheckAcrossFields(Record* record) const {
  bool organ = false, number = false;
  for (size_t i = 0; i < map_.columns.size(); ++i) {
    const Column& column = map_.columns[i];
    const Value& value = record->values[i];
    organ = organ || (column.key == "organ" && !IsBlank(value.cell));
    number = number || (column.key == "number" && !IsBlank(value.cell));
    if (!value.known && IsDue(i, *record) && !IsFound(column.field, *record)) Find(kFieldRequired, i, record);
    if (column.type == Type::kIdentity) CheckIdentity(i, record);
    const int beside = named_[i].beside;
    if (beside < 0 || !value.known) continue;
    const bool days = column.type == Type::kDay || column.type == Type::kExpiry;
    if (days && record->values[beside].known && value.day < record->values[beside].day) Find(kDatesOutOfOrder, i, record);
    if (column.type == Type::kAmount) {
      const auto told = LargestAmountIn(record->values[beside].cell);
      if (told && *told > 0 && value.fen / *told >= 100) Find(kUnitSuspect, i, record);
    }
  }
  if (organ && number) return;
  record->findings.push_back({.rule = &kKeyMissing,
                              .severity = Severity::kRefused,
                              .row = record->row,
                              .sentence = absl::StrCat(kKeyMissing.sentence, organ    ? "：文号"
                                                                             : number ? "：机关"
                                                                                      : "：机关和文号")});
}

std::string Reasons(const Record& record) {
  return absl::StrJoin(record.findings, "；",
                       [](std::string* out, const Finding& finding) { absl::StrAppend(out, finding.sentence); });
}

}  // namespace sifa::ingest
