#include "libs/statistics/answers.h"

#include <map>

#include "google/protobuf/util/time_util.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/labels.h"

namespace sifa::statistics {
namespace {

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

void FillKeyColumn(const Result& result, const Query& query, const Reference& reference, size_t group, v1::KeyColumn* to) {
  to->set_name(query.group_by[group]);
  to->set_label(GroupLabel(*result.cube, query.group_by[group]));
  const KeySet& keys = result.keys[group];
  const std::vector<std::string> labels = KeyLabels(result, query, reference, group);
  for (uint32_t key = 0; key < keys.size(); ++key) (*to->mutable_labels())[keys[key]] = labels[key];
}

void FillRatioColumn(absl::string_view name, absl::string_view numerator, absl::string_view denominator, const Explanation& how,
                     v1::RatioColumn* to) {
  to->set_name(std::string(name));
  to->set_label(how.label);
  to->set_unit(how.unit);
  to->set_numerator(std::string(numerator));
  to->set_denominator(std::string(denominator));
  to->set_formula(how.formula);
  to->set_source(how.source);
}

void FillColumns(const Result& result, const Query& query, const Reference& reference, v1::QueryResponse* answer) {
  const Cube& cube = *result.cube;
  for (size_t i = 0; i < result.groups; ++i) FillKeyColumn(result, query, reference, i, answer->add_keys());
  for (size_t i = 0; i < cube.measures.size(); ++i) {
    auto* column = answer->add_measures();
    column->set_name(std::string(cube.measures[i].name));
    column->set_label(std::string(cube.measures[i].label));
    column->set_unit(std::string(cube.measures[i].unit));
    column->set_withheld(result.withheld[i]);
  }
  for (size_t i = 0; i < cube.ratios.size(); ++i) {
    const Ratio& ratio = cube.ratios[i];
    FillRatioColumn(ratio.name, ratio.numerator, ratio.denominator, result.ExplainRatio(i), answer->add_ratios());
  }
  if (result.shares) FillRatioColumn("share", cube.share_of, "shareBase", result.ExplainShare(), answer->mutable_share());
}

void FillComparison(const Result& result, const ResultRow& row, const Measures& previous, v1::Comparison* to) {
  for (size_t i = 0; i < result.cube->measures.size(); ++i) {
    const Change change = result.ChangeOf(row, previous, i);
    to->add_previous(change.previous);
    to->add_differences(change.difference);
    to->add_percents(change.percent);
  }
  for (size_t i = 0; i < result.cube->ratios.size(); ++i) to->add_ratios(result.RatioOf(row, previous, i).value);
}

// The totals have no keys.
void FillRow(const Result& result, const ResultRow& row, size_t keys, v1::Row* to) {
  const Cube& cube = *result.cube;
  to->mutable_keys()->Reserve(static_cast<int>(keys));
  for (size_t i = 0; i < keys; ++i) to->add_keys(result.Key(row, i));
  to->mutable_measures()->Add(row.measures.begin(), row.measures.begin() + cube.measures.size());
  to->mutable_ratios()->Reserve(static_cast<int>(cube.ratios.size()));
  for (size_t i = 0; i < cube.ratios.size(); ++i) {
    to->add_ratios(result.RatioOf(row, row.measures, i).value);
    if (cube.ratios[i].denominator == kPopulation && row.people != nullptr) to->set_population(row.people->population);
  }
  if (result.shares) {
    to->set_share(result.ShareOf(row).value);
    to->set_share_base(row.share_base);
  }
  if (row.last_year) FillComparison(result, row, *row.last_year, to->mutable_year_on_year());
  if (row.period_before) FillComparison(result, row, *row.period_before, to->mutable_month_on_month());
}

using ByKeys = std::map<std::vector<std::string>, const v1::Row*>;

ByKeys RowsOf(const v1::QueryResponse& answer) {
  ByKeys rows;
  for (const auto& row : answer.rows()) rows[{row.keys().begin(), row.keys().end()}] = &row;
  rows[{}] = &answer.totals();
  return rows;
}

bool SameMeasures(const v1::Row& a, const v1::Row& b) {
  return std::equal(a.measures().begin(), a.measures().end(), b.measures().begin(), b.measures().end());
}

// `row` may be null: nothing then, or nothing now.
int64_t MeasureOf(const v1::Row* row, int index) {
  return row != nullptr && index < row->measures_size() ? row->measures(index) : 0;
}

std::string LabelOf(const v1::QueryResponse& answer, int group, const std::string& key) {
  const auto& labels = answer.keys(group).labels();
  const auto found = labels.find(key);
  return found == labels.end() ? key : found->second;
}

void AddDifference(const v1::Row* reported, const v1::Row* now, int measures, v1::ReportDifference* made) {
  *made->mutable_keys() = (reported != nullptr ? *reported : *now).keys();
  for (int i = 0; i < measures; ++i) {
    made->add_reported(MeasureOf(reported, i));
    made->add_now(MeasureOf(now, i));
    made->add_difference(MeasureOf(now, i) - MeasureOf(reported, i));
  }
}

}  // namespace

void Fill(const Result& result, const Query& query, const Reference& reference, v1::QueryResponse* answer) {
  answer->set_cube(std::string(result.cube->name));
  answer->set_label(std::string(result.cube->label));
  answer->set_from(FormatDay(result.period.from));
  answer->set_to(FormatDay(result.period.to));
  answer->set_place(PlaceLabel(result, query, reference));
  if (!query.region.empty()) answer->set_divisions_on(FormatDay(result.divisions_on));
  FillColumns(result, query, reference, answer);
  answer->mutable_rows()->Reserve(static_cast<int>(result.rows.size()));
  for (const ResultRow& row : result.rows) FillRow(result, row, result.groups, answer->add_rows());
  FillRow(result, result.totals, 0, answer->mutable_totals());
  answer->set_position(result.position);
  if (result.last_year) {
    answer->set_last_year_from(FormatDay(result.last_year->from));
    answer->set_last_year_to(FormatDay(result.last_year->to));
  }
  if (result.period_before) {
    answer->set_period_before_from(FormatDay(result.period_before->from));
    answer->set_period_before_to(FormatDay(result.period_before->to));
  }
}

void FillPart(const RatePart& part, v1::RatePart* to) {
  to->set_cube(std::string(part.cube->name));
  to->set_measure(std::string(part.cube->measures[part.measure].name));
  to->set_label(std::string(part.cube->measures[part.measure].label));
  to->set_from(FormatDay(part.period.from));
  to->set_to(FormatDay(part.period.to));
}

void FillRates(const RateRow& row, v1::RateRow* to) {
  to->mutable_keys()->Add(row.keys.begin(), row.keys.end());
  for (const RateValue& value : row.values) {
    auto* made = to->add_values();
    made->set_value(value.value);
    made->mutable_numerator()->Add(value.numerator.begin(), value.numerator.end());
    made->mutable_denominator()->Add(value.denominator.begin(), value.denominator.end());
  }
}

void Fill(const RateTable& table, const Query& query, v1::RatesResponse* answer) {
  answer->set_from(FormatDay(query.from));
  answer->set_to(FormatDay(query.to));
  answer->set_place(table.place);
  for (size_t i = 0; i < query.group_by.size(); ++i) {
    auto* column = answer->add_keys();
    column->set_name(query.group_by[i]);
    if (!table.columns.empty()) column->set_label(GroupLabel(*table.columns[0].numerator[0].cube, query.group_by[i]));
    for (const auto& [key, label] : table.labels[i]) (*column->mutable_labels())[key] = label;
  }
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const RateColumn& from = table.columns[i];
    auto* column = answer->add_rates();
    column->set_name(std::string(from.rate->name));
    column->set_label(std::string(from.rate->label));
    column->set_unit(std::string(from.rate->unit));
    for (const RatePart& part : from.numerator) FillPart(part, column->add_numerator());
    for (const RatePart& part : from.denominator) FillPart(part, column->add_denominator());
    column->set_formula(FormulaOf(from, table.totals.values[i]));
    column->set_source(std::string(from.rate->source));
  }
  for (const RateRow& row : table.rows) FillRates(row, answer->add_rows());
  FillRates(table.totals, answer->mutable_totals());
  answer->set_position(table.position);
}

