// Electronic positioning and the exit ban over a database: who decides, when they end, what is told of the person (law §2.2 #6,
// #11).
#include "services/corrections/course_fixture.h"
#include "services/corrections/exit_ban.h"
#include "services/corrections/revocation.h"
#include "services/corrections/tracking_authority.h"

namespace sifa::corrections {
namespace {

using Tracking = TrackingAuthority;

Revocation Pending(Course& at, const Subject& s) {
  return at.Make<Revocation>(
      "ProposeRevocation", s,
      R"({"kind": "PROBATION", "ground": "OVER_MONTH", "facts": "脱离监管四十日", "addressee": "ORIGINAL"})", at.county);
}

absl::StatusOr<Tracking> TryPropose(Course& at, const Subject& s, const std::string& ground_object) {
  return at.TryMake<Tracking>(
      "ProposeTrackingAuthority", s,
      absl::StrCat(R"({"ground": "REVOCATION", "groundObject": ")", ground_object,
                   R"(", "facts": "可能逃跑", "device": "WRISTBAND", "from": "2024-09-02", "to": "2024-12-02"})"),
      at.office);
}

constexpr char kServed[] = R"({"deviceNumber": "BD20240001"})";

std::vector<int> Flags(Course& at, const Subject& s) {
  const Subject now = at.Now(s);
  return {now.flags().begin(), now.flags().end()};
}

}  // namespace

TEST_CASE(
    "社区矫正法 §29: the head of the bureau alone approves; it runs from its notice, ends by itself, and is renewed by another") {
  Course at;
  const Subject s = at.Active();
  const Revocation revocation = Pending(at, s);
  const Subject other = at.Active();
  CHECK(ReasonOf(TryPropose(at, other, revocation.id()).status()) == "GROUND_WITHOUT_OBJECT");  // of somebody else
  Tracking t = at.Must(TryPropose(at, s, revocation.id()));
  CHECK_FALSE(at.Refusal("ApproveTrackingAuthority", t, "{}", at.county).empty());
  t = at.Do("ApproveTrackingAuthority", t, "{}", at.head);
  CHECK(Flags(at, s) == std::vector<int>{Subject::REVOKE_PENDING});
  at.GoTo("2024-09-04");
  t = at.Do("NotifyTrackingAuthority", t, kServed, at.office);
  CHECK(t.running_from() == "2024-09-04");
  CHECK(Flags(at, s) == std::vector<int>{Subject::REVOKE_PENDING, Subject::TAGGED});

  at.GoTo("2024-11-25");
  const std::string renewal = absl::StrCat(R"({"renews": ")", t.id(),
                                           R"(", "need": "仍可能逃跑", "facts": "裁定未作出", "device": "WRISTBAND",)"
                                           R"( "from": "2024-12-03", "to": "2025-02-28"})");
  Tracking next = at.Make<Tracking>("ProposeTrackingAuthority", s, renewal, at.office);
  CHECK(next.ground() == Tracking::REVOCATION);
  next = at.Do("ApproveTrackingAuthority", next, "{}", at.head);
  at.GoTo("2024-12-02");
  CHECK(at.Now(t).state() == Tracking::RUNNING);
  CHECK(at.Refusal("NotifyTrackingAuthority", next, kServed, at.office) == "AUTHORITY_OUT_OF_PERIOD");
  at.GoTo("2024-12-03");
  t = at.Now(t);
  CHECK(t.state() == Tracking::EXPIRED);
  CHECK(t.ended_on() == "2024-12-02");
  next = at.Do("NotifyTrackingAuthority", next, kServed, at.office);
  next = at.Do("LiftTrackingAuthority", next, R"({"reason": "裁定不予撤销"})", at.county);
  CHECK(next.state() == Tracking::LIFTED);
  CHECK(Flags(at, s) == std::vector<int>{Subject::REVOKE_PENDING});
  CHECK(at.Findings().empty());
}

TEST_CASE("社区矫正法 §29: one that was approved and never served expires; a term that is shortened cuts it; its end ends it") {
  Course at;
  const Subject s = at.Active();
  Tracking t = at.Must(TryPropose(at, s, Pending(at, s).id()));
  t = at.Do("ApproveTrackingAuthority", t, R"({"to": "2024-11-20"})", at.head);
  CHECK(t.clocks(0).due_on() == "2024-11-20");
  at.Do("CorrectSubjectTerm", s, R"({"termFrom": "2024-09-01", "termTo": "2024-10-31", "reason": "（2024）浙0783刑更2号"})",
        at.county);
  t = at.Now(t);
  CHECK(t.to() == "2024-10-31");
  CHECK(t.clocks(0).due_on() == "2024-10-31");
  at.GoTo("2024-11-01");
  CHECK(at.Now(t).state() == Tracking::EXPIRED);

  const Subject dead = at.Active(kProbation, R"({"effectiveOn": "2024-11-01", "termFrom": "2024-11-01"})");
  const Revocation revocation = Pending(at, dead);
  Tracking open =
      at.Make<Tracking>("ProposeTrackingAuthority", dead,
                        absl::StrCat(R"({"ground": "REVOCATION", "groundObject": ")", revocation.id(),
                                     R"(", "facts": "可能逃跑", "device": "ANKLET", "from": "2024-11-01", "to": "2025-01-31"})"),
                        at.office);
  open = at.Do("ApproveTrackingAuthority", open, "{}", at.head);
  open = at.Do("NotifyTrackingAuthority", open, kServed, at.office);
  at.Do("RecordSubjectDeath", dead, R"({"document": "死亡证明2号"})", at.county);
  CHECK(at.Now(open).state() == Tracking::LAPSED);
  CHECK(at.Now(revocation).state() == Revocation::LAPSED);
  CHECK(at.Now(dead).flags().empty());
  CHECK(at.Findings().empty());
}

TEST_CASE("the exit ban stands as long as the term; then it is lifted and the travel documents are given back") {
  Course at;
  const Subject s = at.Active();
  constexpr char kPapers[] = R"({"documents": [{"type": "01", "number": "E12345678", "custody": "01"}]})";
  ExitBan ban = at.Make<ExitBan>("RecordExitBan", s, kPapers, at.county);
  CHECK(ReasonOf(at.TryMake<ExitBan>("RecordExitBan", s, kPapers, at.county).status()) == "EXIT_BAN_OPEN");
  ban = at.Do("ReportExitBan", ban, R"({"police": "东阳市公安局出入境管理大队"})", at.county);
  CHECK(at.Refusal("LiftExitBan", ban, "{}", at.county) == "ACTION_NOT_ALLOWED");
  at.Do("PardonSubject", s, R"({"document": "特赦令1号"})", at.county);
  ban = at.Now(ban);
  CHECK(ban.state() == ExitBan::LIFT_DUE);
  CHECK(at.Refusal("LiftExitBan", ban, "{}", at.county) == "TRAVEL_DOCUMENTS_KEPT");
  ban = at.Do("LiftExitBan", ban, R"({"documents": [{"type": "01", "number": "E12345678", "custody": "02"}]})", at.county);
  CHECK(ban.state() == ExitBan::LIFTED);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
