#include "libs/statistics/statistics_api.h"

#include <catch2/catch.hpp>
#include <set>

#include "absl/strings/match.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/statistics/answers.h"
#include "libs/statistics/rebuild_fixture.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

using test::Case;
using test::World;

const Scopes kBureauScopes = {test::kBureau};

struct Fixture {
  Fixture() : api(world.pool.operator*(), world.cubes, Names(), world.clock) {}
  Reference Names() {
    codes = *CodeTables::Load(CODE_TABLES);
    population = *Population::Load(POPULATION_CSV);
    return {&codes, nullptr, &population, [](const std::string& path) { return path == test::kBureau ? "东阳市司法局" : ""; }};
  }
  absl::StatusOr<v1::QueryResponse> Ask(const v1::QueryRequest& request, const Scopes& scopes) {
    v1::QueryResponse answer;
    RETURN_IF_ERROR(api.Query(request, scopes, &answer));
    return answer;
  }
  absl::StatusOr<v1::Report> Freeze(const v1::FreezeRequest& request, const Scopes& scopes, const std::string& actor) {
    ASSIGN_OR_RETURN(const StoredReport report, api.Draft(request, scopes, actor));
    RETURN_IF_ERROR(world.pool->InTransaction(
        [&](mysql::Connection& connection) { return InsertReport(connection, report); }));
    return ToProto(report);
  }
  v1::QueryRequest January() {
    v1::QueryRequest request;
    request.set_cube("mediation.cases");
    request.set_from("2026-01-01");
    request.set_to("2026-01-31");
    request.set_region("330783");
    return request;
  }
  v1::DrillDownRequest JanuaryCell() {
    v1::DrillDownRequest request;
    request.set_cube("mediation.cases");
    request.set_from("2026-01-01");
    request.set_to("2026-01-31");
    request.set_region("330783");
    return request;
  }
  std::vector<Id> OpenCases(int count, int succeeded) {
    std::vector<Id> ids;
    for (int i = 0; i < count; ++i) {
      Case made;
      made.type = i % 2 == 0 ? "01" : "02";
      made.succeeded = i < succeeded;
      ids.push_back(world.Open(made));
    }
    world.Settle();
    return ids;
  }

  World world;
  CodeTables codes;
  Population population;
  StatisticsApi api;
};

}  // namespace

TEST_CASE("an answer carries labels, formulas and denominators, and keeps to the caller's reach") {
  Fixture f;
  f.OpenCases(10, 9);
  v1::QueryRequest request = f.January();
  request.add_group_by("type");
  const auto answer = f.Ask(request, kBureauScopes);
  REQUIRE(answer.ok());
  CHECK(answer->keys(0).label() == "纠纷类型");
  CHECK(answer->measures(0).unit() == "件");
  REQUIRE(answer->rows_size() == 2);
  CHECK(answer->keys(0).labels().at(answer->rows(0).keys(0)) == "婚姻家庭纠纷");
  CHECK(answer->rows(0).share() == "50.0");
  CHECK(answer->totals().ratios(0) == "90.00");
  CHECK(answer->totals().share() == "100.0");
  CHECK(answer->ratios(0).formula() == "调解成功件数 9 ÷ 受理件数 10 × 100");
  CHECK(answer->ratios(1).denominator() == "population");
  CHECK(answer->totals().population() == 1087950);
  CHECK(answer->share().denominator() == "shareBase");
  CHECK(answer->rows(0).share_base() == 10);
  CHECK(answer->position() == 10);
  CHECK(ReasonOf(f.Ask(request, {"/33/3307/330782/"}).status()) == "STATISTICS_OUT_OF_REACH");
  request.clear_region();
  CHECK(f.Ask(request, {"/33/3307/330783/330783001/"})->totals().measures(0) == 10);
  CHECK(f.Ask(request, {"=/33/3307/330783/"})->totals().measures(0) == 0);  // none of the bureau itself
}

