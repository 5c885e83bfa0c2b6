// Corrections in one process over a real database, for tests of what acts do to other objects: a person's course with its
// records. The clock stands at 2024-09-02 09:00 until a test moves it; the roles are those of config/.
// No regular report falls due where a test does not set `backend.parameters` (corrections.report_days) otherwise.
//
//   Course at;
//   Subject s = at.Active();
//   auto search = at.Make<Search>("StartSearch", s, R"({"absentAfter": "2024-09-20"})", at.office);
//   CHECK(at.Refusal<Search>("AskPoliceToSearch", search, "{}", at.office) == "SEARCH_INCOMPLETE");
#pragma once

#include <string>
#include <vector>

#include "libs/testing/desk.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {

class Course : public testing::Desk {
 public:
  Course();

  // A person whose decision has been noticed on the day of the clock; `more`: fields of the decision, in JSON.
  Subject Notice(const std::string& category = kProbation, const std::string& more = "{}");
  // The same of who was seventeen when the term began.
  Subject NoticeMinor();
  // Received and announced on the day of the clock.
  Subject Active(const std::string& category = kProbation, const std::string& more = "{}");

  // A new record of the subject.
  template <class T>
  T Make(const std::string& method, const Subject& s, const std::string& json, const Claims& who) {
    return Must(TryMake<T>(method, s, json, who));
  }
  template <class T>
  absl::StatusOr<T> TryMake(const std::string& method, const Subject& s, const std::string& json, const Claims& who) {
    const std::string fields = json.substr(1, json.rfind('}') - 1);
    return Try<T>(method, absl::StrCat(R"({"subject": ")", s.id(), "\"", fields.empty() ? "" : ", ", fields, "}"), who);
  }

  // As it is now, as the county sees it.
  template <class T>
  T Now(const T& object) {
    return Desk::Now(object, county);
  }
  using Desk::Now;
  // The records of a type that a subject has, the oldest first.
  template <class T>
  std::vector<T> Of(const Subject& s) {
    return All<T>({{"subject", s.id()}});
  }
  // The only record of a type that a subject has.
  template <class T>
  T OneOf(const Subject& s) {
    const auto found = Of<T>(s);
    REQUIRE(found.size() == 1);
    return found[0];
  }
  // An account of the person's own.
  static Claims OwnAccountOf(const Subject& s);
  // A county officer, one who works with minors, the head of the bureau, the office, the city; another county.
  Claims county, minors, head, office, city, neighbour;

 private:
  Subject NoticeOf(const std::string& category, const std::string& more, const std::string& id_number, const Claims& who);

  int people_ = 0;
};

}  // namespace sifa::corrections
