// Every row of the journal keeps what was asked.
#include "libs/casework/journal_reading.h"
#include "libs/casework/letter_fixture.h"
#include "libs/contract/mask.h"

namespace sifa::casework {
namespace {

struct Asked : Desk {
  Asked() : journal(backend(), types) {}

  test::ReceiveLetterRequest Request() const {
    test::ReceiveLetterRequest r;
    r.set_request_id("r-1");
    r.set_organisation("O1");
    r.set_subject("张三被打");
    r.set_code("739104");
    return r;
  }
  std::string LatestRow(const Letter& letter) {
    auto call = Call("LetterService/GetLetterHistory", head);
    v1::GetHistoryRequest r;
    r.set_id(letter.id());
    r.set_latest_first(true);
    entry = Must(History(backend(), letters.type(), call, r)).entries(0);
    return entry.journal_id();
  }
  absl::StatusOr<v1::ActRequest> Show(const std::string& id, const Claims& who, const std::string& purpose = "") {
    auto call = OfficeCall("JournalService/GetActRequest", who, purpose);
    v1::GetActRequestRequest r;
    r.set_id(id);
    call.Carry(r);
    auto shown = journal.GetRequest(call, r);
    if (shown.ok() && !call.unmasked()) contract::Mask(&*shown);  // as the door does
    return shown;
  }
  static test::ReceiveLetterRequest Of(const v1::ActRequest& shown) {
    test::ReceiveLetterRequest r;
    REQUIRE(shown.request().UnpackTo(&r));
    return r;
  }

  JournalService journal;
  v1::HistoryEntry entry;
};

}  // namespace

TEST_CASE("the row of an act keeps its method and its message, without secrets, and shows them masked") {
  Asked desk;
  const Letter letter = Must(desk.Receive(desk.Request(), std::string(Desk::kOfficePath)));
  const std::string row = desk.LatestRow(letter);
  CHECK(desk.entry.has_request());
  const auto shown = Must(desk.Show(row, desk.head));
  CHECK(shown.method() == "/sifa.caseworktest.v1.LetterService/ReceiveLetter");
  CHECK(desk.Of(shown).request_id() == "r-1");
  CHECK(desk.Of(shown).subject() == "***");
  CHECK(desk.Of(shown).code().empty());
  CHECK(desk.Count("SELECT COUNT(*) FROM journal WHERE action = 'READ'") == 0);
}

TEST_CASE("who may read personal data and says why sees what was asked as it was, and that is journalled; secrets nobody sees") {
  Asked desk;
  const Letter letter = Must(desk.Receive(desk.Request(), std::string(Desk::kOfficePath)));
  const std::string row = desk.LatestRow(letter);
  const auto shown = Must(desk.Show(row, desk.head, "复核"));
  CHECK(desk.Of(shown).subject() == "张三被打");
  CHECK(desk.Of(shown).code().empty());
  CHECK(desk.Actions(letter.id()).back() == "READ");
  // What was asked of a reading is kept as well.
  const std::string reading = desk.LatestRow(letter);
  v1::GetActRequestRequest asked;
  REQUIRE(Must(desk.Show(reading, desk.head)).request().UnpackTo(&asked));
  CHECK(asked.id() == row);
  CHECK(desk.Count("SELECT COUNT(*) FROM journal WHERE action = 'READ'") == 1);
}

TEST_CASE("what was asked is shown in the reach of who asks, and there is none of what nobody asked for") {
  Asked desk;
  const Letter letter = Must(desk.Receive(desk.Request(), std::string(Desk::kOfficePath)));
  const std::string row = desk.LatestRow(letter);
  CHECK(absl::IsNotFound(desk.Show(row, desk.stranger).status()));
  CHECK(absl::IsNotFound(desk.Show(letter.id(), desk.head).status()));
  auto inside = desk.Call("LetterService/GetLetterHistory", desk.head, "复核");  // a reading for which no message came
  REQUIRE(desk.letters.Get(inside, letter.id()).ok());
  const std::string reading = desk.LatestRow(letter);
  CHECK_FALSE(desk.entry.has_request());
  CHECK(ReasonOf(desk.Show(reading, desk.head).status()) == "REQUEST_NOT_KEPT");
}

TEST_CASE("a kept request is bound to its row: in the place of another it cannot be read") {
  Asked desk;
  const Letter letter = Must(desk.Receive(desk.Request(), std::string(Desk::kOfficePath)));
  const std::string row = desk.LatestRow(letter);
  REQUIRE(desk.Reply(letter).ok());
  desk.office.database.RunScript(
      "UPDATE journal a JOIN journal b ON b.action = 'RECEIVE' AND a.action = 'REPLY' SET a.request = b.request");
  CHECK(absl::IsDataLoss(desk.Show(desk.LatestRow(letter), desk.head).status()));
  CHECK(desk.Show(row, desk.head).ok());
}

}  // namespace sifa::casework
