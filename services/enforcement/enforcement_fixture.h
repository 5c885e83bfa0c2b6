// The enforcement of 东阳 in one process over a real database. The clock stands at Monday 2026-11-02 09:00 until a test moves it.
#pragma once

#include <string>

#include "absl/strings/str_replace.h"
#include "libs/testing/desk.h"
#include "services/enforcement/agency.h"
#include "services/enforcement/enforcement.h"

namespace sifa::enforcement {

inline std::string AgencyJson(const std::string& credit_code) {
  return absl::StrCat(
      R"({"office": "330783-cm", "region": "330783", "name": "东阳市综合行政执法局", "kind": "ORGAN", "field": "01",
                          "creditCode": ")",
      credit_code, "\"}");
}

class Enforcement : public testing::Desk {
 public:
  Enforcement()
      : Desk(SIFA_ROOT, Definition(), absl::CivilSecond(2026, 11, 2, 9, 0, 0),
             {{"330783", "/33/3307/330783/"},
              {"330783-cm", "/33/3307/330783/330783-cm/"},
              {"330783-ms", "/33/3307/330783/330783-ms/"}}),
        officer(Person("county_officer", "330783", 3)),
        head(Person("county_head", "330783", 3)),
        clerk(Person("enforcement_clerk", "330783-cm", 3)),
        other_clerk(Person("enforcement_clerk", "330783-ms", 3)) {}

  // An agency that has been announced; its kind as JSON.
  Agency Announced(const std::string& kind = R"("ORGAN")", const std::string& credit_code = "11330783002586105F",
                   const std::string& office = "330783-cm") {
    std::string json = absl::StrReplaceAll(AgencyJson(credit_code), {{R"("ORGAN")", kind}, {"330783-cm", office}});
    return Do("AnnounceAgency", Do<Agency>("RegisterAgency", json, officer), "{}", officer);
  }

  // Of the bureau of justice, and its head; the clerks of two agencies (综合行政执法局, 市场监督管理局).
  const Claims officer, head, clerk, other_clerk;
};

}  // namespace sifa::enforcement
