// Import of closed cases: what is refused and by which field, and what is recognised.
#include "services/mediation/case_import.h"

#include "libs/casework/prune.h"
#include "libs/testing/procedure_checks.h"
#include "services/mediation/correction_fixture.h"

namespace sifa::mediation {
namespace {

using v1::Confirmation;
using v1::ImportedCase;

struct Importing : CorrectionFixture {
  v1::ImportCasesResponse Import(const std::vector<ImportedCase>& lines) {
    std::vector<v1::ImportCasesRequest> requests;
    for (const ImportedCase& line : lines) *requests.emplace_back().mutable_case_() = line;
    GivenReader<v1::ImportCasesRequest> reader(std::move(requests));
    auto call = Call("CaseService/ImportCases", officer);
    return Must(service.Import(call, rpc::Reader<v1::ImportCasesRequest>(reader)));
  }
  // "reason field" of the only line, which is refused; empty where it is imported.
  std::string Refusal(const ImportedCase& line) {
    const auto answer = Import({line});
    return answer.errors().empty() ? "" : answer.errors(0).reason() + " " + answer.errors(0).field();
  }
  std::vector<Case> Cases() {
    v1::ListCasesRequest r;
    auto call = Call("CaseService/ListCases", officer);
    const auto answer = Must(office.List<Case, v1::ListCasesResponse>(call, r));
    return {answer.cases().begin(), answer.cases().end()};
  }

