// Scores of risk in a second of one core's own time, over people with few facts and with many: `risk-scores data/corrections`.
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "services/corrections/risk_rules.h"

namespace sifa::corrections {
namespace {

double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// A term of a year: the archive, and so many of what happens in it.
std::vector<RiskEvidence> Person(int events, int32_t today) {
  std::vector<RiskEvidence> facts = {
      {.fact = RiskFact::kCategory, .code = 1 + events % 4, .from = today - 365},
      {.fact = RiskFact::kOffence, .code = 1 + events % 9, .from = today - 365},
      {.fact = RiskFact::kAge, .number = 18 + events, .from = today - 365},
      {.fact = RiskFact::kDaysInCorrection, .number = 365, .from = today - 365},
  };
  constexpr RiskFact kEvents[] = {RiskFact::kDutyMissed, RiskFact::kAbsence, RiskFact::kBreach, RiskFact::kAdmonition,
                                  RiskFact::kWarning};
  for (int i = 0; i < events; ++i)
    facts.push_back({.fact = kEvents[i % 5], .code = 1 + i % 14, .number = 1 + 3 * i, .from = today - 10 * i});
  return facts;
}

int Run(const std::string& directory) {
  const auto rules = RiskRules::Load(directory);
  if (!rules.ok()) {
    std::cerr << rules.status() << "\n";
    return 1;
  }
  const absl::CivilDay day(2026, 6, 30);
  std::vector<std::vector<RiskEvidence>> people;
  for (int i = 0; i < 1000; ++i) people.push_back(Person(i % 25, RiskDay(day)));
  int64_t scores = 0, sum = 0;
  const double begin = ProcessorSeconds();
  double seconds = 0;
  while (seconds < 1) {
    for (const auto& facts : people) sum += ScoreRisk(*rules, facts, day).sum;
    scores += static_cast<int64_t>(people.size());
    seconds = ProcessorSeconds() - begin;
  }
  std::cout << static_cast<int64_t>(static_cast<double>(scores) / seconds) << " " << sum / scores << "\n";
  return 0;
}

}  // namespace
}  // namespace sifa::corrections

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "risk-scores data/corrections\n";
    return 1;
  }
  return sifa::corrections::Run(argv[1]);
}
