#include "libs/statistics/statistics_api.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "libs/core/organisation_path.h"
#include "libs/core/status.h"
#include "libs/statistics/answers.h"
#include "libs/statistics/export.h"
#include "libs/statistics/place.h"
#include "libs/statistics/reach.h"

namespace sifa::statistics {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kLargestPage = 200;

int PageSize(int asked) { return asked <= 0 ? kDefaultPage : std::min(asked, kLargestPage); }

absl::StatusOr<Id> ReadPageToken(const std::string& token) {
  if (token.empty()) return Id{};
  const auto id = ParseId(token);
  return id.ok() ? id : InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询");
}

std::string PlaceToken(const std::optional<ObjectPlace>& next) {
  return next ? absl::StrCat(next->month, "-", next->id.ToString()) : "";
}

absl::StatusOr<ObjectPlace> ReadPlace(const std::string& token) {
  if (token.empty()) return ObjectPlace{};
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(token, absl::MaxSplits('-', 1));
  ObjectPlace place;
  const auto id = ParseId(parts.second);
  if (!id.ok() || !absl::SimpleAtoi(parts.first, &place.month)) return InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询");
  place.id = *id;
  return place;
}

absl::StatusOr<absl::CivilDay> ReadDay(absl::string_view field, const std::string& text) {
  absl::CivilDay day;
  if (ParseDay(text, &day)) return day;
  return InvalidField(field, "PERIOD_INVALID", absl::StrCat("“", text, "”不是日期，应为 2026-01-31 这样"));
}

void AddFilters(const google::protobuf::RepeatedPtrField<v1::Filter>& filters, Query* query) {
  for (const auto& filter : filters)
    query->filters.push_back({filter.dimension(), {filter.values().begin(), filter.values().end()}});
}

// The fields that queries and drill-downs have in common. What counts on days still to come is asked for up to
// today: a limit that has not passed is nobody's default.
template <class Request>
absl::StatusOr<Query> ReadCell(const Request& request, const Cubes& cubes, absl::CivilDay today) {
  Query query;
  query.cube = request.cube();
  ASSIGN_OR_RETURN(query.from, ReadDay("from", request.from()));
  ASSIGN_OR_RETURN(query.to, ReadDay("to", request.to()));
  ASSIGN_OR_RETURN(const Cube* cube, cubes.Require(query.cube));
  if (cube->ahead) {
    if (query.from > today) return InvalidField("from", "PERIOD_AHEAD", "此表统计到今天为止");
    query.to = std::min(query.to, today);
  }
  query.region = request.region();
  query.organisation_path = request.organisation_path();
  if (!request.divisions_on().empty()) {
    ASSIGN_OR_RETURN(query.divisions_on, ReadDay("divisions_on", request.divisions_on()));
  }
  AddFilters(request.filters(), &query);
  query.as_of = request.as_of();
  return query;
}

// Whether what is sealed at the place is the caller's to know: by the scopes of its compartment.
bool KnowsSealed(const Query& query, const RegionTable* regions, const Scopes& scopes) {
  Scopes sealed;
  for (absl::string_view scope : scopes) {
    const bool exact = absl::ConsumePrefix(&scope, "=");
    if (IsSealed(scope)) sealed.push_back(absl::StrCat(exact ? "=" : "", Unseal(scope)));
  }
  Query bounded = query;
  return !sealed.empty() && BoundToReach(sealed, regions, &bounded).ok();
}

// A column goes as a whole: what is left of a total would tell what is missing.
void Withhold(const Query& query, Result* result) {
  if (query.smallest == 0) return;
  std::vector<ResultRow*> rows = {&result->totals};
  for (ResultRow& row : result->rows) rows.push_back(&row);
  const auto of = [](ResultRow& row) {
    return std::array<Measures*, 3>{&row.measures, row.last_year.get(), row.period_before.get()};
  };
  for (size_t i = 0; i < result->cube->measures.size(); ++i) {
    if (!result->cube->measures[i].sealed) continue;
    bool small = !query.filters.empty();
    for (ResultRow* row : rows) {
      for (const Measures* figures : of(*row))
        small |= figures != nullptr && (*figures)[i] != 0 && (*figures)[i] < query.smallest;
    }
    if (!small) continue;
    result->withheld[i] = true;
    for (ResultRow* row : rows) {
      for (Measures* figures : of(*row)) {
        if (figures != nullptr) (*figures)[i] = 0;
      }
    }
  }
}

// Whose report it is: the organisation asked about; of a division, the scope that reaches it.
std::string OwnerOf(const Query& query, const RegionTable* regions, const Scopes& scopes) {
  if (!query.organisation_path.empty()) return query.organisation_path;
  for (const std::string& scope : scopes) {
    Query bounded = query;
    if (BoundToReach({scope}, regions, &bounded).ok()) return scope;
  }
  return "";
}

}  // namespace

