// What lists of cases are narrowed by: codes and numbers.
#include "libs/contract/normal_form.h"
#include "services/mediation/mediation_fixture.h"

namespace sifa::mediation {

TEST_CASE("a code finds its leaves, and a number is one however it is typed") {
  MediationFixture at;
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

}  // namespace sifa::mediation
