// A case led over the procedure's table alone, for tests of its rules: no database, no clock. The standard case is applied for
// and accepted on 2024-08-01.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "services/mediation/case.h"
#include "services/mediation/case_guards.h"

namespace sifa::mediation {

using procedure::Facts;
using Change = std::function<absl::Status(Case&)>;

inline const calendar::Calendar& TestCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  return calendar;
}

inline Case TwoParties() {
  Case c;
  c.add_mediators("01M");  // as who assigns writes him
  auto* particulars = c.mutable_particulars();
  particulars->set_type("02");
  for (const char* id : {"33078319900307001X", "37020219851130422X"}) {
    auto* party = particulars->add_parties();
    party->set_name("某甲");
    party->set_id_number(id);
    party->set_side(particulars->parties_size());
  }
  return c;
}

// Performs an act on a day; the reason of a refusal, "" where it was done.
inline std::string Do(Case& c, int act, absl::CivilDay day, const Change& change = {}, std::vector<procedure::File> files = {}) {
  const auto row = procedure::FindRow(kCaseProcedure, act, c, day);
  if (!row.ok()) return ReasonOf(row.status());
  Case after = c;
  Facts facts{day, day, &TestCalendar()};
  facts.files = std::move(files);
  const auto applied = procedure::Perform<Case>(kCaseProcedure, **row, facts, change, &after);
  if (applied.ok()) c = after;
  return ReasonOf(applied.status());
}

inline const absl::CivilDay kDay(2024, 8, 1);

inline absl::Status RoutesTold(Case& c) {
  c.set_routes_told(true);
  return absl::OkStatus();
}

inline Case Mediating() {
  Case c = TwoParties();
  REQUIRE(Do(c, Case::APPLY, kDay) == "");
  REQUIRE(Do(c, Case::ACCEPT, kDay, [](Case& x) {
            x.set_accepted_on("2024-08-01");
            return absl::OkStatus();
          }) == "");
  REQUIRE(Do(c, Case::ASSIGN, kDay) == "");
  REQUIRE(Do(c, Case::RECORD_SESSION, kDay, [](Case& x) {
            x.add_sessions()->set_minutes("双方到场");
            return absl::OkStatus();
          }) == "");
  return c;
}

inline Change Signed(const char* first, const char* second, const char* mediator, const char* seal) {
  return [=](Case& c) {
    auto* agreement = c.mutable_agreement();
    agreement->set_form("2");
    agreement->set_content("修复排水沟");
    agreement->set_agreed_on(*first ? first : "2024-08-20");
    if (*first) {
      auto* signature = agreement->add_signatures();
      signature->set_party(0);
      signature->set_signed_on(first);
    }
    if (*second) {
      auto* signature = agreement->add_signatures();
      signature->set_party(1);
      signature->set_signed_on(second);
    }
    agreement->set_mediator_signed_on(mediator);
    agreement->set_sealed_on(seal);
    return absl::OkStatus();
  };
}

inline std::string LawOf(const absl::Status& refused) {
  google::rpc::ErrorInfo info;
  REQUIRE(ToProto(refused).details(0).UnpackTo(&info));
  return info.metadata().at("law");
}

inline std::string DueOf(const Case& c, const std::string& kind) {
  for (const auto& clock : c.clocks()) {
    if (clock.kind() == kind) return clock.due_on();
  }
  return "";
}

}  // namespace sifa::mediation