absl::StatusOr<Query> StatisticsApi::ReadQuery(const v1::QueryRequest& request, const Scopes& scopes) const {
  ASSIGN_OR_RETURN(statistics::Query query, ReadCell(request, cubes_, clock_.Today()));
  query.group_by.assign(request.group_by().begin(), request.group_by().end());
  for (const int compare : request.compare()) {
    query.year_on_year |= compare == v1::YEAR_ON_YEAR;
    query.month_on_month |= compare == v1::MONTH_ON_MONTH;
  }
  if (request.has_decimals()) query.decimals = request.decimals();
  query.complete = request.complete();
  RETURN_IF_ERROR(BoundToReach(scopes, reference_.regions, &query));
  query.smallest = KnowsSealed(query, reference_.regions, scopes) ? 0 : smallest_told_;
  return query;
}

absl::StatusOr<Result> StatisticsApi::Ask(const statistics::Query& query) const {
  Result result;
  RETURN_IF_ERROR(WithSnapshot(pool_, [&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(result, RunQuery(snapshot, cubes_, reference_, query, &remembered_));
    Withhold(query, &result);
    return absl::OkStatus();
  }));
  return result;
}

absl::Status StatisticsApi::Query(const v1::QueryRequest& request, const Scopes& scopes, v1::QueryResponse* answer) const {
  ASSIGN_OR_RETURN(const auto query, ReadQuery(request, scopes));
  ASSIGN_OR_RETURN(const Result result, Ask(query));
  Fill(result, query, reference_, answer);
  return absl::OkStatus();
}

