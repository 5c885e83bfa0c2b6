#include "libs/contract/normal_form.h"

#include <catch2/catch.hpp>

#include "libs/contract/contracttest.pb.h"
#include "libs/contract/validate.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using contracttest::v1::CreateCaseRequest;

constexpr absl::CivilDay kToday(2024, 9, 27);

// As the door takes a request: the form first, then the check.
std::string Taken(CreateCaseRequest* request) {
  ToNormalForm(request);
  auto* c = request->mutable_case_();
  if (c->parties().empty()) c->add_parties()->set_name("张三");
  c->set_color(contracttest::v1::RED);
  c->set_rank(0);
  return ReasonOf(Validate(*request, kToday));
}

}  // namespace

TEST_CASE("each text of a request takes the form of its field") {
  CreateCaseRequest request;
  auto* c = request.mutable_case_();
  c->set_accepted_on(" ２０２４-09-27");
  c->set_region("３３０７８３");
  c->set_number("AB12 ");
  c->add_tags("　二\u200b");
  c->set_facts("一\r\n二\u2028三");
  c->set_court(" 东阳市 人民法院 ");
  c->set_court_number("(2026) 浙0783民特〔０８〕号");
  c->set_certificate("e 1234-5678");
  auto* party = c->add_parties();
  party->set_name("张\u200b三 ");
  party->set_id_number("33078319900307001ｘ");
  party->set_phone("+86 138 0000 1234");
  party->set_password(" 密\u200b码\r\n");
  (*c->mutable_helpers())["a"].set_name("阿•依");
  c->mutable_parent()->set_court_number("第０１号");
  ToNormalForm(&request);
  CHECK(c->accepted_on() == "2024-09-27");
  CHECK(c->region() == "330783");
  CHECK(c->number() == "AB12");
  CHECK(c->tags(0) == "二");
  CHECK(c->facts() == "一\n二\n三");
  CHECK(c->court() == "东阳市 人民法院");
  CHECK(c->court_number() == "（2026）浙0783民特（08）号");
  CHECK(c->certificate() == "E12345678");
  CHECK(party->name() == "张三");
  CHECK(party->id_number() == "33078319900307001X");
  CHECK(party->phone() == "13800001234");
  CHECK(party->password() == " 密\u200b码\r\n");  // secrets stay as typed
  CHECK(c->helpers().at("a").name() == "阿·依");
  CHECK(c->parent().court_number() == "第1号");
}

TEST_CASE("what has nothing to see is nothing") {
  CreateCaseRequest request;
  request.mutable_case_()->add_parties()->set_name("\u2060\u2060");
  CHECK(Taken(&request) == "FIELD_REQUIRED");
  request.mutable_case_()->mutable_parties(0)->set_name("\u2800·");
  CHECK(Taken(&request) == "FIELD_BLANK");
}

TEST_CASE("control characters other than line breaks are refused in prose") {
  CreateCaseRequest request;
  for (const char* refused : {"一\x01二", "一\u009f二", "一\u202e二", "一\u2067二", "一\x7f"}) {
    request.mutable_case_()->set_facts(refused);
    CHECK(Taken(&request) == "FIELD_CHARACTER");
  }
}

TEST_CASE("GB 11643: a citizen's number stands in no field that is shown to all") {
  CreateCaseRequest request;
  request.mutable_case_()->set_court_number("33078319900307001X");
  CHECK(Taken(&request) == "CITIZEN_ID_MISPLACED");
  request.mutable_case_()->clear_court_number();
  request.mutable_case_()->set_court("330783 19900307 001x");
  CHECK(Taken(&request) == "CITIZEN_ID_MISPLACED");
  request.mutable_case_()->clear_court();
  request.mutable_case_()->mutable_parties(0)->set_title("33078319900307001X");
  CHECK(Taken(&request) == "CITIZEN_ID_MISPLACED");
  request.mutable_case_()->mutable_parties(0)->set_title("330783199003070011");  // no such number
  CHECK(Taken(&request).empty());
}

TEST_CASE("finding B17: what is no telephone number is refused in the words of a clerk") {
  CreateCaseRequest request;
  for (const char* refused : {"-----", "1381234567", "86620001"}) {
    request.mutable_case_()->clear_parties();
    auto* party = request.mutable_case_()->add_parties();
    party->set_name("张三");
    party->set_phone(refused);
    CHECK(Taken(&request) == "FIELD_PHONE");
    CHECK(Validate(request, kToday).message() == "电话号码有误：手机号为11位，固定电话请写区号，如0579-86620001");
  }
}

}  // namespace sifa::contract
