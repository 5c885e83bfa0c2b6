#include "libs/statistics/answers.h"

#include <map>

#include "google/protobuf/util/time_util.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/labels.h"

namespace sifa::statistics {
namespace {

void FillRatio(const RatioValue& from, v1::RatioValue* to) {
  to->mutable_name()->assign(from.name.data(), from.name.size());
  to->set_value(from.value);
  to->set_numerator(from.numerator);
  to->set_denominator(from.denominator);
}

void FillExplanation(const Explanation& from, v1::RatioValue* to) {
  to->set_label(from.label);
  to->set_unit(from.unit);
  to->set_formula(from.formula);
  to->set_source(from.source);
}

void FillComparison(const Comparison& from, v1::Comparison* to) {
  for (const Change& change : from.changes) {
    auto* made = to->add_changes();
    made->set_previous(change.previous);
    made->set_difference(change.difference);
    made->set_percent(change.percent);
  }
  for (const RatioValue& ratio : from.ratios) FillRatio(ratio, to->add_ratios());
}

void FillRow(const ResultRow& from, const Result& result, KeyLabels* labels, v1::Row* to) {
  to->mutable_keys()->Add(from.keys.begin(), from.keys.end());
  for (size_t i = 0; i < from.keys.size(); ++i) to->add_labels(labels->Of(i, from.keys[i]));
  to->mutable_measures()->Reserve(static_cast<int>(result.cube->measures.size()));
  to->mutable_ratios()->Reserve(static_cast<int>(from.ratios.size()));
  for (size_t i = 0; i < result.cube->measures.size(); ++i) to->add_measures(from.measures[i]);
  for (const RatioValue& ratio : from.ratios) FillRatio(ratio, to->add_ratios());
  if (from.share) FillRatio(*from.share, to->mutable_share());
  if (from.year_on_year) FillComparison(*from.year_on_year, to->mutable_year_on_year());
  if (from.month_on_month) FillComparison(*from.month_on_month, to->mutable_month_on_month());
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

void AddDifference(const v1::Row* reported, const v1::Row* now, int measures, v1::ReportDifference* made) {
  const v1::Row& named = reported != nullptr ? *reported : *now;
  *made->mutable_keys() = named.keys();
  *made->mutable_labels() = named.labels();
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
  answer->set_place(PlaceLabel(reference, query));
  if (!query.region.empty()) answer->set_divisions_on(FormatDay(result.divisions_on));
  for (const std::string& group : query.group_by) {
    auto* column = answer->add_keys();
    column->set_name(group);
    column->set_label(GroupLabel(*result.cube, group));
  }
  for (const Measure& measure : result.cube->measures) {
    auto* column = answer->add_measures();
    column->set_name(std::string(measure.name));
    column->set_label(std::string(measure.label));
    column->set_unit(std::string(measure.unit));
  }
  answer->mutable_rows()->Reserve(static_cast<int>(result.rows.size()));
  KeyLabels labels(*result.cube, reference, query.group_by);
  for (const ResultRow& row : result.rows) FillRow(row, result, &labels, answer->add_rows());
  FillRow(result.totals, result, &labels, answer->mutable_totals());
  for (size_t i = 0; i < result.explanations.size(); ++i) {
    FillExplanation(result.explanations[i], answer->mutable_totals()->mutable_ratios(static_cast<int>(i)));
  }
  if (result.share_explanation) FillExplanation(*result.share_explanation, answer->mutable_totals()->mutable_share());
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

v1::RebuildResponse ToProto(const RebuildReport& report) {
  v1::RebuildResponse made;
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
  *made.mutable_create_time() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(report.created_at));
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
    AddDifference(x, y, now.measures_size(), response->add_differences());
  }
}

bool SameFigures(const v1::QueryResponse& a, const v1::QueryResponse& b) {
  v1::CompareReportResponse differences;
  AddDifferences(a, b, &differences);
  return differences.differences().empty();
}

}  // namespace sifa::statistics