TEST_CASE("what lies ahead is asked for up to today") {
  Fixture f;  // on 2026-06-01
  for (const char* day : {"2026-05-31", "2026-06-01", "2026-06-02"}) f.world.Open({.day = day, .cube = "mediation.due"});
  f.world.Settle();
  v1::QueryRequest request = f.January();
  request.set_cube("mediation.due");
  request.set_from("2026-05-01");
  request.set_to("2026-06-30");
  const auto answer = f.Ask(request, kBureauScopes);
  REQUIRE(answer.ok());
  CHECK(answer->totals().measures(0) == 2);
  CHECK(answer->to() == "2026-06-01");
  request.set_from("2026-06-02");
  CHECK(ReasonOf(f.Ask(request, kBureauScopes).status()) == "PERIOD_AHEAD");

  request.set_from("2026-05-01");
  v1::FreezeRequest freeze;
  freeze.set_name("六月");
  *freeze.mutable_query() = request;
  const auto report = f.Freeze(freeze, kBureauScopes, "01HEAD");
  REQUIRE(report.ok());
  f.world.clock.Advance(absl::Hours(48));  // a filed report stays with the day on which it was filed
  v1::CompareReportRequest compare;
  compare.set_id(report->id());
  const auto compared = f.api.CompareReport(compare, kBureauScopes);
  REQUIRE(compared.ok());
  CHECK(compared->reproducible());
  CHECK(compared->now().totals().measures(0) == 2);
}

TEST_CASE("a figure drills down to exactly its records, page by page") {
  Fixture f;
  const auto ids = f.OpenCases(130, 120);
  f.world.Void(ids[3]);
  f.world.Settle();
  v1::DrillDownRequest request = f.JanuaryCell();
  request.set_measure("succeeded");
  std::set<std::string> seen;
  for (int page = 0; page < 3; ++page) {
    const auto answer = f.api.DrillDown(request, kBureauScopes);
    REQUIRE(answer.ok());
    for (const auto& object : answer->objects()) {
      REQUIRE(object.contributions_size() == 1);
      CHECK(object.contributions(0).measures(1) == 1);
      CHECK(seen.insert(object.object_id()).second);
    }
    request.set_page_token(answer->next_page_token());
  }
  CHECK(request.page_token().empty());
  CHECK(seen.size() == 119);
  CHECK(seen.count(ids[3].ToString()) == 0);

  request.set_as_of(130);
  request.set_page_size(200);
  auto* filter = request.add_filters();
  filter->set_dimension("type");
  filter->add_values("02");
  const auto past = f.api.DrillDown(request, kBureauScopes);
  REQUIRE(past.ok());
  CHECK(past->objects_size() == 60);  // with the one voided since
  request.set_measure("none");
  CHECK(ReasonOf(f.api.DrillDown(request, kBureauScopes).status()) == "MEASURE_UNKNOWN");
  CHECK_FALSE(f.api.DrillDown(request, {}).ok());
}

TEST_CASE("a cell of many records is paged month by month by its index, with the same records as one that is read whole") {
  Fixture f;
  std::vector<Id> ids;
  for (int i = 0; i < 400; ++i) {
    Case made;
    made.day = absl::StrCat("2026-0", 1 + i % 5, "-1", i % 7);
    made.region = i % 3 == 0 ? "330783002" : "330783001";
    made.type = i % 4 == 0 ? "01" : "02";
    made.succeeded = i % 2;
    ids.push_back(f.world.Open(made));
  }
  for (int i = 0; i < 60; ++i) {  // moved to another month, or voided
    if (i % 6 == 0) {
      f.world.Void(ids[i]);
    } else {
      f.world.Change(ids[i], {.day = "2026-03-05", .succeeded = 1});
    }
  }
  f.world.Settle();
  const auto page = [&](const Query& query, absl::string_view measure, int size, int small_cell) {
    std::vector<std::pair<Id, size_t>> found;
    int64_t total = 0;
    ObjectPlace after;
    const absl::Status status = WithSnapshot(*f.world.pool, [&](Snapshot& snapshot) -> absl::Status {
      for (;;) {
        ASSIGN_OR_RETURN(const ObjectPage objects, DrillDown(snapshot, f.world.cubes, f.world.reference, query, measure, after, size, small_cell));
        if (after == ObjectPlace{}) total = objects.total;
        for (const CountedObject& object : objects.objects) found.emplace_back(object.id, object.shares.size());
        if (!objects.next) return absl::OkStatus();
        after = *objects.next;
      }
    });
    REQUIRE(status.ok());
    CHECK(static_cast<int64_t>(found.size()) == total);
    CHECK((std::set<std::pair<Id, size_t>>(found.begin(), found.end()).size() == found.size()));
    return found;
  };
  for (const char* region : {"330783", "330783002"}) {
    for (const char* measure : {"", "succeeded", "amount_fen"}) {
      for (const bool filtered : {false, true}) {
        for (const absl::CivilDay to : {absl::CivilDay(2026, 3, 31), absl::CivilDay(2026, 4, 13)}) {
          Query query;
          query.cube = "mediation.cases";
          query.from = absl::CivilDay(2026, 1, 1);
          query.to = to;
          query.region = region;
          if (filtered) query.filters.push_back({"type", {"01"}});
          const auto whole = page(query, measure, 17, 4000);
          CHECK((whole.size() > 10 || *measure == 'a' || filtered));
          CHECK(page(query, measure, 17, 0) == whole);
          CHECK(page(query, measure, 1000, 0) == whole);
        }
      }
    }
  }
}

