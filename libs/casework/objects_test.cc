// What stops a service from starting: a definition that does not fit its contract.
#include "libs/casework/objects.h"

#include "libs/casework/letter_fixture.h"
#include "libs/casework/pages.h"

namespace sifa::casework {
namespace {

constexpr procedure::Law kLaw = {"信访工作条例", "22"};

std::string Refusal(const Definition<Letter>& letter) {
  const auto contract = Must(contract::Contract::Load());
  const AnyDefinition definitions[] = {&letter};
  const auto objects = Objects::Of("caseworktest", definitions, contract);
  CHECK((objects.ok() || ReasonOf(objects.status()) == "DEFINITION_INVALID"));
  return std::string(objects.status().message());
}

absl::Status NewSubject(Letter& letter, const test::EditLetterRequest& r) {
  letter.set_subject(r.subject());
  return absl::OkStatus();
}

// The sentence with which a service of letters with these rows refuses to start; empty where it starts.
std::string Refusal(std::vector<procedure::Row<Letter>> rows, procedure::States terminal = {Letter::ANSWERED, Letter::VOIDED}) {
  procedure::Procedure<Letter> procedure = kLetterProcedure;
  procedure.rows = rows;
  procedure.terminal = terminal;
  return Refusal(Definition<Letter>{.procedure = &procedure});
}

std::vector<procedure::Row<Letter>> Rows() { return {kLetterProcedure.rows.begin(), kLetterProcedure.rows.end()}; }

}  // namespace

TEST_CASE("a service starts where its tables fit its contract") { CHECK(Refusal(Rows()) == ""); }

TEST_CASE("an act that the contract names and the table lacks stops the start") {
  auto rows = Rows();
  std::erase_if(rows, [](const auto& row) { return row.act == Letter::EDIT; });
  CHECK(Refusal(rows) == "Letter: /sifa.caseworktest.v1.LetterService/EditLetter names the act EDIT, which the table lacks");
}

TEST_CASE("an act that people do and no method performs stops the start") {
  auto rows = Rows();
  rows.push_back({.act = Letter::ACT_UNSPECIFIED, .from = {Letter::RECEIVED}, .law = kLaw});
  CHECK(Refusal(rows) == "Letter: no method names the act ACT_UNSPECIFIED (options.v1.Access.act)");
  rows.back().level = procedure::Level::kSystem;
  CHECK(Refusal(rows) == "");
}

TEST_CASE("a function that takes another message than the method stops the start") {
  auto rows = Rows();
  for (auto& row : rows) {
    if (row.act == Letter::REPLY) row.apply = Apply<NewSubject>;
  }
  CHECK(Refusal(rows) ==
        "Letter: the function of the act REPLY takes EditLetterRequest, and /sifa.caseworktest.v1.LetterService/ReplyLetter has "
        "ReplyLetterRequest");
}

TEST_CASE("a row without its law, and a voided record that is work, stop the start") {
  auto rows = Rows();
  rows[0].law = {};
  CHECK(Refusal(rows) == "Letter: a row of RECEIVE cites no law");
  CHECK(Refusal(Rows(), {Letter::ANSWERED}) == "Letter: VOIDED is not terminal");
}

TEST_CASE("two cubes of one number stop the start") {
  CHECK(Refusal({.procedure = &kLetterProcedure, .cubes = {&kLettersCube, &kLettersCube}}) != "");
}

TEST_CASE("a flag, a type looked at or a limit followed by nothing that there is stops the start") {
  CHECK(Refusal({.procedure = &kLetterProcedure, .looks_at = {"Lettre"}}) ==
        "Letter: it looks at Lettre, which the service does not define");
  CHECK(Refusal({.procedure = &kLetterProcedure, .flags = {{7, "Letter", {}}}}) ==
        "Letter: its flag 7 because of Letter is no value of its field flags");
  procedure::Procedure<Letter> procedure = kLetterProcedure;
  const procedure::ClockKind clocks[] = {{.clock = Letter::REPLY_BY, .then = Letter::REPLY}};
  procedure.clocks = clocks;
  CHECK(Refusal(Definition<Letter>{.procedure = &procedure}) == "Letter: what follows REPLY_BY is no act of the suite");
}

TEST_CASE("a reference by no field with an id, or to no object of the service, stops the start") {
  CHECK(Refusal({.procedure = &kLetterProcedure, .references = {{"subject", "Letter"}}}) == "");
  CHECK(Refusal({.procedure = &kLetterProcedure, .references = {{"subjekt", "Letter"}}}) ==
        "Letter: its reference subjekt is no field with an id");
  CHECK(Refusal({.procedure = &kLetterProcedure, .references = {{"urgent", "Letter"}}}) ==
        "Letter: its reference urgent is no field with an id");
  CHECK(Refusal({.procedure = &kLetterProcedure, .references = {{"subject", "Lettre"}}}) ==
        "Letter: its reference subject leads to Lettre, which the service does not define");
}

TEST_CASE("an amendment of a field that there is not stops the start") {
  const Amendments<Letter> amendments = {.amendable = {Amendable{"subjekt"}}};
  CHECK(Refusal({.procedure = &kLetterProcedure, .amendments = &amendments}) ==
        "Letter: it has no subjekt that could be amended");
}

TEST_CASE("a service with amendments has corrections, and each object has its page") {
  const auto contract = Must(contract::Contract::Load());
  const auto objects = Must(Objects::Of("caseworktest", Letters().objects, contract));
  CHECK(objects->Find("Correction") != nullptr);
  CHECK(objects->Find("Case") == nullptr);
  const auto pages = ProcedurePages(*objects);
  REQUIRE(pages.size() == 4);
  CHECK(pages.at("caseworktest-letter.md").find("`caseworktest.letter.handle`") != std::string::npos);
}

}  // namespace sifa::casework
