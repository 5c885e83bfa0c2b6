// Who stands on whom: errands on their letter.
#include "libs/casework/references.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/errand_fixture.h"

namespace sifa::casework {
namespace {

using Standings = std::set<std::string>;

struct Standers : ErrandDesk {
  Standings On(const Letter& letter) {
    Standings standing;
    const absl::Status status = office.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(standing, StandingOn(backend(), connection, letters.type(), *ParseId(letter.id())));
      return absl::OkStatus();
    });
    if (!status.ok()) FAIL(status);
    return standing;
  }
  bool StandsOn(const Letter& letter) {
    bool stands = false;
    const absl::Status status = office.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      Neighbours neighbours(backend(), connection);
      ASSIGN_OR_RETURN(stands, casework::StandsOn<Errand>(neighbours, "letter", letter.id()));
      return absl::OkStatus();
    });
    if (!status.ok()) FAIL(status);
    return stands;
  }
  Errand Reported() { return Do("Report", Assign(Take(Order()))); }
};

}  // namespace

TEST_CASE("what stands on an object is open until it is done, of any number one, and what stands on another is not told") {
  Standers at;
  const Letter other = at.Receive("问价");
  CHECK(at.On(at.letter).empty());
  CHECK_FALSE(at.StandsOn(at.letter));
  const Errand errand = at.Take(at.Order());
  at.Order();
  CHECK(at.On(at.letter) == Standings{"Errand:open"});
  CHECK(at.StandsOn(at.letter));
  at.Reported();
  CHECK(at.On(at.letter) == Standings{"Errand:open", "Errand:done"});
  CHECK(at.On(other).empty());
  CHECK_FALSE(at.StandsOn(other));
}

TEST_CASE("what is done stands still, and what is voided only where its number stays used") {
  Standers at;
  const Errand unnumbered = at.Order();
  at.CarryOut(Standers::Of(unnumbered, Correction::VOID));
  CHECK(at.On(at.letter).empty());
  const Errand done = at.Reported();
  CHECK(at.On(at.letter) == Standings{"Errand:done"});
  CHECK(at.StandsOn(at.letter));
  at.CarryOut(Standers::Of(done, Correction::VOID));
  CHECK(at.On(at.letter) == Standings{"Errand:void"});
  CHECK_FALSE(at.StandsOn(at.letter));
}

TEST_CASE("a rule sees what stands on its object: a letter is answered once nothing that was ordered is open") {
  Standers at;
  const Errand errand = at.Assign(at.Take(at.Order()));
  CHECK(ReasonOf(at.Reply(at.letter).status()) == "ERRAND_OPEN");
  CHECK(at.Reload(at.letter).state() == Letter::RECEIVED);
  auto call = at.Call("LetterService/GetLetterHistory", at.head);
  const auto reason = [&] {
    const auto available = Must(AvailableActionsOf(at.backend(), at.letters.type(), call, at.letter.id()));
    for (const auto& action : available.actions()) {
      if (action.action() == "REPLY") return action.reason();
    }
    return std::string("NOT_OFFERED");
  };
  CHECK(reason() == "ERRAND_OPEN");
  at.Do("Report", errand);
  CHECK(reason().empty());
  CHECK(at.Reply(at.letter).ok());
}

TEST_CASE("an object on which another stands is not voided, with the reason of the reference, until nothing stands on it") {
  Standers at;
  const auto refused = [&] { return at.Request(Standers::Of(at.letter, Correction::VOID)).status(); };
  const Correction asked = Must(at.Request(Standers::Of(at.letter, Correction::VOID)));
  const Errand errand = at.Order();
  CHECK(ReasonOf(refused()) == "LETTER_HAS_ERRANDS");
  CHECK(refused().message() == "因该来信已交办事项，不能作废");
  CHECK(ReasonOf(at.Approve(asked).status()) == "LETTER_HAS_ERRANDS");  // it was asked for before
  CHECK(at.Reload(at.letter).state() == Letter::RECEIVED);
  at.CarryOut(Standers::Of(errand, Correction::VOID));
  REQUIRE(at.Approve(asked).ok());
  CHECK(at.Reload(at.letter).state() == Letter::VOIDED);
}

TEST_CASE("a voided object whose number stays used keeps the one that it stands on from being voided") {
  Standers at;
  at.CarryOut(Standers::Of(at.Take(at.Order()), Correction::VOID));
  CHECK(ReasonOf(at.Request(Standers::Of(at.letter, Correction::VOID)).status()) == "LETTER_HAS_ERRANDS");
}

TEST_CASE("a reference that is put right stands on the other object from then on") {
  Standers at;
  const Letter right = at.Receive("问价");
  const Errand errand = at.Take(at.Order());
  at.CarryOut(Standers::Amending(errand, "letter", absl::StrCat(R"({"letter": ")", right.id(), R"("})")));
  CHECK(at.On(at.letter).empty());
  CHECK(at.On(right) == Standings{"Errand:open"});
  CHECK(at.Findings().empty());
}

TEST_CASE("a reference altered, deleted or added in the database is found and named with its object") {
  Standers at;
  const Letter other = at.Receive("问价");
  const Errand errand = at.Take(at.Order());
  REQUIRE(at.Findings().empty());
  const auto after = [&](const std::string& sql) {
    at.office.database.RunScript("CREATE TABLE kept AS SELECT * FROM term");
    at.office.database.RunScript(sql);
    const std::string found = at.Findings();
    at.office.database.RunScript("DELETE FROM term;\nINSERT INTO term SELECT * FROM kept;\nDROP TABLE kept");
    return found;
  };
  const auto wrong = [&](const std::string& kind) {
    return "OBJECT_CHANGED 对象 " + errand.id() + "：检索项 " + kind + " 与对象内容不符";
  };
  const std::string reference = "kind = 'letter:open' AND object_id = " + Desk::Sql(errand.id());
  REQUIRE(at.Count("SELECT COUNT(*) FROM term WHERE " + reference) == 1);
  CHECK(after("UPDATE term SET value = " + Desk::Sql(other.id()) + " WHERE " + reference) == wrong("letter:open"));
  CHECK(after("DELETE FROM term WHERE " + reference) == wrong("letter:open"));
  CHECK(after("UPDATE term SET kind = 'letter:void' WHERE " + reference) == wrong("letter:open"));
  CHECK(after("INSERT INTO term (type, kind, value, object_id) VALUES ('Errand', 'letter:done', " + Desk::Sql(other.id()) + ", " +
              Desk::Sql(errand.id()) + ")") == wrong("letter:done"));
  CHECK(at.Findings().empty());
}

}  // namespace sifa::casework
