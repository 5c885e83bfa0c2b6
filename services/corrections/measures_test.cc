// What a breach calls for (law §2.5 R10-R15, R18, R21), by category and by what he was given before.
#include "services/corrections/measures.h"

#include <catch2/catch.hpp>

#include "services/corrections/police_penalty.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

using v1::Proposal;
using Called = std::vector<std::pair<Proposal::Kind, std::string>>;
constexpr char kControl[] = "01";

// Each with its article.
Called For(const std::string& category, Breach::Kind kind, int admonitions = 0, int warnings = 0, int penalties = 0) {
  Called called;
  const Prior prior = {std::vector<std::string>(admonitions, "A"), std::vector<std::string>(warnings, "W"),
                       std::vector<std::string>(penalties, "P")};
  for (const Measure& measure : MeasuresFor(category, kind, prior)) called.emplace_back(measure.kind, measure.law.article);
  return called;
}

Sanction Given(Sanction::Kind kind, const char* decided_on, Sanction::State state = Sanction::SERVED) {
  Sanction sanction;
  sanction.set_kind(kind);
  sanction.set_decided_on(decided_on);
  sanction.set_state(state);
  return sanction;
}

}  // namespace

TEST_CASE("实施办法 §34: 训诫 for what is slight, ten days out of supervision, education missed") {
  for (const Breach::Kind kind :
       {Breach::ABSENT_TO_TEN_DAYS, Breach::RULES_SLIGHT, Breach::EDUCATION_MISSED, Breach::OTHER_SLIGHT}) {
    CHECK(For(kProbation, kind) == Called{{Proposal::ADMONISH, "34"}});
  }
}

TEST_CASE("实施办法 §35: 警告 for a court ban broken slightly, more than ten days, what is fairly serious, no re-examination") {
  for (const Breach::Kind kind : {Breach::BAN_SLIGHT, Breach::ABSENT_OVER_TEN_DAYS, Breach::RULES_FAIRLY_SERIOUS,
                                  Breach::OTHER_FAIRLY_SERIOUS, Breach::WHEREABOUTS_REFUSED}) {
    CHECK(For(kProbation, kind) == Called{{Proposal::WARN, "35"}});
  }
  CHECK(For(kOutsidePrison, Breach::NO_RECHECK) == Called{{Proposal::WARN, "35"}});
}

TEST_CASE("实施办法 §36, §46: what is serious revokes 缓刑; the police may be asked, and a person decides") {
  CHECK(For(kProbation, Breach::ABSENT_OVER_MONTH) == Called{{Proposal::REVOKE, "46"}});
  for (const Breach::Kind kind : {Breach::BAN_SERIOUS, Breach::RULES_SERIOUS, Breach::OTHER_SERIOUS}) {
    CHECK(For(kProbation, kind) == Called{{Proposal::REVOKE, "46"}, {Proposal::PENALISE, "36"}});
  }
}

TEST_CASE("实施办法 §49: who serves outside prison goes back by another article, also for refusing to tell where he is") {
  CHECK(For(kOutsidePrison, Breach::ABSENT_OVER_MONTH) == Called{{Proposal::REVOKE, "49"}});
  CHECK(For(kOutsidePrison, Breach::WHEREABOUTS_REFUSED) == Called{{Proposal::REVOKE, "49"}});
  CHECK(For(kOutsidePrison, Breach::NO_RECHECK, 0, 1) == Called{{Proposal::REVOKE, "49"}});
  CHECK(For(kOutsidePrison, Breach::RULES_SERIOUS) == Called{{Proposal::REVOKE, "49"}, {Proposal::PENALISE, "36"}});
}

TEST_CASE("刑法 §86(3): of a parolee any breach proposes revocation as well, and never the police") {
  CHECK(For(kParole, Breach::OTHER_SLIGHT) == Called{{Proposal::ADMONISH, "34"}, {Proposal::REVOKE, "86"}});
  CHECK(For(kParole, Breach::OTHER_FAIRLY_SERIOUS) == Called{{Proposal::WARN, "35"}, {Proposal::REVOKE, "86"}});
  CHECK(For(kParole, Breach::OTHER_SERIOUS) == Called{{Proposal::REVOKE, "46"}});
}

TEST_CASE("刑法 §38: 管制 is never revoked: the police are asked") {
  for (const Breach::Kind kind : {Breach::ABSENT_OVER_MONTH, Breach::BAN_SERIOUS, Breach::OTHER_SERIOUS}) {
    CHECK(For(kControl, kind, 0, 2, 1) == Called{{Proposal::WARN, "35"}, {Proposal::PENALISE, "36"}});
  }
}

TEST_CASE("law §2.5 R11(5): after two 训诫 a further breach calls for 警告; two alone make nothing") {
  CHECK(For(kProbation, Breach::OTHER_SLIGHT, 1) == Called{{Proposal::ADMONISH, "34"}});
  CHECK(For(kProbation, Breach::OTHER_SLIGHT, 2) == Called{{Proposal::WARN, "35"}});
  CHECK(MeasuresFor(kProbation, Breach::OTHER_SLIGHT, {{"A", "B"}, {}, {}})[0].counted.size() == 2);
  CHECK(For(kProbation, Breach::OTHER_FAIRLY_SERIOUS, 2) == Called{{Proposal::WARN, "35"}});
}

TEST_CASE("law §2.5 R13(3)(4), R14, R15: after two 警告, or a penalty of the police, a further breach calls for revocation") {
  CHECK(For(kProbation, Breach::OTHER_SLIGHT, 0, 1) == Called{{Proposal::ADMONISH, "34"}});
  CHECK(For(kProbation, Breach::OTHER_SLIGHT, 0, 2) == Called{{Proposal::REVOKE, "46"}});
  CHECK(For(kParole, Breach::OTHER_SLIGHT, 0, 2) == Called{{Proposal::REVOKE, "46"}});
  CHECK(For(kOutsidePrison, Breach::OTHER_SLIGHT, 0, 2) == Called{{Proposal::REVOKE, "49"}});
  CHECK(For(kProbation, Breach::OTHER_SLIGHT, 0, 0, 1) == Called{{Proposal::REVOKE, "46"}});
}

TEST_CASE("law §2.5 R18: counted is what was given before the breach, and neither refused nor voided") {
  const auto prior = [](const Sanction& sanction) { return PriorTo(On("2025-06-01", Probationer(), sanction), "2025-05-10"); };
  CHECK(prior(Given(Sanction::ADMONITION, "2025-05-09")).admonitions.size() == 1);
  CHECK(prior(Given(Sanction::WARNING, "2025-05-09", Sanction::DECIDED)).warnings.size() == 1);
  CHECK(prior(Given(Sanction::WARNING, "2025-05-10")).warnings.empty());
  CHECK(prior(Given(Sanction::WARNING, "2025-05-09", Sanction::VOIDED)).warnings.empty());
  CHECK(prior(Given(Sanction::WARNING, "", Sanction::REFUSED)).warnings.empty());
  PolicePenalty penalty;
  penalty.set_decided_on("2025-05-09");
  penalty.set_state(PolicePenalty::DECIDED);
  CHECK(PriorTo(On("2025-06-01", Probationer(), penalty), "2025-05-10").penalties.empty());
  penalty.set_fine_fen(20000);
  CHECK(PriorTo(On("2025-06-01", Probationer(), penalty), "2025-05-10").penalties.size() == 1);
}

}  // namespace sifa::corrections
