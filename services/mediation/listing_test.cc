// What lists are narrowed by: a division or an organisation, each with everything below it.
#include "services/mediation/test_bench.h"

namespace sifa::mediation {
namespace {

struct Listing : Bench {
  int Cases(const std::string& region, const std::string& organisation) {
    v1::ListCasesRequest r;
    r.set_region(region);
    r.set_organisation(organisation);
    auto call = Call("CaseService/ListCases", officer);
    return Must(case_service.List(call, r)).cases_size();
  }
  int Committees(const std::string& region, const std::string& organisation) {
    v1::ListCommitteesRequest r;
    r.set_region(region);
    r.set_organisation(organisation);
    auto call = Call("CommitteeService/ListCommittees", officer);
    return Must(committee_service.List(call, r)).committees_size();
  }
};

TEST_CASE("a division names all divisions within it, whatever its level") {
  Listing at;
  at.Apply();
  for (const char* region : {"330000", "330700", "330783"}) {
    INFO(region);
    CHECK(at.Cases(region, "") == 1);
    CHECK(at.Committees(region, "") == 1);
  }
  for (const char* region : {"340000", "330100", "330784", "330783001"}) {
    INFO(region);
    CHECK(at.Cases(region, "") == 0);
    CHECK(at.Committees(region, "") == 0);
  }
}

TEST_CASE("an organisation's code names it and all below it") {
  Listing at;
  at.Apply();
  for (const char* organisation : {"33", "330783", "C1"}) {
    INFO(organisation);
    CHECK(at.Cases("", organisation) == 1);
    CHECK(at.Committees("", organisation) == 1);
  }
  for (const char* organisation : {"330784", "C", "1"}) {
    INFO(organisation);
    CHECK(at.Cases("", organisation) == 0);
    CHECK(at.Committees("", organisation) == 0);
  }
}

}  // namespace
}  // namespace sifa::mediation
