// What the tests of records' tables share: the person of whom a record is, what else stands on him, and an act on a day.
#pragma once

#include <string>

#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "libs/procedure/engine.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {

// A man on probation from 2024-09-01 to 2026-08-31, received on 2024-09-05.
inline Subject Probationer(Subject::State state = Subject::ACTIVE) {
  Subject s;
  s.set_state(state);
  s.set_region("330783118");
  s.mutable_decision()->set_category(kProbation);
  s.mutable_decision()->set_effective_on("2024-09-01");
  s.mutable_decision()->set_term_from("2024-09-01");
  s.mutable_decision()->set_term_to("2026-08-31");
  s.mutable_person()->set_sex("1");
  s.set_registered_on("2024-09-05");
  return s;
}

inline const calendar::Calendar& TestCalendar() {
  static const calendar::Calendar calendar = *calendar::Calendar::Load(std::string(SIFA_ROOT) + "/data/calendar/holidays.csv");
  return calendar;
}

// The facts of an act on a day, with the person and other objects that stand on him.
template <class... Others>
procedure::Facts On(const std::string& day, const Subject& s, const Others&... others) {
  absl::CivilDay on;
  ParseDay(day, &on);
  procedure::Facts facts{on, on, &TestCalendar()};
  auto relatives = std::make_shared<procedure::Relatives>();
  relatives->Add(std::make_unique<Subject>(s));
  (relatives->Add(std::make_unique<Others>(others)), ...);
  facts.relatives = std::move(relatives);
  return facts;
}
inline procedure::Facts On(const std::string& day) { return On(day, Probationer()); }

// Performs an act of the table, with what its function would do; the reason of a refusal, "" where it was done.
template <class T>
std::string Do(const procedure::Procedure<T>& procedure, T& object, int act, const procedure::Facts& facts,
               const std::function<absl::Status(T&)>& change = {}) {
  const auto row = procedure::FindRow(procedure, act, object, facts.act_day);
  if (!row.ok()) return ReasonOf(row.status());
  T after = object;
  const auto applied = procedure::Perform<T>(procedure, **row, facts, change, &after);
  if (applied.ok()) object = after;
  return ReasonOf(applied.status());
}

}  // namespace sifa::corrections