absl::StatusOr<v1::RatesResponse> StatisticsApi::Rates(const v1::RatesRequest& request, const Scopes& scopes) const {
  statistics::Query query;
  ASSIGN_OR_RETURN(query.from, ReadDay("from", request.from()));
  ASSIGN_OR_RETURN(query.to, ReadDay("to", request.to()));
  query.region = request.region();
  query.organisation_path = request.organisation_path();
  AddFilters(request.filters(), &query);
  query.group_by.assign(request.group_by().begin(), request.group_by().end());
  query.as_of = request.as_of();
  RETURN_IF_ERROR(BoundToReach(scopes, reference_.regions, &query));
  v1::RatesResponse response;
  RETURN_IF_ERROR(WithSnapshot(pool_, [&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(const RateTable table, RunRates(snapshot, cubes_, reference_, query));
    response.Clear();
    Fill(table, query, &response);
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::DrillDownResponse> StatisticsApi::DrillDown(const v1::DrillDownRequest& request,
                                                               const Scopes& scopes) const {
  ASSIGN_OR_RETURN(auto query, ReadCell(request, cubes_, clock_.Today()));
  RETURN_IF_ERROR(BoundToReach(scopes, reference_.regions, &query));
  query.named = scopes;
  ASSIGN_OR_RETURN(const ObjectPlace after, ReadPlace(request.page_token()));
  ObjectPage page;
  RETURN_IF_ERROR(WithSnapshot(pool_, [&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(page, statistics::DrillDown(snapshot, cubes_, reference_, query, request.measure(),
                                                 after, PageSize(request.page_size())));
    return absl::OkStatus();
  }));
  v1::DrillDownResponse response;
  for (const CountedObject& object : page.objects) {
    auto* made = response.add_objects();
    made->set_object_id(object.id.ToString());
    for (const Share& share : object.shares) FillContribution(share, made->add_contributions());
  }
  response.set_next_page_token(PlaceToken(page.next));
  response.set_total_size(page.total);
  response.set_position(page.position);
  return response;
}

absl::StatusOr<v1::ExportResponse> StatisticsApi::Export(const v1::ExportRequest& request,
                                                         const Scopes& scopes) const {
  ASSIGN_OR_RETURN(const auto query, ReadQuery(request.query(), scopes));
  ASSIGN_OR_RETURN(const Result result, Ask(query));
  CsvFile file = MakeCsv(result, query, reference_);
  v1::ExportResponse response;
  response.set_file_name(std::move(file.name));
  response.set_media_type("text/csv; charset=utf-8");
  response.set_content(std::move(file.content));
  response.set_digest(std::move(file.digest));
  response.set_position(result.position);
  return response;
}

absl::StatusOr<StoredReport> StatisticsApi::Draft(const v1::FreezeRequest& request, const Scopes& scopes,
                                                  const std::string& actor) const {
  ASSIGN_OR_RETURN(auto query, ReadQuery(request.query(), scopes));
  query.smallest = smallest_told_;  // others read it too
  ASSIGN_OR_RETURN(const Result result, Ask(query));
  StoredReport report;
  report.id = NewId(clock_.Now());
  report.name = request.name();
  report.organisation_path = OwnerOf(query, reference_.regions, scopes);
  v1::QueryRequest kept = request.query();
  kept.set_as_of(result.position);
  kept.set_to(FormatDay(query.to));
  kept.set_organisation_path(query.organisation_path);  // where it was left to the caller's own
  report.query = kept.SerializeAsString();
  v1::QueryResponse answer;
  Fill(result, query, reference_, &answer);
  report.answer = answer.SerializeAsString();
  report.position = result.position;
  report.created_by = actor;
  report.created_at = clock_.Now();
  report.digest = report.Digest();
  return report;
}

absl::StatusOr<v1::Report> StatisticsApi::GetReport(const v1::GetReportRequest& request,
                                                    const Scopes& scopes) const {
  ASSIGN_OR_RETURN(const Id id, ParseId(request.id()));
  StoredReport report;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(report, ReadReport(connection, id));
    return absl::OkStatus();
  }));
  if (!ReachesOrganisation(scopes, report.organisation_path)) return NotFound("统计报表");
  return ToProto(report);
}

absl::StatusOr<v1::ListReportsResponse> StatisticsApi::ListReports(const v1::ListReportsRequest& request,
                                                                   const Scopes& scopes) const {
  ASSIGN_OR_RETURN(const Id token, ReadPageToken(request.page_token()));
  const int size = PageSize(request.page_size());
  const auto before = request.page_token().empty() ? std::nullopt : std::optional(token);
  ASSIGN_OR_RETURN(auto reports, statistics::ListReports(pool_, scopes, before, size + 1));
  v1::ListReportsResponse response;
  const bool more = reports.size() > static_cast<size_t>(size);
  if (more) reports.resize(static_cast<size_t>(size));
  for (const StoredReport& report : reports) {
    ASSIGN_OR_RETURN(*response.add_reports(), ToProto(report));
  }
  if (more) response.set_next_page_token(reports.back().id.ToString());
  return response;
}

absl::StatusOr<v1::CompareReportResponse> StatisticsApi::CompareReport(
    const v1::CompareReportRequest& request, const Scopes& scopes) const {
  v1::GetReportRequest get;
  get.set_id(request.id());
  v1::CompareReportResponse response;
  ASSIGN_OR_RETURN(*response.mutable_report(), GetReport(get, scopes));
  const v1::Report& report = response.report();
  ASSIGN_OR_RETURN(const ObjectPlace after, ReadPlace(request.page_token()));
  ASSIGN_OR_RETURN(auto query, ReadQuery(report.query(), scopes));
  query.smallest = smallest_told_;
  RETURN_IF_ERROR(WithSnapshot(pool_, [&](Snapshot& snapshot) -> absl::Status {
    ASSIGN_OR_RETURN(Result then, RunQuery(snapshot, cubes_, reference_, query));
    Withhold(query, &then);
    v1::QueryResponse computed;
    Fill(then, query, reference_, &computed);
    response.set_reproducible(SameFigures(report.answer(), computed));
    query.as_of = 0;
    ASSIGN_OR_RETURN(Result now, RunQuery(snapshot, cubes_, reference_, query));
    Withhold(query, &now);
    response.clear_now();
    Fill(now, query, reference_, response.mutable_now());
    query.named = scopes;
    ASSIGN_OR_RETURN(const ChangePage page,
                     ChangesBetween(snapshot, cubes_, reference_, query, report.position(), 0, after,
                                    PageSize(request.page_size())));
    response.clear_objects();
    for (const ChangedObject& object : page.objects) *response.add_objects() = ToProto(object);
    response.set_next_page_token(PlaceToken(page.next));
    return absl::OkStatus();
  }));
  AddDifferences(report.answer(), response.now(), &response);
  return response;
}

absl::Status StatisticsApi::RequireAll(const Scopes& scopes) {
  for (const std::string& scope : scopes) {
    if (!absl::StartsWith(scope, "=") && DepthOf(scope) == 1) return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "STATISTICS_OUT_OF_REACH", "重算涉及所有单位的统计，只能由最上级单位办理");
}

absl::StatusOr<v1::Rebuild> StatisticsApi::GetRebuild(const v1::GetRebuildRequest& request, const Scopes& scopes) const {
  RETURN_IF_ERROR(RequireAll(scopes));
  ASSIGN_OR_RETURN(const Id id, ParseId(request.id()));
  Rebuild rebuild;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(rebuild, ReadRebuild(connection, id));
    return absl::OkStatus();
  }));
  return ToProto(rebuild);
}

absl::StatusOr<v1::ListRebuildsResponse> StatisticsApi::ListRebuilds(const v1::ListRebuildsRequest& request,
                                                                     const Scopes& scopes) const {
  RETURN_IF_ERROR(RequireAll(scopes));
  v1::ListRebuildsResponse response;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<Rebuild> rebuilds, statistics::ListRebuilds(connection, PageSize(request.page_size())));
    response.clear_rebuilds();
    for (const Rebuild& rebuild : rebuilds) *response.add_rebuilds() = ToProto(rebuild);
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace sifa::statistics