  Case Named(const std::string& number) {
    for (const Case& c : Cases()) {
      if (c.number() == number) return c;
    }
    FAIL("no case " << number);
    return {};
  }
  CaseImport service{backend()};
};

ImportedCase Closed(const std::string& number) {
  ImportedCase c;
  c.set_number(number);
  c.set_organisation("C1");
  c.set_region("330783");
  c.set_type("02");
  c.set_source("2");
  c.set_accepted_on("2016-08-01");
  c.set_concluded_on("2016-08-20");
  c.set_result("1");
  c.set_agreement_form("2");
  return c;
}
ImportedCase Failed(const std::string& number) {
  ImportedCase c = Closed(number);
  c.set_result("2");
  c.clear_agreement_form();
  return c;
}

}  // namespace

TEST_CASE("a line is recognised however much later, and whatever was forgotten meanwhile") {
  Importing at;
  CHECK(at.Import({Closed("1"), Closed("2"), Closed("1")}).imported() == 2);
  at.office.clock.Advance(absl::Hours(24 * 400));
  REQUIRE(casework::PruneRequests(at.backend()).ok());
  const auto again = at.Import({Closed("1"), Closed("2"), Closed("3")});
  CHECK(again.repeated() == 2);
  CHECK(again.imported() == 1);
  CHECK(at.Cases().size() == 3);
  CHECK(at.Refusal(Failed("1")) == "IMPORTED_DIFFERENTLY ");
}

TEST_CASE("finding B4: one registered number is one case, whatever its zeros, brackets and digits") {
  Importing at;
  const auto answer = at.Import({Closed("（2018）南人调字第8号"), Closed("(2018)南人调字第08号"), Closed("〔２０１８〕南人调字 第００８号")});
  CHECK(answer.imported() == 1);
  CHECK(answer.repeated() == 2);
  CHECK(at.Named("（2018）南人调字第8号").number() == "（2018）南人调字第8号");
  CHECK(at.Import({Closed("（2018）南人调字第80号")}).imported() == 1);
}

TEST_CASE("GB 32100, GB 11643: a line's numbers are checked in their normal form") {
  Importing at;
  const auto line = [](const std::string& number) {
    ImportedCase c = Failed(number);
    c.add_parties()->set_name("甲公司");
    c.add_parties()->set_name("李四");
    return c;
  };
  ImportedCase misplaced = line("1");
  misplaced.mutable_parties(0)->set_credit_code("330783 1990 0307 001x");
  CHECK(at.Refusal(misplaced) == "CREDIT_CODE_IS_CITIZEN_ID parties[0].creditCode");
  ImportedCase nowhere = line("2");
  nowhere.mutable_parties(0)->set_id_number("000000199003070016");
  CHECK(at.Refusal(nowhere) == "CITIZEN_ID_INVALID parties[0].idNumber");
  ImportedCase typed = line("3");
  typed.mutable_parties(0)->set_credit_code("31370000-ma3cxy129c");
  typed.mutable_parties(1)->set_name("阿依•买\u200b提");
  CHECK(at.Refusal(typed).empty());
  CHECK(at.Named("3").particulars().parties(0).credit_code() == "31370000MA3CXY129C");
  CHECK(at.Named("3").particulars().parties(1).name() == "阿依·买提");
}

TEST_CASE("a voided import is replaced by a line with other content, and by no other") {
  Importing at;
  ImportedCase line = Closed("1");
  REQUIRE(at.Import({line, Closed("2")}).imported() == 2);
  const Case first = at.Named("1");
  at.Correct(first, Correction::VOID);

  // The file that brought it brings nothing back.
  auto again = at.Import({line, Closed("2")});
  CHECK(again.imported() == 0);
  CHECK(again.repeated() == 2);
  CHECK(again.voided() == 1);
  CHECK(at.Named("1").state() == Case::VOIDED);

  // The line put right does, in the same record; and it is then the one that is recognised.
  ImportedCase right = line;
  right.set_type("01");
  again = at.Import({line, right, right, Closed("3")});
  CHECK(again.imported() == 2);
  CHECK(again.repeated() == 2);
  const Case replaced = at.Named("1");
  CHECK(replaced.state() == Case::ARCHIVED);
  CHECK(replaced.id() == first.id());
  CHECK(replaced.etag() == "3");
  CHECK(replaced.particulars().type() == "01");
  CHECK(at.Cases().size() == 3);
  CHECK(at.Actions(first.id()) == std::vector<std::string>{"IMPORT", "VOID", "IMPORT"});
  CHECK(at.Import({right}).repeated() == 1);
  CHECK(at.Refusal(line) == "IMPORTED_DIFFERENTLY ");

  // And so on.
  at.Correct(replaced, Correction::VOID);
  CHECK(at.Import({right}).voided() == 1);
  CHECK(at.Import({line}).imported() == 1);
  CHECK(at.Named("1").particulars().type() == "02");
}

TEST_CASE("a number is one however its brackets and spaces were typed") {
  Importing at;
  REQUIRE(at.Import({Closed("（2019）东吴人调字第1号")}).imported() == 1);
  CHECK(at.Import({Closed("(2019)东吴人调字第1号"), Closed(" （2019） 东吴人调字第1号"), Closed("〔２０１９〕东吴人调字第1号")}).repeated() == 3);
}

TEST_CASE("an imported case was accepted and concluded, with an agreement or without: no correction says otherwise") {
  Importing at;
  REQUIRE(at.Import({Closed("1"), Failed("2")}).imported() == 2);
  const auto reason = [&](const Case& c, const char* path, const char* content) {
    return ReasonOf(at.Request(Importing::Amending(c, path, content)).status());
  };
  for (const char* number : {"1", "2"}) {
    CHECK(reason(at.Named(number), "accepted_on", "{}") == "FIELD_REQUIRED");
    CHECK(reason(at.Named(number), "concluded_on", "{}") == "FIELD_REQUIRED");
  }
  CHECK(reason(at.Named("2"), "performed_on", R"({"performedOn": "2024-08-30"})") == "ACT_NOT_DONE");
  CHECK(reason(at.Named("2"), "agreement.content", R"({"agreement": {"content": "赔偿"}})") == "ACT_NOT_DONE");
  CHECK(reason(at.Named("1"), "performed_on", R"({"performedOn": "2024-08-30"})") == "");
}

TEST_CASE("a committee that was recorded by mistake takes no imports") {
  Importing at;
  at.Dissolve(at.committee);
  at.Correct(Must(at.Establish("C1")), Correction::VOID);
  REQUIRE(at.Import({Closed("1")}).imported() == 1);
  CHECK(at.Named("1").committee() == at.committee.id());
}

TEST_CASE("a committee that is voided while a file comes in gets none of its cases") {
  struct Voiding : rpc::AnyReader {
    explicit Voiding(Importing& at) : at(at) {}
    bool Read(google::protobuf::Message* message) override {
      if (++reads > 1) at.Correct(at.committee, Correction::VOID);
      if (reads == 1) *static_cast<v1::ImportCasesRequest*>(message)->mutable_case_() = Closed("1");
      return reads == 1;
    }
    Importing& at;
    int reads = 0;
  };
  Importing at;
  Voiding reader(at);
  auto call = at.Call("CaseService/ImportCases", at.officer);
  const auto answer = Must(at.service.Import(call, rpc::Reader<v1::ImportCasesRequest>(reader)));
  CHECK(answer.imported() == 0);
  REQUIRE(answer.errors_size() == 1);
  CHECK(answer.errors(0).reason() == "COMMITTEE_UNKNOWN");
  CHECK(at.Cases().empty());
}

TEST_CASE("an imported agreement is concluded when it took effect, whichever of the two days is put right") {
  Importing at;
  ImportedCase line = Closed("1");
  REQUIRE(at.Import({line}).imported() == 1);
  const Case c = at.Named("1");
  REQUIRE(!c.agreement().effective_on().empty());
  at.Amend(c, "concluded_on", R"({"concludedOn": "2020-01-02"})");
  CHECK(at.Reload(c).agreement().effective_on() == "2020-01-02");
  at.Amend(at.Reload(c), "agreement.sealed_on", R"({"agreement": {"sealedOn": "2020-01-05"}})");
  CHECK(at.Reload(c).agreement().effective_on() == "2020-01-05");
  CHECK(at.Reload(c).concluded_on() == "2020-01-05");
}

TEST_CASE("the number of a case that was opened here and voided is no import's") {
  Importing at;
  const Case own = at.Accept(at.Apply());
  at.Correct(own, Correction::VOID);
  CHECK(at.Refusal(Closed(own.number())) == "NUMBER_TAKEN ");
  CHECK(at.Reload(own).state() == Case::VOIDED);
}

TEST_CASE("citizen IDs of 15 digits are converted and marked, by imports only") {
  Importing at;
  ImportedCase line = Closed("1");
  line.add_parties()->set_id_number("110105491231002");
  line.add_parties()->set_id_number("33078319900307001X");
  REQUIRE(at.Import({line}).imported() == 1);
  v1::ListCasesRequest r;
  r.set_id_number("11010519491231002X");
  auto call = at.Call("CaseService/ListCases", at.officer);
  REQUIRE(Must(at.office.List<Case, v1::ListCasesResponse>(call, r)).cases_size() == 1);
  const Case stored = at.Reload(at.Cases().at(0));
  CHECK(stored.particulars().parties(0).id_number() == "11010519491231002X");
  CHECK(stored.particulars().parties(0).id_number_converted());
  CHECK_FALSE(stored.particulars().parties(1).id_number_converted());

  line.set_number("2");
  line.mutable_parties(0)->set_id_number("110105491331002");  // no such day
  CHECK(at.Refusal(line) == "CITIZEN_ID_INVALID parties[0].idNumber");
  v1::Particulars current;
  current.add_parties()->set_id_number("110105491231002");
  CHECK(ReasonOf(CheckParticulars(&current, absl::CivilDay(2024, 9, 2))) == "CITIZEN_ID_INVALID");
  for (const char* nobody : {"330783202409030012", "440524188001010014"}) {  // born tomorrow, and in 1880
    current.mutable_parties(0)->set_id_number(nobody);
    CHECK(ReasonOf(CheckParticulars(&current, absl::CivilDay(2024, 9, 2))) == "CITIZEN_ID_INVALID");
  }
}

TEST_CASE("a case stands within the county of its committee") {
  Importing at;
  ImportedCase line = Closed("1");
  line.set_region("330108");
  CHECK(at.Refusal(line) == "REGION_OUTSIDE region");
  line.set_region("330783118");
  CHECK(at.Refusal(line) == "");
}

TEST_CASE("what only an agreement has is refused by its field where there is none") {
  Importing at;
  const auto failed_with = [&](auto set) {
    ImportedCase line = Failed("1");
    set(&line);
    return at.Refusal(line);
  };
  CHECK(failed_with([](ImportedCase* c) { c->set_agreement_form("1"); }) == "WITHOUT_AGREEMENT agreementForm");
  CHECK(failed_with([](ImportedCase* c) { c->set_performed_on("2016-09-01"); }) == "WITHOUT_AGREEMENT performedOn");
  CHECK(failed_with([](ImportedCase* c) { c->set_perform_by("2016-09-01"); }) == "WITHOUT_AGREEMENT performBy");
  CHECK(failed_with([](ImportedCase* c) { c->set_confirmation_applied_on("2016-09-01"); }) ==
        "WITHOUT_AGREEMENT confirmationAppliedOn");
  CHECK(failed_with([](ImportedCase* c) { c->set_confirmation_result(Confirmation::CONFIRMED); }) ==
        "WITHOUT_AGREEMENT confirmationResult");
  CHECK(failed_with([](ImportedCase*) {}).empty());
}

TEST_CASE("the outcome of a judicial confirmation comes with the case, and is counted") {
  Importing at;
  ImportedCase line = Closed("1");
  line.set_confirmation_applied_on("2016-09-01");
  CHECK(at.Refusal(line) == "FIELD_REQUIRED confirmationResult");
  line.set_confirmation_result(Confirmation::ACCEPTED);
  CHECK(at.Refusal(line) == "CASE_NOT_CLOSED confirmationResult");
  line.set_confirmation_result(Confirmation::CONFIRMED);
  line.set_agreement_form("1");
  CHECK(at.Refusal(line) == "AGREEMENT_NOT_WRITTEN confirmationAppliedOn");
  line.set_agreement_form("2");
  line.set_confirmation_applied_on("2016-08-19");
  CHECK(at.Refusal(line) == "DATES_OUT_OF_ORDER confirmationAppliedOn");
  line.set_confirmation_applied_on("2016-09-01");
  CHECK(at.Refusal(line).empty());
  const auto counts = testing::CountsOf(kCase, at.Cases().at(0));
  CHECK(counts[0].measures(8) == 1);  // applied
  CHECK(counts[0].measures(9) == 1);  // confirmed
}

TEST_CASE("beyond a thousand refused lines the answer says from which line on some are not listed") {
  Importing at;
  ImportedCase open = Closed("1");
  open.set_result("3");
  std::vector<ImportedCase> lines(1003, open);
  lines[4] = Closed("1");
  const auto answer = at.Import(lines);
  CHECK(answer.refused() == 1002);
  CHECK(answer.errors_size() == 1000);
  CHECK(answer.errors_from() == 1002);
  CHECK(answer.imported() == 1);
}

TEST_CASE("M1, M4: what the law lets nobody do is not imported as done") {
  Importing at;
  ImportedCase unwilling = Closed("1");
  unwilling.add_parties()->set_name("张三");
  unwilling.add_parties()->set_name("李四");
  unwilling.mutable_parties(1)->set_refuses(true);
  CHECK(at.Refusal(unwilling) == "PARTY_REFUSED parties[1].refuses");
  ImportedCase confirmed = Closed("2");
  confirmed.set_confirmation_result(Confirmation::CONFIRMED);
  confirmed.set_confirmation_applied_on("2016-09-20");  // a Tuesday; the thirtieth day was the Monday before
  CHECK(at.Refusal(confirmed) == "CONFIRMATION_TOO_LATE confirmationAppliedOn");
  confirmed.set_confirmation_applied_on("2016-09-19");
  CHECK(at.Refusal(confirmed) == "");
  confirmed.set_number("3");
  confirmed.set_confirmation_result(Confirmation::VOIDED);
  CHECK(at.Refusal(confirmed) == "CONFIRMATION_VOIDED confirmationResult");
}

TEST_CASE("a conclusion amended past the days that follow from it shows as a broken rule") {
  Importing at;
  REQUIRE(at.Refusal(Closed("1")) == "");
  casework::Corrections desk(at.backend(), nullptr);
  casework::CorrectionService corrected(at.backend(), desk);
  casework::v1::RequestCorrectionRequest r;
  r.set_object_type("Case");
  r.set_object(at.Named("1").id());
  r.set_kind(Correction::AMEND);
  r.mutable_update_mask()->add_paths("concluded_on");
  r.set_content(R"({"concludedOn": "2016-08-25"})");
  r.set_reason("登记有误");
  auto asking = at.OfficeCall("CorrectionService/RequestCorrection", at.officer);
  casework::v1::GetCorrectionRequest of;
  of.set_id(Must(corrected.Request(asking, r)).id());
  auto reading = at.OfficeCall("CorrectionService/GetCorrectionEffect", at.head);
  const auto effect = Must(corrected.Effect(reading, of));
  REQUIRE(effect.broken_rules_size() == 1);
  CHECK(effect.broken_rules(0).find("归档日期2016-08-20早于办结日期2016-08-25") != std::string::npos);
}

}  // namespace sifa::mediation
