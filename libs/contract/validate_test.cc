#include "libs/contract/validate.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "libs/contract/contracttest.pb.h"
#include "libs/core/status.h"

namespace sifa::contract {
namespace {

using contracttest::v1::CreateCaseRequest;

class Kinds : public CodeTables {
 public:
  bool Has(absl::string_view table, absl::string_view code) const override {
    return table == "dispute_kind" && code == "01";
  }
};

// A case with nothing wrong.
CreateCaseRequest Good() {
  CreateCaseRequest request;
  auto* c = request.mutable_case_();
  c->add_parties()->set_name("张三");
  c->set_color(contracttest::v1::RED);
  c->set_rank(0);
  return request;
}

google::rpc::BadRequest ViolationsOf(const absl::Status& status) {
  google::rpc::BadRequest bad;
  const google::rpc::Status proto = ToProto(status);
  for (const auto& detail : proto.details()) {
    if (detail.Is<google::rpc::BadRequest>()) detail.UnpackTo(&bad);
  }
  return bad;
}

absl::Status Check(const CreateCaseRequest& request) {
  static const Kinds kinds;
  return Validate(request, absl::CivilDay(2024, 9, 27), &kinds);
}

// "REASON field" after the text is merged into the good case; "" where it stays good.
std::string With(const std::string& text) {
  CreateCaseRequest request = Good();
  REQUIRE(google::protobuf::TextFormat::MergeFromString(absl::StrCat("case {", text, "}"), &request));
  const absl::Status status = Check(request);
  if (status.ok()) return "";
  REQUIRE(ViolationsOf(status).field_violations_size() == 1);
  return absl::StrCat(ReasonOf(status), " ", ViolationsOf(status).field_violations(0).field());
}

std::string Without(absl::string_view field) {
  CreateCaseRequest request = Good();
  auto* c = request.mutable_case_();
  c->GetReflection()->ClearField(c, c->GetDescriptor()->FindFieldByName(std::string(field)));
  const absl::Status status = Check(request);
  return absl::StrCat(ReasonOf(status), " ", ViolationsOf(status).field_violations(0).field());
}

TEST_CASE("known fields of a request have their rules without saying so, and a length of their own in their place") {
  const auto refused = [](const google::protobuf::Message& request) {
    std::string all;
    const auto violations = ViolationsOf(Validate(request, absl::CivilDay(2024, 9, 27), nullptr));
    for (const auto& violation : violations.field_violations()) {
      absl::StrAppend(&all, all.empty() ? "" : " ", violation.field());
    }
    return all;
  };
  contracttest::v1::AcceptCaseRequest accept;
  CHECK(refused(accept) == "id etag");
  accept.set_id("not an id");
  accept.set_etag("1");
  accept.set_request_id("含汉字");
  accept.set_reason(std::string(2001, 'x'));
  CHECK(refused(accept) == "requestId id reason");
  accept.set_id("01J8SQ6YKB4RMDB1KJ5P7TGZ3V");
  accept.set_request_id("r-1");
  accept.set_reason("第一行\n第二行");
  CHECK(refused(accept).empty());
  contracttest::v1::ListCasesRequest list;
  list.set_page_size(201);
  CHECK(refused(list) == "pageSize");
  contracttest::v1::GetCaseRequest get;
  get.set_id("not an id");
  CHECK(refused(get).empty());
  get.clear_id();
  CHECK(refused(get) == "id");
  contracttest::v1::Item item;  // no request: its id has no rule
  CHECK(refused(item).empty());
}

TEST_CASE("what was read masked is not written back") {
  CHECK(With(R"(parties { name: "张*" })") == "FIELD_MASKED case.parties[1].name");
  CHECK(With(R"(parties { name: "张三" address: "浙江省东阳市***" })") == "FIELD_MASKED case.parties[1].address");
  CHECK(With(R"(facts: "***")") == "FIELD_MASKED case.facts");
  CHECK(With(R"(facts: "见附件 *** 号")").empty());
}

}  // namespace

TEST_CASE("a good request passes") { CHECK(With("") == ""); }

TEST_CASE("what is required must be there and not empty") {
  CHECK(Without("color") == "ENUM_UNKNOWN case.color");
  CHECK(Without("rank") == "FIELD_REQUIRED case.rank");
  CHECK(Without("parties") == "TOO_FEW_ITEMS case.parties");
  CHECK(With("parties {}") == "FIELD_REQUIRED case.parties[1].name");
  CHECK(ReasonOf(Check({})) == "FIELD_REQUIRED");
}

TEST_CASE("what the service sets is refused") {
  CHECK(With("id: '01HZX3K5T7Q9V1B2C3D4E5F6G7'") == "FIELD_OUTPUT_ONLY case.id");
}

TEST_CASE("lengths count characters, of bytes bytes, of lists items") {
  CHECK(With("parties { name: '一二三四五' }") == "");
  CHECK(With("parties { name: '一二三四五六' }") == "FIELD_TOO_LONG case.parties[1].name");
  CHECK(With("scan: '12345678'") == "");
  CHECK(With("scan: '123456789'") == "FIELD_TOO_LONG case.scan");
  CHECK(With("tags: 'ab' tags: 'abcde'") == "FIELD_TOO_LONG case.tags[1]");
  CHECK(With("tags: 'a' tags: 'b' tags: 'c'") == "TOO_MANY_ITEMS case.tags");
  CHECK(With(absl::StrCat("facts: '", std::string(10000, 'x'), "'")) == "");
  CHECK(With(absl::StrCat("facts: '", std::string(10001, 'x'), "'")) == "FIELD_TOO_LONG case.facts");
}

TEST_CASE("what nobody can see is no text, and a line has no breaks") {
  CHECK(With("parties { name: ' ' }") == "FIELD_BLANK case.parties[1].name");
  CHECK(With("parties { name: '　　' }") == "FIELD_BLANK case.parties[1].name");
  CHECK(With("parties { name: '阿 依' }").empty());
  CHECK(With(R"(parties { name: 'a\nb' })") == "FIELD_CHARACTER case.parties[1].name");
  for (const char* hidden : {"\\000", "\\033", "\\177", "\\302\\205", "\\342\\200\\256", "\\342\\201\\246", "\\342\\200\\250"}) {
    INFO(hidden);
    CHECK(With(absl::StrCat("tags: 'a", hidden, "b'")) == "FIELD_CHARACTER case.tags[0]");
    CHECK(With(absl::StrCat("facts: 'a", hidden, "b'")) == "FIELD_CHARACTER case.facts");
  }
  CHECK(With(R"(facts: '一\n\t二')").empty());
  CHECK(With(R"(facts: '一\r\n二')") == "FIELD_CHARACTER case.facts");
  CHECK(With(R"(facts: '\n \n')") == "FIELD_BLANK case.facts");
  CHECK(With("parties { name: '👮𠮷' }").empty());
}

TEST_CASE("a line that comes in no field is held to the same") {
  for (const char* blank : {" ", "　", "\u00a0", "\u200b"}) CHECK(ReasonOf(ValidateLine(blank)) == "FIELD_BLANK");
  for (const char* hidden : {"\n", "办\n案", "\u202e"}) CHECK(ReasonOf(ValidateLine(hidden)) == "FIELD_CHARACTER");
  for (const char* line : {"", "办理 案件"}) CHECK(ValidateLine(line).ok());
}

TEST_CASE("formats are checked where something is given") {
  CHECK(With("number: 'AB12'") == "");
  CHECK(With("number: 'AB12x'") == "FIELD_PATTERN case.number");
  CHECK(With("due_on: '2025-02-28' accepted_on: '2024-09-27'") == "");
  CHECK(With("due_on: '2025-02-29'") == "FIELD_DATE case.dueOn");
  CHECK(With("due_on: '1899-12-31'") == "FIELD_DATE case.dueOn");
  CHECK(With("accepted_on: '2024-09-28'") == "FIELD_DATE_FUTURE case.acceptedOn");
  CHECK(With("region: '330783100201'") == "");
  CHECK(With("region: '33078'") == "FIELD_REGION case.region");
  CHECK(With("parties { name: 'x' id_number: '11010519491231002X' }") == "");
  CHECK(With("parties { name: 'x' id_number: '110105194912310021' }") ==
        "CITIZEN_ID_INVALID case.parties[1].idNumber");
  CHECK(With("parties { name: 'x' id_number: '330783202501010014' }") ==
        "CITIZEN_ID_INVALID case.parties[1].idNumber");  // of somebody yet to be born
  CHECK(With("parties { name: 'x' phone: '+86-579-86110001' }") == "");
  CHECK(With("parties { name: 'x' phone: '12a45' }") == "FIELD_PHONE case.parties[1].phone");
  CHECK(With("kind: '01'") == "");
  CHECK(With("kind: '02'") == "CODE_UNKNOWN case.kind");
}

TEST_CASE("numbers keep their bounds, enums their codes") {
  CHECK(With("score: 100") == "");
  CHECK(With("score: 101") == "FIELD_RANGE case.score");
  CHECK(With("score: -1") == "FIELD_RANGE case.score");
  CHECK(With("amount_fen: -5") == "FIELD_RANGE case.amountFen");
  CreateCaseRequest request = Good();
  request.mutable_case_()->add_colors(static_cast<contracttest::v1::Color>(99));
  CHECK(ReasonOf(Check(request)) == "ENUM_UNKNOWN");
  CHECK(ViolationsOf(Check(request)).field_violations(0).field() == "case.colors[0]");
}

TEST_CASE("checks go into maps and into nested messages of the same type") {
  CHECK(With("helpers { key: 'k' value {} }") == "FIELD_REQUIRED case.helpers[\"k\"].name");
  CHECK(With("parent { parties { name: 'a' } color: RED rank: 1 score: 500 }") ==
        "FIELD_RANGE case.parent.score");
}

TEST_CASE("all violations come at once, up to twenty") {
  CreateCaseRequest request = Good();
  request.mutable_case_()->set_score(500);
  request.mutable_case_()->set_number("x");
  const auto bad = ViolationsOf(Check(request));
  CHECK(bad.field_violations_size() == 2);
  for (int i = 0; i < 50; ++i) (*request.mutable_case_()->mutable_helpers())[absl::StrCat(i)];
  CHECK(ViolationsOf(Check(request)).field_violations_size() == 20);
}

TEST_CASE("types with little to check are checked as well") {
  contracttest::v1::Plain plain;
  CHECK(Validate(plain, absl::CivilDay(2024, 1, 1)).ok());
  plain.mutable_next()->set_text(std::string(10001, 'x'));
  CHECK(ReasonOf(Validate(plain, absl::CivilDay(2024, 1, 1))) == "FIELD_TOO_LONG");
  CHECK(Validate(Good(), absl::CivilDay(2024, 1, 1)).ok());
}

TEST_CASE("what a service filled in is refused in a request, and of a stored object held to its rule") {
  CreateCaseRequest request = Good();
  request.mutable_case_()->set_id("01ARZ3NDEKTSV4RRFFQ69G5FAV");
  CHECK(ReasonOf(Check(request)) == "FIELD_OUTPUT_ONLY");
  CHECK(ValidateStored(request, absl::CivilDay(2024, 9, 27)).ok());
  request.mutable_case_()->set_id("no id");
  CHECK(ReasonOf(ValidateStored(request, absl::CivilDay(2024, 9, 27))) == "FIELD_ID");
}

}  // namespace sifa::contract
