#include "libs/statistics/export.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "libs/core/clock.h"
#include "libs/core/rounding.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/labels.h"

namespace sifa::statistics {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

// A text that begins like a formula would be run by Excel.
std::string Field(absl::string_view text, bool number = false) {
  std::string field(text);
  if (!number && !field.empty() && absl::string_view("=+-@\t\r").find(field[0]) != absl::string_view::npos)
    field = absl::StrCat("'", field);
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  return absl::StrCat("\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"");
}

class Sheet {
 public:
  Sheet(const Result& result, const Query& query, const Reference& reference)
      : result_(result), query_(query), reference_(reference), cube_(*result.cube) {
    for (size_t i = 0; i < result.groups; ++i) labels_.push_back(KeyLabels(result, query, reference, i));
  }

  std::string Make() {
    Preamble();
    Header();
    for (const ResultRow& row : result_.rows) AddRow(row);
    AddTotals();
    return absl::StrCat(kByteOrderMark, content_);
  }

 private:
  void Text(absl::string_view text) { fields_.push_back(Field(text)); }
  void Number(int64_t number) { fields_.push_back(absl::StrCat(number)); }
  // Money as forms have it: counted in 分, printed in 元.
  void Amount(size_t measure, int64_t number) {
    if (result_.withheld[measure]) return Figure("*");
    IsMoney(cube_.measures[measure]) ? Figure(DecimalText(number, 2)) : Number(number);
  }
  static bool IsMoney(const Measure& measure) { return measure.unit == "分"; }
  void Figure(absl::string_view text) { fields_.push_back(Field(text, true)); }
  void EndLine() {
    absl::StrAppend(&content_, absl::StrJoin(fields_, ","), "\r\n");
    fields_.clear();
  }
  void Note(absl::string_view label, absl::string_view text) {
    Text(label);
    Text(text);
    EndLine();
  }
  static std::string Days(const Period& period) {
    return absl::StrCat(FormatDay(period.from), " 至 ", FormatDay(period.to));
  }

  void Preamble() {
    Note("统计表", cube_.label);
    Note("范围", PlaceLabel(result_, query_, reference_));
    Note("时段", Days(result_.period));
    if (result_.last_year) Note("同比时段", Days(*result_.last_year));
    if (result_.period_before) Note("环比时段", Days(*result_.period_before));
    for (const Filter& filter : query_.filters)
      Note(GroupLabel(cube_, filter.dimension), absl::StrJoin(filter.values, "、"));
    Note("数据截至记录", absl::StrCat("第", result_.position, "条"));
    for (size_t i = 0; i < cube_.ratios.size(); ++i) {
      const Explanation how = result_.ExplainRatio(i);
      Note(absl::StrCat("公式：", how.label),
           absl::StrCat(how.formula, " = ", result_.RatioOf(result_.totals, result_.totals.measures, i).value, " ", how.unit,
                        how.source.empty() ? "" : absl::StrCat("（", how.source, "）")));
    }
    EndLine();
  }

  void Header() {
    for (const std::string& group : query_.group_by) {
      Text(absl::StrCat(GroupLabel(cube_, group), "代码"));
      Text(GroupLabel(cube_, group));
    }
    if (query_.group_by.empty()) Text("项目");
    for (const Measure& measure : cube_.measures) Text(MeasureLabel(measure));
    for (const Ratio& ratio : cube_.ratios) Text(WithUnit(ratio.label, ratio.unit));
    if (result_.shares) Text("占比（%）");
    if (result_.last_year) HeaderOfComparison("去年同期", "同比");
    if (result_.period_before) HeaderOfComparison("上期", "环比");
    EndLine();
  }
  void HeaderOfComparison(absl::string_view then, absl::string_view change) {
    for (const Measure& measure : cube_.measures) {
      const std::string label = MeasureLabel(measure);
      Text(absl::StrCat(label, then));
      Text(absl::StrCat(label, change, "增减"));
      Text(absl::StrCat(label, change, "（%）"));
    }
  }
  // Measures of one label may differ in their units alone.
  static std::string MeasureLabel(const Measure& measure) { return WithUnit(measure.label, IsMoney(measure) ? "元" : measure.unit); }
  static std::string WithUnit(absl::string_view label, absl::string_view unit) {
    return unit.empty() ? std::string(label) : absl::StrCat(label, "（", unit, "）");
  }
  void AddRow(const ResultRow& row) {
    for (size_t i = 0; i < result_.groups; ++i) {
      Text(result_.Key(row, i));
      Text(labels_[i][row.key[i]]);
    }
    AddFigures(row);
  }
  void AddTotals() {
    Text("合计");
    for (size_t i = 1; i < result_.groups * 2; ++i) Text("");
    AddFigures(result_.totals);
  }
  void AddFigures(const ResultRow& row) {
    for (size_t i = 0; i < cube_.measures.size(); ++i) Amount(i, row.measures[i]);
    for (size_t i = 0; i < cube_.ratios.size(); ++i) Figure(result_.RatioOf(row, row.measures, i).value);
    if (result_.shares) Figure(result_.ShareOf(row).value);
    if (row.last_year) AddComparison(row, *row.last_year);
    if (row.period_before) AddComparison(row, *row.period_before);
    EndLine();
  }
  void AddComparison(const ResultRow& row, const Measures& previous) {
    for (size_t i = 0; i < cube_.measures.size(); ++i) {
      const Change change = result_.ChangeOf(row, previous, i);
      Amount(i, change.previous);
      Amount(i, change.difference);
      Figure(result_.withheld[i] ? "*" : change.percent);
    }
  }

  const Result& result_;
  const Query& query_;
  const Reference& reference_;
  const Cube& cube_;
  std::vector<std::vector<std::string>> labels_;  // by group and number of the key
  std::vector<std::string> fields_;
  std::string content_;
};

std::string FileName(const Result& result, const Query& query) {
  std::string place = query.region.empty() ? query.organisation_path : query.region;
  absl::StrReplaceAll({{"/", "-"}}, &place);
  return absl::StrCat(result.cube->name, "_", place, "_", FormatDay(result.period.from), "_",
                      FormatDay(result.period.to), "_", result.position, ".csv");
}

}  // namespace

CsvFile MakeCsv(const Result& result, const Query& query, const Reference& reference) {
  CsvFile file{FileName(result, query), Sheet(result, query, reference).Make(), ""};
  file.digest = crypto::Hex(crypto::Sha256(file.content));
  return file;
}

}  // namespace sifa::statistics
