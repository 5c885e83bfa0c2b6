// statistics_bench: how fast contributions are folded, and how fast the figures of 200,000 of them are
// answered.
//
//   statistics_bench [PART OF A QUESTION'S NAME]
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/arena.h"
#include "libs/statistics/answers.h"
#include "libs/statistics/statistics_fixture.h"

namespace sifa::statistics {
namespace {

constexpr int kCasesCounted = 200'000;
constexpr int kQuestions = 500;

std::string wanted;  // only the questions whose names have it

using Steady = std::chrono::steady_clock;

double MillisSince(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

// A year of one county with 18 townships of 21 villages, in the order of the days, as an import of past years
// brings it.
test::Case MakeCase(int number, std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  test::Case made;
  made.day = FormatDay(absl::CivilDay(2025, 1, 1) + number * 365 / kCasesCounted);
  const std::string town = absl::StrFormat("3307830%02d", 1 + below(18));
  made.region = absl::StrFormat("%s%03d", town, 201 + below(21));
  made.path = absl::StrCat(test::kBureau, town, "/");
  constexpr const char* kTypes[] = {"01", "02", "03", "04", "05", "06", "07", "08",
                                    "09", "10", "11", "12", "13", "14", "99"};
  made.type = kTypes[below(15)];
  made.source = absl::StrCat(1 + below(3));
  made.level = absl::StrCat(1 + below(3));
  made.committee = absl::StrCat(1 + below(6));
  made.succeeded = below(100) < 97;
  made.amount_fen = below(10'000'000);
  return made;
}

void MeasureFold(test::World& world) {
  std::mt19937 random(1);
  for (int i = 0; i < kCasesCounted; ++i) world.Open(MakeCase(i, random));
  auto start = Steady::now();
  world.Seal();
  std::printf("seal   %7.0f rows/s (the last part of appending in it)\n",
              kCasesCounted / MillisSince(start) * 1000);
  start = Steady::now();
  world.Settle();
  std::printf("fold   %7.0f rows/s\n", kCasesCounted / MillisSince(start) * 1000);
}

// Processor time of this thread: what of an answer is ours and not the database's.
double ThreadMillis() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

// From the question to the bytes of the answer.
void MeasureQuestion(test::World& world, const char* name, const Query& query) {
  if (!absl::StrContains(name, wanted)) return;
  std::vector<double> millis;
  size_t rows = 0, bytes = 0;
  const double used = ThreadMillis();
  for (int i = 0; i < kQuestions; ++i) {
    const auto start = Steady::now();
    const auto result = world.Ask(query);
    test::Must(result.status());
    google::protobuf::Arena arena;
    auto* answer = google::protobuf::Arena::CreateMessage<v1::QueryResponse>(&arena);
    Fill(*result, query, world.reference, answer);
    bytes = answer->SerializeAsString().size();
    millis.push_back(MillisSince(start));
    rows = result->rows.size();
    if (MillisSince(start) > 500 && i >= 9) break;
  }
  const double ours = (ThreadMillis() - used) / static_cast<double>(millis.size());
  std::sort(millis.begin(), millis.end());
  std::printf("%-58s %6zu rows %7zu B  p50 %7.2f ms  p99 %7.2f ms  ours %6.2f ms\n", name, rows, bytes,
              millis[millis.size() / 2], millis[millis.size() * 99 / 100], ours);
}

void MeasureQuestions(test::World& world) {
  Query query = test::YearOf(2025);
  query.group_by = {"month", "type"};
  MeasureQuestion(world, "county: month × type", query);
  query.year_on_year = query.month_on_month = true;
  MeasureQuestion(world, "county: month × type, with 同比 and 环比", query);
  query.year_on_year = query.month_on_month = false;
  query.group_by = {"region"};
  MeasureQuestion(world, "county: 18 townships", query);
  query.group_by = {"region", "month", "type"};
  query.to = absl::CivilDay(2025, 1, 31);
  MeasureQuestion(world, "county: 18 townships × type, one month", query);
  query.to = absl::CivilDay(2025, 12, 31);
  MeasureQuestion(world, "county: 18 townships × month × type", query);
  query.group_by = {"type"};
  query.to = absl::CivilDay(2025, 12, 5);
  MeasureQuestion(world, "county: type, to 5 December", query);
  query.to = absl::CivilDay(2025, 12, 31);
  query.group_by = {"type", "source"};
  MeasureQuestion(world, "county: type × source", query);
  query.group_by = {"month", "type"};
  query.region = "330783001";
  MeasureQuestion(world, "township: month × type", query);
  query.region = "330783001201";
  MeasureQuestion(world, "village: month × type (from contributions)", query);
  query.region = "330783";
  query.group_by = {"type"};
  query.as_of = kCasesCounted - 5000;
  MeasureQuestion(world, "county: type, as of 5,000 records ago", query);
  query.as_of = kCasesCounted / 2;
  MeasureQuestion(world, "county: type, as of 100,000 records ago", query);
}

void Run() {
  const testing::MariaServer server({"--innodb-buffer-pool-size=512M", "--innodb-log-file-size=256M"});
  test::World world(&server);
  MeasureFold(world);
  MeasureQuestions(world);
  const auto rows = [&](const char* table) {
    int64_t count = 0;
    test::Must(world.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const auto found, connection.Query(absl::StrCat("SELECT COUNT(*) FROM ", table)));
      count = found[0].Int(0);
      return absl::OkStatus();
    }));
    return static_cast<long long>(count);
  };
  std::printf("tables %lld counters, %lld contributions\n", rows("statistics_counter"),
              rows("statistics_contribution"));
}

}  // namespace
}  // namespace sifa::statistics

int main(int argc, char** argv) {
  if (argc > 1) sifa::statistics::wanted = argv[1];
  sifa::statistics::Run();
}
