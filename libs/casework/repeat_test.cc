// A repeated request is answered as at first, whatever has become since of what its handler looks up before it acts.
#include "libs/casework/letter_fixture.h"

namespace sifa::casework {
namespace {

const absl::Status kGone = NotFound("机构");

test::ReceiveLetterRequest Received(const std::string& request_id, const std::string& subject = "问路") {
  test::ReceiveLetterRequest r;
  r.set_request_id(request_id);
  r.set_organisation("O1");
  r.set_subject(subject);
  return r;
}

test::EditLetterRequest Edited(const Letter& letter, const std::string& request_id) {
  test::EditLetterRequest r;
  r.set_id(letter.id());
  r.set_request_id(request_id);
  r.set_subject("问路（补充）");
  return r;
}

}  // namespace

TEST_CASE("an object is created once for a request, though its organisation is gone when it is repeated") {
  Desk desk;
  const Letter first = Must(desk.Receive(Received("r-1"), std::string(Desk::kOfficePath)));
  const Letter again = Must(desk.Receive(Received("r-1"), kGone));
  CHECK(again.SerializeAsString() == first.SerializeAsString());
  CHECK(ReasonOf(desk.Receive(Received("r-1", "问价"), kGone).status()) == "REQUEST_ID_REUSED");
  CHECK(absl::IsNotFound(desk.Receive(Received("r-2"), kGone).status()));
  CHECK(absl::IsNotFound(desk.Receive(Received(""), kGone).status()));
  CHECK(desk.Count("SELECT COUNT(*) FROM object") == 1);
}

TEST_CASE("an act is done once for a request, and answered with the object as it was after it") {
  Desk desk;
  const Letter letter = desk.Receive();
  const Id id = Must(ParseId(letter.id()));
  const Letter first = Must(desk.Edit(Edited(letter, "r-1"), id));
  Must(desk.Reply(letter));
  const Letter again = Must(desk.Edit(Edited(letter, "r-1"), kGone));
  CHECK(again.SerializeAsString() == first.SerializeAsString());
  CHECK(ReasonOf(desk.Edit(Edited(letter, "r-2"), id).status()) == "ACTION_NOT_ALLOWED");
  CHECK(desk.Actions(letter.id()) == std::vector<std::string>{"RECEIVE", "EDIT", "REPLY"});
}

TEST_CASE("a refusal is not kept: the same request is done once what stood against it is gone") {
  Desk desk;
  CHECK(absl::IsNotFound(desk.Receive(Received("r-1"), kGone).status()));
  CHECK(desk.Receive(Received("r-1"), std::string(Desk::kOfficePath)).ok());
}

TEST_CASE("what one person asked for under a request_id is no answer to another") {
  Desk desk;
  const Letter first = Must(desk.Receive(Received("r-1"), std::string(Desk::kOfficePath)));
  desk.clerk.set_sub("01OTHER");
  CHECK(absl::IsNotFound(desk.Receive(Received("r-1"), kGone).status()));
  CHECK(Must(desk.Receive(Received("r-1"), std::string(Desk::kOfficePath))).id() != first.id());
}

}  // namespace sifa::casework