TEST_CASE("a division's figure counts what another office did in it, and does not name the record") {
  Fixture f;
  Case made;
  made.region = "330783001";
  const Id ours = f.world.Open(made);
  made.path = "/33/3307/330783/330783002/";
  f.world.Open(made);
  f.world.Settle();
  v1::DrillDownRequest request = f.JanuaryCell();
  request.set_region("330783001");
  const auto township = f.api.DrillDown(request, {"/33/3307/330783/330783001/"});
  REQUIRE(township.ok());
  CHECK(township->total_size() == 2);
  REQUIRE(township->objects_size() == 1);
  CHECK(township->objects(0).object_id() == ours.ToString());
  CHECK(f.api.DrillDown(request, kBureauScopes)->objects_size() == 2);
}

TEST_CASE("organisations are called by their names, where these are known") {
  Fixture f;
  f.OpenCases(2, 1);
  v1::QueryRequest request = f.January();
  request.clear_region();
  request.set_organisation_path(test::kBureau);
  request.add_group_by("organisation");
  const auto answer = f.Ask(request, kBureauScopes);
  REQUIRE(answer.ok());
  CHECK(answer->place() == "东阳市司法局");
  CHECK(answer->keys(0).labels().at("/33/3307/330783/330783001/") == "/33/3307/330783/330783001/");
}

TEST_CASE("an export is a CSV for Excel with its formulas and digest") {
  Fixture f;
  f.OpenCases(3, 2);
  v1::ExportRequest request;
  *request.mutable_query() = f.January();
  request.mutable_query()->add_group_by("type");
  request.mutable_query()->add_compare(v1::YEAR_ON_YEAR);
  const auto file = f.api.Export(request, kBureauScopes);
  REQUIRE(file.ok());
  const std::string& text = file->content();
  CHECK(absl::StartsWith(text, "\xef\xbb\xbf统计表,人民调解案件\r\n"));
  CHECK(absl::StrContains(
      text, "公式：调解成功率,调解成功件数 2 ÷ 受理件数 3 × 100 = 66.67 %（law 3.7: 分母为受理件数）\r\n"));
  CHECK(absl::StrContains(text,
                          "纠纷类型代码,纠纷类型,受理件数（件）,调解成功件数（件）,涉及金额（元）,"
                          "调解成功率（%）,万人化解率（件/万人）,占比（%）,"
                          "受理件数（件）去年同期,受理件数（件）同比增减,受理件数（件）同比（%）,"));
  CHECK(absl::StrContains(text, "\r\n01,婚姻家庭纠纷,2,1,0.00,50.00,0.02,66.7,0,2,—,"));
  CHECK(absl::StrContains(text, "\r\n合计,,3,2,0.00,66.67,"));
  CHECK(file->digest() == crypto::Hex(crypto::Sha256(text)));
  CHECK(absl::EndsWith(text, "\r\n"));
}

