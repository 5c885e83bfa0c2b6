// Results in the messages of statistics.v1.
#pragma once

#include "libs/statistics/drill_down.h"
#include "libs/statistics/rates.h"
#include "libs/statistics/rebuild.h"
#include "libs/statistics/report.h"
#include "sifa/statistics/v1/statistics.pb.h"

namespace sifa::statistics {

// `answer` is empty. A large table has thousands of small messages: made on an arena it costs a third.
void Fill(const Result& result, const Query& query, const Reference& reference, v1::QueryResponse* answer);
void Fill(const RateTable& table, const Query& query, v1::RatesResponse* answer);
void FillContribution(const Share& share, v1::Contribution* contribution);
v1::ChangedObject ToProto(const ChangedObject& object);
v1::Rebuild ToProto(const Rebuild& rebuild);
RebuildReport ReportOf(const v1::Rebuild& rebuild);
absl::StatusOr<v1::Report> ToProto(const StoredReport& report);

// Rows and totals whose measures differ between two answers to the same query.
void AddDifferences(const v1::QueryResponse& reported, const v1::QueryResponse& now,
                    v1::CompareReportResponse* response);
// The same figures: rows, measures and totals.
bool SameFigures(const v1::QueryResponse& a, const v1::QueryResponse& b);

}  // namespace sifa::statistics
