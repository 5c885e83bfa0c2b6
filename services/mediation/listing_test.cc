// What lists are narrowed by: a division or an organisation, each with everything below it.
#include "libs/contract/normal_form.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {
namespace {

struct Listing : MediationFixture {
  int Cases(const std::string& region, const std::string& organisation) {
    v1::ListCasesRequest r;
    r.set_region(region);
    r.set_organisation(organisation);
    auto call = Call("CaseService/ListCases", officer);
    return Must(office.List<Case, v1::ListCasesResponse>(call, r)).cases_size();
  }
  int Committees(const std::string& region, const std::string& organisation) {
    v1::ListCommitteesRequest r;
    r.set_region(region);
    r.set_organisation(organisation);
    auto call = Call("CommitteeService/ListCommittees", officer);
    return Must(office.List<Committee, v1::ListCommitteesResponse>(call, r)).committees_size();
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

TEST_CASE("a code finds its leaves, and a number is one however it is typed") {
  Listing at;
  v1::EditCaseRequest edit;
  const Case c = at.Apply();
  edit.set_id(c.id());
  *edit.mutable_particulars() = c.particulars();
  edit.mutable_particulars()->set_type("1001");
  edit.mutable_particulars()->set_source("33");
  auto editing = at.Call("CaseService/EditCase", at.mediator);
  Must(at.Do<Case>(editing, edit));
  const Case accepted = at.Accept(c);
  const auto found = [&](auto narrow) {
    v1::ListCasesRequest r;
    narrow(r);
    contract::ToNormalForm(&r);  // as at the door
    auto call = at.Call("CaseService/ListCases", at.officer);
    return Must(at.office.List<Case, v1::ListCasesResponse>(call, r)).cases_size();
  };
  for (const char* type : {"10", "1001"}) CHECK(found([&](auto& r) { r.set_type(type); }) == 1);
  for (const char* type : {"01", "11", "1099"}) CHECK(found([&](auto& r) { r.set_type(type); }) == 0);
  for (const char* source : {"3", "33"}) CHECK(found([&](auto& r) { r.set_source(source); }) == 1);
  for (const char* source : {"1", "2", "31"}) CHECK(found([&](auto& r) { r.set_source(source); }) == 0);
  REQUIRE(accepted.number() == "（2024）吴宁人调字第1号");
  for (const char* number : {"（2024）吴宁人调字第1号", "(2024)吴宁人调字第1号", "〔２０２４〕吴宁人调字 第０１号"}) CHECK(found([&](auto& r) { r.set_number(number); }) == 1);
  CHECK(found([](auto& r) { r.set_number("(2024)吴宁人调字第2号"); }) == 0);
}

}  // namespace
}  // namespace sifa::mediation
