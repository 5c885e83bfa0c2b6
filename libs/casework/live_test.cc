// Whose acts are told to whom.
#include "libs/casework/live.h"

#include "libs/casework/letter_fixture.h"
#include "libs/casework/queries.h"
#include "libs/casework/reminder_fixture.h"
#include "libs/journal/sealer.h"

namespace sifa::casework {
namespace {

using Acts = std::vector<std::string>;

struct Telling : Desk {
  // What has been sealed since the last time, as this caller is told it: "Letter RECEIVE".
  Acts To(const Claims& who) {
    const auto call = OfficeCall("WorkService/ListWork", who);
    Acts acts;
    for (const feed::Told& told : All()) {
      if (told.visible(call)) acts.push_back(absl::StrCat(told.change.object_type(), " ", told.change.act()));
    }
    return acts;
  }
  std::vector<feed::Told> All() {
    REQUIRE(Findings().empty());  // seals
    std::vector<feed::Told> told;
    const absl::Status status = backend().pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows, journal::ReadSealed(connection, 0, 1000));
      ASSIGN_OR_RETURN(told, live.Translate(connection, rows));
      return absl::OkStatus();
    });
    if (!status.ok()) FAIL(status);
    return told;
  }

  const contract::Contract contract = Must(contract::Contract::Load("caseworktest"));
  LiveService live{backend(), types, contract};
};

}  // namespace

TEST_CASE("an act is told with what lists show of its object, and with nothing that is in it") {
  Telling at;
  const Letter letter = at.Receive("问路");
  Must(at.Reply(letter));
  const auto told = at.All();
  REQUIRE(told.size() == 2);
  CHECK(told[0].position == 1);
  const office::v1::Change& change = told[1].change;
  CHECK(change.object_type() == "Letter");
  CHECK(change.object() == letter.id());
  CHECK(change.act() == "REPLY");
  CHECK(change.state() == "ANSWERED");
  CHECK(change.etag() == "2");
  CHECK(change.organisation() == "O1");
  CHECK(change.organisation_path() == Desk::kOfficePath);
  CHECK(change.DebugString().find("问路") == std::string::npos);
}

TEST_CASE("an act is told to whoever may read its object") {
  Telling at;
  at.Receive();
  for (const auto* who : {&at.clerk, &at.head}) CHECK(at.To(*who) == Acts{"Letter RECEIVE"});
  for (const auto& who : {at.stranger, testing::ClaimsOf("01X", "x", {}),
                          testing::ClaimsOf("01Y", "y", {testing::GrantOf("clerk", "O2", "/33/3307/330783/O2/", 5, false)})}) {
    CHECK(at.To(who).empty());
  }
}

TEST_CASE("readings and searches are told to nobody") {
  Telling at;
  const Letter letter = at.Receive();
  auto call = at.Call("LetterService/GetLetter", at.head, "核对");
  Must(GetObject(at.backend(), at.letters.type(), call, letter.id()));
  REQUIRE(at.Count("SELECT COUNT(*) FROM journal WHERE version = 0") == 1);
  CHECK(at.To(at.head) == Acts{"Letter RECEIVE"});
}

TEST_CASE("an act is told to an organisation that sees the object besides its own") {
  Telling at;
  const Letter letter = at.Receive();
  test::RemindLetterRequest r;
  r.set_letter(letter.id());
  r.set_send_on("2024-09-10");
  r.set_copied_to("/33/3307/330784/");
  auto call = at.Call("ReminderService/RemindLetter", at.clerk);
  Must(at.office.Do<Reminder>(call, r));
  CHECK(at.To(at.stranger) == Acts{"Reminder REMIND"});
}

}  // namespace sifa::casework
