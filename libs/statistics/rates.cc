#include "libs/statistics/rates.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/rounding.h"
#include "libs/core/status.h"
#include "libs/statistics/labels.h"

namespace sifa::statistics {
namespace {

using Keys = std::vector<std::string>;

// One question to a cube: the period that a part asks about.
struct Question {
  const Cube* cube;
  Period period;
  bool operator<(const Question& other) const {
    return std::tie(cube->name, period.from, period.to) < std::tie(other.cube->name, other.period.from, other.period.to);
  }
};

// The measures of its rows; of the totals, which have no keys, too.
struct Answered {
  std::map<Keys, Measures> rows;
  Measures totals{};
};

Question QuestionOf(const RatePart& part) { return {part.cube, part.period}; }

absl::StatusOr<std::vector<RateColumn>> ColumnsOf(const Cubes& cubes, const Query& query) {
  std::vector<RateColumn> columns;
  for (const Cube* cube : cubes.all()) {
    for (const Rate& rate : cube->rates) {
      RateColumn column{&rate, {}, {}};
      for (const absl::string_view measure : rate.numerator) {
        column.numerator.push_back({cube, MeasureIndex(*cube, measure), {query.from, query.to}});
      }
      for (const Base& base : rate.denominator) {
        ASSIGN_OR_RETURN(const Cube* of, cubes.Require(base.cube));
        const absl::CivilDay before = query.from - 1;
        const Period period = base.at_start ? Period{before, before} : Period{query.from, query.to};
        column.denominator.push_back({of, MeasureIndex(*of, base.measure), period});
      }
      columns.push_back(std::move(column));
    }
  }
  return columns;
}

RateValue ValueOf(const RateColumn& column, const std::map<Question, Answered>& answers, const Keys* keys) {
  const auto figure = [&](const RatePart& part) -> int64_t {
    const Answered& answered = answers.at(QuestionOf(part));
    if (keys == nullptr) return answered.totals[part.measure];
    const auto row = answered.rows.find(*keys);
    return row == answered.rows.end() ? 0 : row->second[part.measure];
  };
  RateValue value;
  int64_t above = 0, below = 0;
  for (const RatePart& part : column.numerator) above += value.numerator.emplace_back(figure(part));
  for (const RatePart& part : column.denominator) below += value.denominator.emplace_back(figure(part));
  value.value = RatioText(above, below, column.rate->scale, column.rate->decimals);
  return value;
}

RateRow RowOf(const RateTable& table, const std::map<Question, Answered>& answers, const Keys* keys) {
  RateRow row;
  if (keys != nullptr) row.keys = *keys;
  for (const RateColumn& column : table.columns) row.values.push_back(ValueOf(column, answers, keys));
  return row;
}

std::string SumOf(const std::vector<RatePart>& parts, const std::vector<int64_t>& figures) {
  std::string sum;
  for (size_t i = 0; i < parts.size(); ++i) {
    const RatePart& part = parts[i];
    absl::StrAppend(&sum, i == 0 ? "" : " + ", part.cube->measures[part.measure].label,
                    part.cube->stock ? absl::StrCat("（", FormatDay(part.period.to), "）") : "", " ", figures[i]);
  }
  return parts.size() == 1 ? sum : absl::StrCat("（", sum, "）");
}

}  // namespace

absl::StatusOr<RateTable> RunRates(Snapshot& snapshot, const Cubes& cubes, const Reference& reference, const Query& query) {
  RateTable table;
  ASSIGN_OR_RETURN(table.columns, ColumnsOf(cubes, query));
  table.position = query.as_of > 0 ? query.as_of : snapshot.position;
  std::map<Question, Answered> answers;
  std::vector<std::map<std::string, std::string>> labels(query.group_by.size());
  for (const RateColumn& column : table.columns) {
    for (const auto* parts : {&column.numerator, &column.denominator}) {
      for (const RatePart& part : *parts) answers.try_emplace(QuestionOf(part));
    }
  }
  std::map<Keys, bool> all;
  for (auto& [question, answered] : answers) {
    Query asked = query;
    asked.cube = std::string(question.cube->name);
    // Told in the divisions of the period's last day, whichever day a part is of.
    asked.divisions_on = query.divisions_on.value_or(query.to);
    asked.from = question.period.from;
    asked.to = question.period.to;
    ASSIGN_OR_RETURN(const Result result, RunQuery(snapshot, cubes, reference, asked));
    if (table.place.empty()) table.place = PlaceLabel(result, asked, reference);
    answered.totals = result.totals.measures;
    for (size_t group = 0; group < result.groups; ++group) {
      const auto names = KeyLabels(result, asked, reference, group);
      for (size_t i = 0; i < names.size(); ++i) labels[group].emplace(result.keys[group][static_cast<uint32_t>(i)], names[i]);
    }
    for (const ResultRow& row : result.rows) {
      Keys keys;
      for (size_t group = 0; group < result.groups; ++group) keys.push_back(result.Key(row, group));
      all[keys] = true;
      answered.rows[std::move(keys)] = row.measures;
    }
  }
  for (auto& names : labels) table.labels.emplace_back(names.begin(), names.end());
  for (const auto& [keys, there] : all) table.rows.push_back(RowOf(table, answers, &keys));
  table.totals = RowOf(table, answers, nullptr);
  return table;
}

std::string FormulaOf(const RateColumn& column, const RateValue& value) {
  return absl::StrCat(SumOf(column.numerator, value.numerator), " ÷ ", SumOf(column.denominator, value.denominator),
                      column.rate->scale == 1 ? "" : absl::StrCat(" × ", column.rate->scale));
}

}  // namespace sifa::statistics