void FillContribution(const Share& share, v1::Contribution* made) {
  made->set_day(FormatDay(share.day));
  made->set_region(share.region.ToString());
  made->set_organisation_path(share.organisation_path);
  made->mutable_dimensions()->Add(share.dimensions.begin(), share.dimensions.end());
  made->mutable_measures()->Add(share.measures.begin(), share.measures.end());
}

v1::ChangedObject ToProto(const ChangedObject& object) {
  v1::ChangedObject made;
  made.set_object_id(object.id.ToString());
  for (const Share& share : object.before) FillContribution(share, made.add_before());
  for (const Share& share : object.after) FillContribution(share, made.add_after());
  made.mutable_journal_ids()->Add(object.journal_ids.begin(), object.journal_ids.end());
  return made;
}

v1::Rebuild ToProto(const Rebuild& rebuild) {
  v1::Rebuild made;
  made.set_id(rebuild.id.ToString());
  made.set_state(!rebuild.ended_at ? v1::Rebuild::RUNNING : rebuild.report ? v1::Rebuild::FINISHED : v1::Rebuild::FAILED);
  made.set_replace(rebuild.replaces);
  made.set_position(rebuild.position);
  made.set_of(rebuild.of);
  *made.mutable_start_time() = ToTimestamp(rebuild.started_at);
  if (rebuild.ended_at) *made.mutable_end_time() = ToTimestamp(*rebuild.ended_at);
  made.set_problem(rebuild.problem);
  if (!rebuild.report) return made;
  const RebuildReport& report = *rebuild.report;
  made.set_position(report.position);
  made.set_counters(report.counters);
  made.set_contributions(report.contributions);
  made.set_difference_count(report.difference_count);
  made.set_replaced(report.replaced);
  for (const CounterDifference& from : report.differences) {
    auto* to = made.add_differences();
    to->set_cube(from.cube);
    to->set_where(from.where);
    to->mutable_counted()->Add(from.counted.begin(), from.counted.end());
    to->mutable_recomputed()->Add(from.recomputed.begin(), from.recomputed.end());
  }
  return made;
}

