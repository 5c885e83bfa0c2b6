// Permits to travel, to meet and to enter (law §2.1, §2.5 R5): who may have one, for how long, and how each ends.
#include "services/corrections/contact_permit.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/entry_permit.h"
#include "services/corrections/record_fixture.h"
#include "services/corrections/travel_permit.h"

namespace sifa::corrections {
namespace {

// A permit of a day to a day, as it is applied for.
template <class T>
T PermitOf(const char* from, const char* to) {
  T permit;
  permit.set_region("330783118");
  permit.set_from(from);
  permit.set_to(to);
  return permit;
}

template <class T>
std::string Applied(const procedure::Procedure<T>& procedure, T permit, const Subject& s) {
  return Do(procedure, permit, T::APPLY, On("2024-10-08", s));
}

Subject Banned(const char* category = kProbation) {
  Subject s = Probationer();
  s.mutable_decision()->set_category(category);
  s.mutable_decision()->set_ban(true);
  return s;
}

constexpr char kTravel[] =
    R"({"purpose": "送货", "frequency": "每周两次", "route": "东阳至义乌", "places": ["330782", "330783"]})";

TravelPermit Travel(Course& at, const Subject& s) {
  return at.Do("ApproveTravelPermit", at.Make<TravelPermit>("ApplyForTravelPermit", s, kTravel, at.office), "{}", at.county);
}

}  // namespace

TEST_CASE("实施办法 §39: who is not banned needs no entry permit, and a parolee never is") {
  const auto permit = PermitOf<EntryPermit>("2024-10-10", "2024-10-10");
  CHECK(Applied(kEntryPermitProcedure, permit, Banned()) == "");
  CHECK(Applied(kEntryPermitProcedure, permit, Probationer()) == "BAN_MISSING");
  CHECK(Applied(kEntryPermitProcedure, permit, Banned(kParole)) == "BAN_MISSING");
}

TEST_CASE("实施办法 §25: a permit is asked for beforehand, within the term, of who is received") {
  const auto applied = [](const char* from, const char* to, Subject::State state = Subject::ACTIVE) {
    return Applied(kContactPermitProcedure, PermitOf<ContactPermit>(from, to), Probationer(state));
  };
  CHECK(applied("2024-10-08", "2024-10-08") == "");
  CHECK(applied("2024-10-10", "2024-10-09") == "PERMIT_REVERSED");
  CHECK(applied("2024-10-07", "2024-10-09") == "PERMIT_BACKDATED");
  CHECK(applied("2026-08-31", "2026-09-01") == "PERMIT_BEYOND_TERM");
  CHECK(applied("2024-10-08", "2024-10-08", Subject::RELEASED) == "SUBJECT_NOT_IN_CORRECTION");
  auto late = PermitOf<ContactPermit>("2024-10-08", "2024-10-09");
  late.set_state(ContactPermit::APPLIED);
  CHECK(Do(kContactPermitProcedure, late, ContactPermit::APPROVE, On("2024-10-09")) == "PERMIT_BACKDATED");
}

TEST_CASE("实施办法 §29 (R5): travel is of other cities and counties, and one application at a time") {
  auto permit = PermitOf<TravelPermit>("", "");
  permit.add_places("330783001");
  CHECK(Applied(kTravelPermitProcedure, permit, Probationer()) == "NOT_LEAVING");
  permit.add_places("330782");
  CHECK(Applied(kTravelPermitProcedure, permit, Probationer()) == "");
  TravelPermit other = permit;
  other.set_state(TravelPermit::APPLIED);
  CHECK(Do(kTravelPermitProcedure, permit, TravelPermit::APPLY, On("2024-10-08", Probationer(), other)) == "PERMIT_PENDING");
}

TEST_CASE("实施办法 §29 (R5): the county permits travel for six months; the next permit follows, neither beyond the term") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"termTo": "2025-05-31"})");
  const auto asked = at.Make<TravelPermit>("ApplyForTravelPermit", s, kTravel, at.office);
  CHECK(at.Refusal("ApproveTravelPermit", asked, "{}", at.office) != "");
  const TravelPermit permit = at.Do("ApproveTravelPermit", asked, "{}", at.county);
  CHECK(permit.number() == "（2024）330783矫跨字第1号");
  CHECK(permit.from() == "2024-09-02");
  CHECK(permit.to() == "2025-03-02");  // a Sunday
  at.GoTo("2025-03-02");
  CHECK(at.Now(permit).state() == TravelPermit::APPROVED);
  const TravelPermit next = Travel(at, s);
  CHECK(next.from() == "2025-03-03");
  CHECK(next.to() == "2025-05-31");
  at.GoTo("2025-03-03");
  CHECK(at.Now(permit).state() == TravelPermit::EXPIRED);
  const TravelPermit revoked = at.Do("RevokeTravelPermit", next, R"({"reason": "改变路线"})", at.county);
  CHECK(revoked.state() == TravelPermit::REVOKED);
  const TravelPermit last = Travel(at, s);
  at.Do("RecordSubjectDeath", at.Now(s), R"({"document": "死亡证明1号"})", at.county);
  CHECK(at.Now(last).state() == TravelPermit::LAPSED);
  CHECK(at.Findings().empty());
}

TEST_CASE(
    "实施办法 §25, §39: the county permits meeting and entering; of an entry court and procuratorate are told; both end by "
    "themselves") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"ban": true})");
  const char* meeting =
      R"({"kind": "VICTIM", "contactName": "钱小河", "purpose": "赔礼道歉", "from": "2024-09-03", "to": "2024-09-03"})";
  const auto refused = at.Make<ContactPermit>("ApplyForContactPermit", s, meeting, at.office);
  CHECK(at.Do("RefuseContactPermit", refused, R"({"reason": "被害人不同意"})", at.county).refuse_reason() == "被害人不同意");
  auto contact = at.Make<ContactPermit>("ApplyForContactPermit", s, meeting, at.office);
  contact = at.Do("ApproveContactPermit", contact, "{}", at.county);
  auto entry = at.Make<EntryPermit>("ApplyForEntryPermit", s,
                                    R"({"area": "某娱乐场所", "purpose": "取回物品", "from": "2024-09-03", "to": "2024-09-04"})",
                                    at.office);
  CHECK(at.Refusal("ApproveEntryPermit", entry, "{}", at.office) != "");
  entry = at.Do("ApproveEntryPermit", entry, "{}", at.county);
  std::vector<std::string> papers;
  for (const auto& paper : entry.papers()) papers.push_back(paper.kind());
  CHECK(papers == std::vector<std::string>{"APPLICATION", "APPROVAL", "COURT_NOTICE", "PROCURATORATE_NOTICE"});
  at.GoTo("2024-09-04");
  CHECK(at.Now(contact).state() == ContactPermit::EXPIRED);
  CHECK(at.Now(entry).state() == EntryPermit::APPROVED);
  at.GoTo("2024-09-05");
  CHECK(at.Now(entry).state() == EntryPermit::EXPIRED);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
