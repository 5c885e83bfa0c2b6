// What permits (许可) of a subject have in common: the office enters the application, the county decides, and each holds from a
// day to a day, unless the county revokes it. Kinds differ in what they are for, so each has its own table; this is what their
// rows share.
#pragma once

#include <string>

#include "services/corrections/record.h"

namespace sifa::corrections {

template <class T>
absl::CivilDay PermitFrom(const T& permit) {
  return DayIn(permit.from());
}
template <class T>
absl::CivilDay PermitTo(const T& permit) {
  return DayIn(permit.to());
}

template <class T>
const procedure::Guard<T> kPermitInOrder = {
    "许可", "PERMIT_REVERSED", "结束日期不能早于开始日期", Ccl("23"),
    [](const T& permit, const procedure::Facts&) { return permit.from() <= permit.to(); }};
template <class T>
const procedure::Guard<T> kPermitBeforehand = {
    "许可", "PERMIT_BACKDATED", "应当事先批准，开始日期不能早于办理日期", Ccl("23"),
    [](const T& permit, const procedure::Facts& facts) { return permit.from() >= FormatDay(facts.act_day); }};
template <class T>
const procedure::Guard<T> kPermitWithinTerm = {.rule = "许可",
                                               .reason = "PERMIT_BEYOND_TERM",
                                               .text = "有效期不能超过矫正结束日期",
                                               .law = Ccl("17"),
                                               .holds =
                                                   [](const T& permit, const procedure::Facts& facts) {
                                                     const auto* s = facts.One<Subject>();
                                                     return s != nullptr && permit.to() <= s->decision().term_to();
                                                   },
                                               .of_others = true};

template <class T, class R>
absl::Status ApprovePermit(T& permit, const R&, const casework::Act& act) {
  permit.set_decided_on(act.occurred_on());
  return absl::OkStatus();
}
template <class T, class R>
absl::Status RefusePermit(T& permit, const R& r, const casework::Act& act) {
  permit.set_decided_on(act.occurred_on());
  permit.set_refuse_reason(r.reason());
  return absl::OkStatus();
}
template <class T, class R>
absl::Status RevokePermit(T& permit, const R& r, const casework::Act& act) {
  permit.set_revoked_on(act.occurred_on());
  permit.set_revoke_reason(r.reason());
  return absl::OkStatus();
}

}  // namespace sifa::corrections
