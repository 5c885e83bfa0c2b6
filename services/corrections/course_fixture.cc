#include "services/corrections/course_fixture.h"

#include "absl/strings/str_format.h"
#include "services/corrections/area.h"
#include "services/corrections/corrections.h"

namespace sifa::corrections {
namespace {

constexpr char kOfficePath[] = "/33/3307/330783/330783118/";

// A citizen number of nobody (GB 11643).
std::string IdNumber(int order, const std::string& born = "19900307") {
  constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const std::string digits = absl::StrFormat("330783%s%03d", born, order);
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * kWeights[i];
  return digits + "10X98765432"[sum % 11];
}

}  // namespace

Course::Course()
    : Desk(SIFA_ROOT, Definition(), absl::CivilSecond(2024, 9, 2, 9, 0, 0),
           {{"330783", "/33/3307/330783/"},
            {"330783118", kOfficePath},
            {"330783123", "/33/3307/330783/330783123/"},
            {"330782100", "/33/3307/330782/330782100/"}}) {
  backend.parameters["corrections.report_days"] = 10000;
  county = testing::ClaimsOf("01COUNTY", "zhao.min", {testing::GrantOf("county_officer", "330783", "/33/3307/330783/", 3, true)});
  minors = testing::ClaimsOf("01MINORS", "xu.yan",
                             {testing::GrantOf("county_officer", "330783", "/33/3307/330783/", 3, true),
                              testing::GrantOf("minors_officer", "330783", "/33/3307/330783/", 3, true)});
  head = testing::ClaimsOf("01HEAD", "sun.li", {testing::GrantOf("county_head", "330783", "/33/3307/330783/", 3, true)});
  office = testing::ClaimsOf("01OFFICE", "wang.fang", {testing::GrantOf("justice_officer", "330783118", kOfficePath, 4, true)});
  city = testing::ClaimsOf("01CITY", "zhou.jie", {testing::GrantOf("city_supervisor", "3307", "/33/3307/", 2, true)});
  neighbour =
      testing::ClaimsOf("01YIWU", "he.qiang", {testing::GrantOf("county_officer", "330782", "/33/3307/330782/", 3, true)});
}

Subject Course::NoticeOf(const std::string& category, const std::string& more, const std::string& id_number, const Claims& who) {
  const std::string fields = more.substr(1, more.rfind('}') - 1);
  const std::string json = absl::StrFormat(
      R"({"office": "330783118", "region": "330783118", "decision": {"category": "%s", "decider": "01", "deciderName": "东阳市人民法院",
      "number": "（2024）浙0783刑初9号", "effectiveOn": "2024-09-01", "termFrom": "2024-09-01", "termTo": "2026-08-31",
      "offence": "05"%s}, "person": {"name": "赵大山", "idNumber": "%s", "sex": "1", "residence": "南马镇安恬村"}})",
      category, fields.empty() ? "" : absl::StrCat(", ", fields), id_number);
  return Must(Try<Subject>("NoticeSubject", json, who));
}

Subject Course::Notice(const std::string& category, const std::string& more) {
  return NoticeOf(category, more, IdNumber(++people_), county);
}

Subject Course::NoticeMinor() { return NoticeOf(kProbation, "{}", IdNumber(++people_, "20070307"), minors); }

Course::Claims Course::OwnAccountOf(const Subject& s) {
  return testing::ClaimsOf(
      "01OWN", "zhao.dashan",
      {testing::GrantOf("supervised_person", "330783", OwnPath(s.organisation_path(), s.id()), 0, true)});
}

Subject Course::Active(const std::string& category, const std::string& more) {
  Subject s = Notice(category, more);
  s = Do("RegisterSubject", s, "{}", county);
  s = Do("FormSubjectTeam", s, R"({"team": [{"name": "陈志强", "sex": "1", "role": "01"}]})", office);
  return Do("AnnounceSubject", s, "{}", office);
}

}  // namespace sifa::corrections
