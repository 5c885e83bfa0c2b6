#include "libs/contract/mask.h"

#include <catch2/catch.hpp>

#include "libs/contract/contracttest.pb.h"

namespace sifa::contract {
namespace {

using namespace contracttest::v1;  // NOLINT

Party MakeParty() {
  Party party;
  party.set_name("欧阳文");
  party.set_id_number("33078319800101001X");
  party.set_phone("13812345678");
  party.set_address("浙江省东阳市吴宁街道1号");
  party.set_password("hunter2");
  return party;
}

}  // namespace

TEST_CASE("each kind of personal data is masked in its way") {
  Party party = MakeParty();
  Mask(&party);
  CHECK(party.name() == "欧*");
  CHECK(party.id_number() == "330*************1X");
  CHECK(party.phone() == "138****5678");
  CHECK(party.address() == "浙江省东阳市***");
  CHECK(party.password() == "");
}

TEST_CASE("short, odd and empty values show nothing") {
  Party party;
  party.set_name("张");
  party.set_id_number("1234");
  party.set_phone("110");
  party.set_address("东阳");
  Mask(&party);
  CHECK(party.name() == "*");
  CHECK(party.id_number() == "***");
  CHECK(party.phone() == "***");
  CHECK(party.address() == "***");
  Party empty;
  Mask(&empty);
  CHECK(empty.ByteSizeLong() == 0);
  party.set_phone("电话见卷宗第3页第5行第7列");
  Mask(&party);
  CHECK(party.phone() == "***");
}

TEST_CASE("masking goes through lists, maps, cycles and Any") {
  ListCasesResponse response;
  Case* c = response.add_cases();
  c->set_facts("张三殴打李四");
  c->set_longitude(120.5);
  c->set_number("AB1");
  *c->add_parties() = MakeParty();
  (*c->mutable_helpers())["k"] = MakeParty();
  *c->mutable_parent()->add_parties() = MakeParty();
  c->mutable_extra()->PackFrom(MakeParty());
  Mask(&response);
  CHECK(c->facts() == "***");
  CHECK(c->longitude() == 0);
  CHECK(c->number() == "AB1");
  CHECK(c->parties(0).name() == "欧*");
  CHECK(c->helpers().at("k").name() == "欧*");
  CHECK(c->parent().parties(0).name() == "欧*");
  Party packed;
  REQUIRE(c->extra().UnpackTo(&packed));
  CHECK(packed.name() == "欧*");
  CHECK(response.SerializeAsString().find("hunter2") == std::string::npos);
}

TEST_CASE("secrets never leave, whoever asks") {
  Party party = MakeParty();
  MaskSecrets(&party);
  CHECK(party.name() == "欧阳文");
  CHECK(party.password() == "");
}

TEST_CASE("本人账号: what the office keeps for itself is cleared at all depths, and nothing else") {
  Case c;
  *c.add_parties() = MakeParty();
  c.mutable_parties(0)->set_note("言行可疑");
  ClearOfficeOnly(&c);
  CHECK(c.parties(0).note().empty());
  CHECK(c.parties(0).name() == "欧阳文");
}

TEST_CASE("of a request is kept all but secrets and contents of files, however deep") {
  CreateCaseRequest request;
  request.set_request_id("r1");
  Case& outer = *request.mutable_case_();
  for (Case* c : {&outer, outer.mutable_parent()}) {
    *c->add_parties() = MakeParty();
    (*c->mutable_helpers())["a"] = MakeParty();
    c->set_scan("%PDF");
    c->set_facts("事实");
  }
  CreateCaseRequest kept = request;
  ClearNotKept(&kept);
  for (Case* c : {&outer, outer.mutable_parent()}) {
    c->clear_scan();
    c->mutable_parties(0)->clear_password();
    c->mutable_helpers()->at("a").clear_password();
  }
  CHECK(kept.SerializeAsString() == request.SerializeAsString());
  CHECK_FALSE(IsKeptWhole(CreateCaseRequest::descriptor()));
  CHECK(IsKeptWhole(AcceptCaseRequest::descriptor()));
}

TEST_CASE("it is known which types hold personal data") {
  CHECK(HasSensitive(Party::descriptor()));
  CHECK(HasSensitive(ListCasesResponse::descriptor()));
  CHECK(HasSensitive(Everything::descriptor()));  // by its Any
  CHECK_FALSE(HasSensitive(Plain::descriptor()));
  CHECK_FALSE(HasSensitive(Item::descriptor()));
}

}  // namespace sifa::contract