RebuildReport ReportOf(const v1::Rebuild& rebuild) {
  RebuildReport report;
  report.position = rebuild.position();
  report.counters = rebuild.counters();
  report.contributions = rebuild.contributions();
  report.difference_count = rebuild.difference_count();
  report.replaced = rebuild.replaced();
  for (const auto& from : rebuild.differences()) {
    report.differences.push_back({from.cube(),
                                  from.where(),
                                  {from.counted().begin(), from.counted().end()},
                                  {from.recomputed().begin(), from.recomputed().end()}});
  }
  return report;
}

absl::StatusOr<v1::Report> ToProto(const StoredReport& report) {
  v1::Report made;
  made.set_id(report.id.ToString());
  made.set_name(report.name);
  if (!made.mutable_query()->ParseFromString(report.query) ||
      !made.mutable_answer()->ParseFromString(report.answer)) {
    return Internal("a stored report does not parse");
  }
  if (report.answer.empty()) made.clear_answer();
  made.set_position(report.position);
  made.set_digest(crypto::Hex(report.digest));
  made.set_created_by(report.created_by);
  *made.mutable_create_time() = ToTimestamp(report.created_at);
  return made;
}

void AddDifferences(const v1::QueryResponse& reported, const v1::QueryResponse& now,
                    v1::CompareReportResponse* response) {
  const ByKeys then = RowsOf(reported);
  ByKeys both = then;
  const ByKeys later = RowsOf(now);
  both.insert(later.begin(), later.end());
  for (const auto& [keys, any] : both) {
    const auto a = then.find(keys), b = later.find(keys);
    const v1::Row* x = a == then.end() ? nullptr : a->second;
    const v1::Row* y = b == later.end() ? nullptr : b->second;
    if (x != nullptr && y != nullptr && SameMeasures(*x, *y)) continue;
    auto* difference = response->add_differences();
    AddDifference(x, y, now.measures_size(), difference);
    for (int i = 0; i < difference->keys_size(); ++i) difference->add_labels(LabelOf(x != nullptr ? reported : now, i, difference->keys(i)));
  }
}

bool SameFigures(const v1::QueryResponse& a, const v1::QueryResponse& b) {
  v1::CompareReportResponse differences;
  AddDifferences(a, b, &differences);
  return differences.differences().empty();
}

}  // namespace sifa::statistics