TEST_CASE("a frozen report stays as filed; what is known now differs case by case") {
  Fixture f;
  const auto ids = f.OpenCases(20, 10);
  v1::FreezeRequest request;
  request.set_name("2026年1月月报");
  *request.mutable_query() = f.January();
  request.mutable_query()->add_group_by("type");
  const auto report = f.Freeze(request, kBureauScopes, "account-1");
  REQUIRE(report.ok());
  CHECK(report->position() == 20);
  CHECK(report->query().as_of() == 20);

  Case late;
  late.type = "13";
  const Id added = f.world.Open(late);  // entered late, for January
  Case changed = f.world.cases().at(ids[1]);
  changed.type = "01";
  f.world.Change(ids[1], changed);
  f.world.Void(ids[0]);
  changed = f.world.cases().at(ids[4]);
  changed.succeeded = 0;
  f.world.Change(ids[4], changed);
  changed.succeeded = 1;
  f.world.Change(ids[4], changed);  // and back: no difference
  f.world.Settle();

  v1::CompareReportRequest compare;
  compare.set_id(report->id());
  const auto compared = f.api.CompareReport(compare, kBureauScopes);
  REQUIRE(compared.ok());
  CHECK(compared->reproducible());
  CHECK(compared->report().answer().totals().measures(0) == 20);
  CHECK(compared->now().totals().measures(0) == 20);  // one more, one less
  REQUIRE(compared->differences_size() == 3);  // totals: one success less; 02; 13. 01 is as it was: +1 −1
  CHECK(compared->differences(0).keys_size() == 0);
  CHECK(compared->differences(0).difference(1) == -1);
  CHECK(compared->differences(1).keys(0) == "02");
  CHECK(compared->differences(1).difference(0) == -1);
  CHECK(compared->differences(2).labels(0) == "道路交通事故纠纷");
  REQUIRE(compared->objects_size() == 3);
  std::map<std::string, const v1::ChangedObject*> objects;
  for (const auto& object : compared->objects()) objects[object.object_id()] = &object;
  REQUIRE(objects.contains(ids[0].ToString()));
  CHECK(objects[ids[0].ToString()]->after_size() == 0);
  CHECK(objects[ids[0].ToString()]->journal_ids_size() == 1);
  CHECK(objects[ids[1].ToString()]->before(0).dimensions(0) == "02");
  CHECK(objects[ids[1].ToString()]->after(0).dimensions(0) == "01");
  CHECK(objects[added.ToString()]->before_size() == 0);
  CHECK(objects[added.ToString()]->after_size() == 1);
}

TEST_CASE("reports are found by whose they are, and one that was altered is refused") {
  Fixture f;
  f.OpenCases(2, 1);
  v1::FreezeRequest request;
  request.set_name("月报");
  *request.mutable_query() = f.January();
  const auto first = f.Freeze(request, kBureauScopes, "a");
  const auto second = f.Freeze(request, kBureauScopes, "a");
  REQUIRE(second.ok());
  CHECK(first->id() != second->id());
  v1::ListReportsRequest list;
  list.set_page_size(1);
  auto page = f.api.ListReports(list, kBureauScopes);
  REQUIRE(page.ok());
  REQUIRE(page->reports_size() == 1);
  CHECK(page->reports(0).id() == second->id());
  CHECK(page->reports(0).digest() == second->digest());
  list.set_page_token(page->next_page_token());
  page = f.api.ListReports(list, kBureauScopes);
  CHECK(page->reports(0).id() == first->id());
  CHECK(page->next_page_token().empty());
  CHECK(f.api.ListReports({}, {"/33/3307/330782/"})->reports_size() == 0);
  CHECK(f.api.ListReports({}, {"/33/"})->reports_size() == 2);

  v1::GetReportRequest get;
  get.set_id(first->id());
  CHECK(f.api.GetReport(get, kBureauScopes)->answer().totals().measures(0) == 2);
  CHECK(absl::IsNotFound(f.api.GetReport(get, {"/33/3307/330782/"}).status()));
  f.world.Execute("UPDATE statistics_report SET name = '月报改'");
  CHECK(ReasonOf(f.api.GetReport(get, kBureauScopes).status()) == "REPORT_CHANGED");
}

