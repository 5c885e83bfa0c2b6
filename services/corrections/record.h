// A record of a subject: a leave, a search, a warning. What all of them have in common: the fields `subject` (his id) and
// `person` (SubjectSummary), his office's reach, and their end with his term.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "libs/casework/definition.h"
#include "libs/core/identifiers.h"
#include "services/corrections/area.h"
#include "services/corrections/laws.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {

// Of whom a record is.
inline v1::SubjectSummary SummaryOf(const Subject& s) {
  v1::SubjectSummary person;
  person.set_number(s.number());
  person.set_name(s.person().name());
  person.set_sex(s.person().sex());
  person.set_category(s.decision().category());
  person.set_minor(s.minor());
  person.set_term_to(s.decision().term_to());
  return person;
}

// A new record of the subject, of his office.
template <class T>
T RecordOf(const Subject& s) {
  T record;
  record.set_organisation(s.organisation());
  record.set_organisation_path(s.organisation_path());
  record.set_region(s.region());
  record.set_subject(s.id());
  *record.mutable_person() = SummaryOf(s);
  return record;
}

// The same of the subject whose id a request has, within the actor's reach.
template <class T>
absl::StatusOr<T> NewRecord(const std::string& subject, const casework::Act& act) {
  ASSIGN_OR_RETURN(const Subject s, act.Load<Subject>(subject));
  return RecordOf<T>(s);
}

// Who is received and whose term has not ended; the first of a record's rules. The record must name the subject among its
// references by OfSubject.
template <class T>
const procedure::Guard<T> kInCorrection = {.rule = "对象",
                                           .reason = "SUBJECT_NOT_IN_CORRECTION",
                                           .text = "该对象尚未接收，或者已经解除、终止社区矫正",
                                           .law = Ccl("22"),
                                           .holds =
                                               [](const T&, const procedure::Facts& facts) {
                                                 const auto* s = facts.One<Subject>();
                                                 return s != nullptr &&
                                                        (s->state() == Subject::REGISTERED || s->state() == Subject::ACTIVE);
                                               },
                                           .of_others = true};

// Whoever's term has not ended, received or not.
template <class T>
const procedure::Guard<T> kTermRuns = {.rule = "对象",
                                       .reason = "SUBJECT_ENDED",
                                       .text = "该对象已经解除、终止社区矫正",
                                       .law = Ccl("44"),
                                       .holds =
                                           [](const T&, const procedure::Facts& facts) {
                                             const auto* s = facts.One<Subject>();
                                             return s != nullptr && !kSubjectProcedure.terminal.Has(s->state());
                                           },
                                       .of_others = true};

// Whether no other record of a type is open.
template <class T>
bool NoneOpen(const procedure::Facts& facts, const procedure::Procedure<T>& procedure) {
  const auto others = facts.All<T>();
  return std::all_of(others.begin(), others.end(), [&](const T* other) { return procedure.terminal.Has(other->state()); });
}

inline absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}

// 封存: of who was a minor when the term began those know who hold corrections.sealed.read (社区矫正法 §54). `.sealed` of a record.
template <class T>
bool OfMinor(const T& record) {
  return record.person().minor();
}
// The same of what has the person himself.
template <class T>
bool IsMinor(const T& object) {
  return object.minor();
}
// Under eighteen on a day, by his citizen number.
inline bool IsMinorOn(const v1::Person& person, const std::string& day) {
  const auto born = BirthDateOf(person.id_number());
  return born && AgeOn(*born, DayIn(day)) < 18;
}

// What the person sees of his record through an account of his own, and which acts are his to do, beside the office, which does them
// for who has no account. `.further` of a record; of those without it he learns nothing.
template <class T, int... kActs>
std::vector<casework::Further> ForPerson(const T& record) {
  return {{.path = OwnPath(record.organisation_path(), record.subject()), .acts = {kActs...}, .also = true}};
}

// `ended_by`: the act that ends an open record when the term ends; 0: it goes on.
inline casework::Reference OfSubject(int ended_by) {
  return {.field = "subject",
          .to = "Subject",
          .reason = "SUBJECT_HAS_RECORDS",
          .sentence = "该对象已有办理记录，不能作废",
          .looked_at = true,
          .ended_by = ended_by};
}

// Of a record at whose subject no rule looks: it goes on when his term has ended, or there is none.
inline casework::Reference BesideSubject() {
  return {.field = "subject", .to = "Subject", .reason = "SUBJECT_HAS_RECORDS", .sentence = "该对象已有办理记录，不能作废"};
}

// A figure that local rules set (data/parameters.csv).
inline int FigureOf(const std::string& name, int unless_set, const procedure::Facts& facts) {
  if (facts.parameters == nullptr) return unless_set;
  const auto set = facts.parameters->find(name);
  return set == facts.parameters->end() ? unless_set : set->second;
}

// The last day of so many months from a day, of what binds a person (最高法刑诉法解释 §202): the corresponding day, and it never
// rolls over to the next working day. Counted under the 刑事诉讼法, whose rule it is, since the 社区矫正法 is not in force on
// days before 2020-07-01, from which an absence or a custody may be counted too; of days before 1997 there is none.
inline absl::CivilDay MonthsAfter(const procedure::Facts& facts, absl::CivilDay day, int months) {
  const auto end = calendar::Compute(*facts.calendar, calendar::Months("CPL", months), day, {.is_measure = true});
  return end.ok() ? end->due : day + 31 * months;
}
inline absl::CivilDay MonthsAfter(const procedure::Circumstances& act, absl::CivilDay day, int months) {
  return MonthsAfter(act.facts(), day, months);
}

// A record is found by its subject's name, and by `day`.
template <class T>
casework::Index IndexOfRecord(const T& record, const std::string& day) {
  return {.day = day, .terms = {{"subject", record.subject()}}, .names = {record.person().name()}};
}

// The conditions `subject` and `name` of a list of records.
template <class R>
absl::Status NarrowRecords(const R& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.subject().empty()) query->terms.push_back({"subject", r.subject()});
  query->name = r.name();
  return absl::OkStatus();
}

// （2026）330783矫外字第1号: by county, year and word.
template <class T>
std::optional<casework::Numbering> CountyNumbering(const T& object, absl::CivilDay act_day, const std::string& word) {
  if (!object.number().empty()) return std::nullopt;
  const int64_t year = act_day.year();
  const std::string county = object.region().substr(0, 6);
  return casework::Numbering{absl::StrCat(county, "/", year, "/", word),
                             [=](int64_t number) { return absl::StrCat("（", year, "）", county, word, "字第", number, "号"); }};
}

}  // namespace sifa::corrections