TEST_CASE("东阳 2021: 7,549 cases to 5 December, from application to figure") {
  Fixture f;
  const int levels[] = {5508, 1289, 752};  // 村社, 镇街, 市级
  int number = 0;
  for (int level = 0; level < 3; ++level) {
    for (int i = 0; i < levels[level]; ++i, ++number) {
      Case made;
      made.level = absl::StrCat(level + 1);
      made.day = FormatDay(absl::CivilDay(2021, 1, 1) + number % 339);  // to 5 December
      made.succeeded = number < 7531;
      f.world.Open(made);
    }
  }
  Case after;
  after.day = "2021-12-06";
  f.world.Open(after);
  f.world.Settle();
  v1::QueryRequest request = f.January();
  request.set_from("2021-01-01");
  request.set_to("2021-12-05");
  request.set_decimals(2);
  request.add_group_by("level");
  const auto answer = f.Ask(request, kBureauScopes);
  REQUIRE(answer.ok());
  CHECK(answer->totals().measures(0) == 7549);
  CHECK(answer->totals().ratios(0) == "99.76");
  CHECK(answer->totals().ratios(1) == "69.39");
  REQUIRE(answer->rows_size() == 3);
  CHECK(answer->rows(0).share() == "72.96");
  CHECK(answer->rows(1).share() == "17.08");
  CHECK(answer->rows(2).share() == "9.96");
  const auto rebuilt = test::RebuildNow(*f.world.pool, f.world.cubes, false);
  REQUIRE(rebuilt.ok());
  CHECK(rebuilt->difference_count == 0);
  CHECK(rebuilt->contributions == 7550);
}

TEST_CASE(
    "社区矫正法 §54: a small figure of whom only some may know is told to them alone, and none by which it could be reckoned") {
  Fixture f;
  for (int i = 0; i < 10; ++i) {
    Case made;
    made.cube = "mediation.sealed";
    made.type = i < 8 ? "01" : "02";
    made.succeeded = i < 6 || i >= 8;  // six and two
    f.world.Open(made);
  }
  f.world.Settle();
  v1::QueryRequest whole = f.January();
  whole.set_cube("mediation.sealed");
  v1::QueryRequest by_type = whole, filtered = whole;
  by_type.add_group_by("type");
  auto* filter = filtered.add_filters();
  filter->set_dimension("type");
  filter->add_values("01");
  const Scopes knowing = {test::kBureau, absl::StrCat("/sealed", test::kBureau)};
  const auto told = [&](const v1::QueryRequest& request, const Scopes& scopes) {
    const auto answer = f.Ask(request, scopes);
    std::vector<int64_t> figures;
    for (const auto& row : answer->rows()) figures.push_back(row.measures(1));
    figures.push_back(answer->totals().measures(1));
    CHECK(answer->totals().measures(0) == (request.filters().empty() ? 10 : 8));
    if (answer->measures(1).withheld()) CHECK(figures == std::vector<int64_t>(figures.size(), 0));
    return answer->measures(1).withheld() ? std::vector<int64_t>{} : figures;
  };
  using Figures = std::vector<int64_t>;
  CHECK(told(by_type, knowing) == Figures{6, 2, 8});
  CHECK(told(filtered, knowing) == Figures{6});
  for (const Scopes& scopes : {kBureauScopes, Scopes{test::kBureau, "/sealed/33/3307/330782/"}}) {
    CHECK(told(whole, scopes) == Figures{8});
    CHECK(told(by_type, scopes).empty());
    CHECK(told(filtered, scopes).empty());  // what is left of the eight would be two
  }
  v1::ExportRequest exported;
  *exported.mutable_query() = by_type;
  CHECK(absl::StrContains(f.api.Export(exported, kBureauScopes)->content(), ",2,*"));
  CHECK(absl::StrContains(f.api.Export(exported, knowing)->content(), ",2,2"));
  v1::FreezeRequest freeze;
  freeze.set_name("月报");
  *freeze.mutable_query() = by_type;
  const auto report = f.Freeze(freeze, knowing, "01HEAD");  // which others read
  CHECK(report->answer().measures(1).withheld());
  v1::CompareReportRequest compare;
  compare.set_id(report->id());
  const auto compared = f.api.CompareReport(compare, knowing);
  CHECK(compared->reproducible());
  CHECK(compared->now().measures(1).withheld());
}

}  // namespace sifa::statistics
