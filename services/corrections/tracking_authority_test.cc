// The rules of electronic positioning (law §2.2 #11; §2.5 R7 to R9), over its table alone: no database, no clock.
#include "services/corrections/tracking_authority.h"

#include <catch2/catch.hpp>

#include "services/corrections/record_fixture.h"
#include "services/corrections/revocation.h"
#include "services/corrections/search.h"

namespace sifa::corrections {
namespace {

using Tracking = TrackingAuthority;

Revocation Pending() {
  Revocation r;
  r.set_id("01R");
  r.set_state(Revocation::PROPOSED);
  return r;
}

Tracking For(const std::string& from, const std::string& to) {
  Tracking t;
  t.set_ground(Tracking::REVOCATION);
  t.set_ground_object("01R");
  t.set_device(Tracking::WRISTBAND);
  t.set_from(from);
  t.set_to(to);
  return t;
}

// Another one of his, which stands.
Tracking Another(Tracking::State state, const std::string& from, const std::string& to) {
  Tracking t = For(from, to);
  t.set_id("01T");
  t.set_state(state);
  return t;
}

std::string Propose(Tracking t, const std::string& on = "2024-09-12") {
  return Do(kTrackingAuthorityProcedure, t, Tracking::PROPOSE, On(on, Probationer(), Pending()));
}

}  // namespace

TEST_CASE("社区矫正法 §29: a ground of the law, shown by an object of this person") {
  CHECK(Propose(For("2024-09-12", "2024-12-12")) == "");
  Tracking t = For("2024-09-12", "2024-12-12");
  t.set_ground_object("01X");
  CHECK(Propose(t) == "GROUND_WITHOUT_OBJECT");
  t = For("2024-09-12", "2024-12-12");
  Revocation refused = Pending();
  refused.set_state(Revocation::REFUSED);
  CHECK(Do(kTrackingAuthorityProcedure, t, Tracking::PROPOSE, On("2024-09-12", Probationer(), refused)) ==
        "GROUND_WITHOUT_OBJECT");
  t.set_ground(Tracking::LEFT_UNAPPROVED);
  Search search;
  search.set_id("01R");
  CHECK(Do(kTrackingAuthorityProcedure, t, Tracking::PROPOSE, On("2024-09-12", Probationer(), search)) == "");
}

TEST_CASE("社区矫正法 §29: three months are admitted, a day more is not; at the end of a month its last day") {
  CHECK(Propose(For("2024-09-12", "2024-12-12")) == "");
  CHECK(Propose(For("2024-09-12", "2024-12-13")) == "AUTHORITY_TOO_LONG");
  CHECK(Propose(For("2024-11-30", "2025-02-28"), "2024-11-30") == "");
  CHECK(Propose(For("2024-11-30", "2025-03-01"), "2024-11-30") == "AUTHORITY_TOO_LONG");
  CHECK(Propose(For("2024-09-12", "2024-09-11")) == "AUTHORITY_REVERSED");
}

TEST_CASE("a mobile phone is not an electronic positioning device (实施办法 §37)") {
  Tracking t = For("2024-09-12", "2024-12-12");
  t.set_device(Tracking::PHONE);
  CHECK(Propose(t) == "PHONE_IS_NO_DEVICE");
}

TEST_CASE("社区矫正法 §29: none is back-dated, and none begins before its notice is served") {
  CHECK(Propose(For("2024-09-11", "2024-10-11")) == "AUTHORITY_BACK_DATED");
  Tracking t = For("2024-09-14", "2024-10-14");
  REQUIRE(Do(kTrackingAuthorityProcedure, t, Tracking::PROPOSE, On("2024-09-12", Probationer(), Pending())) == "");
  Tracking late = t;
  CHECK(Do(kTrackingAuthorityProcedure, late, Tracking::APPROVE, On("2024-09-15", Probationer(), Pending())) ==
        "AUTHORITY_BACK_DATED");
  REQUIRE(Do(kTrackingAuthorityProcedure, t, Tracking::APPROVE, On("2024-09-13", Probationer(), Pending())) == "");
  CHECK(Do(kTrackingAuthorityProcedure, t, Tracking::NOTIFY, On("2024-09-13")) == "AUTHORITY_OUT_OF_PERIOD");
  Tracking over = t;
  CHECK(Do(kTrackingAuthorityProcedure, over, Tracking::NOTIFY, On("2024-10-15")) == "AUTHORITY_OUT_OF_PERIOD");
  CHECK(Do(kTrackingAuthorityProcedure, t, Tracking::NOTIFY, On("2024-09-14")) == "");
  CHECK(t.clocks(0).due_on() == "2024-10-14");
}

TEST_CASE("what binds a person ends on its day, in a holiday too, and with his term") {
  Tracking t = For("2024-09-12", "2024-10-05");  // in the national holiday
  REQUIRE(Do(kTrackingAuthorityProcedure, t, Tracking::PROPOSE, On("2024-09-12", Probationer(), Pending())) == "");
  Tracking beyond = t;
  Subject ending = Probationer();
  ending.mutable_decision()->set_term_to("2024-10-04");
  CHECK(Do(kTrackingAuthorityProcedure, beyond, Tracking::APPROVE, On("2024-09-12", ending, Pending())) ==
        "AUTHORITY_BEYOND_TERM");
  REQUIRE(Do(kTrackingAuthorityProcedure, t, Tracking::APPROVE, On("2024-09-12", Probationer(), Pending())) == "");
  CHECK(t.clocks(0).due_on() == "2024-10-05");
}

TEST_CASE("社区矫正法 §29: a renewal says why, is approved while the old one runs, and never overlaps it") {
  const Tracking running = Another(Tracking::RUNNING, "2024-09-12", "2024-12-12");
  const auto propose = [&](Tracking t, const std::string& on, const Tracking& other) {
    return Do(kTrackingAuthorityProcedure, t, Tracking::PROPOSE, On(on, Probationer(), Pending(), other));
  };
  Tracking next = For("2024-12-13", "2025-03-13");
  CHECK(propose(next, "2024-12-02", running) == "NEED_NOT_ASSESSED");
  next.set_renews("01T");
  CHECK(propose(next, "2024-12-02", running) == "NEED_NOT_ASSESSED");
  next.set_need("仍有脱离监管的危险");
  CHECK(propose(next, "2024-12-02", running) == "");
  CHECK(propose(next, "2024-12-13", running) == "RENEWAL_TOO_LATE");
  CHECK(propose(next, "2024-12-02", Another(Tracking::EXPIRED, "2024-09-12", "2024-12-01")) == "RENEWAL_TOO_LATE");
  Tracking overlapping = next;
  overlapping.set_from("2024-12-12");
  overlapping.set_to("2025-01-12");
  CHECK(propose(overlapping, "2024-12-02", running) == "AUTHORITY_OVERLAPS");
  // Its ground may be gone: the need has been assessed.
  next.set_ground_object("01GONE");
  REQUIRE(Do(kTrackingAuthorityProcedure, next, Tracking::PROPOSE, On("2024-12-02", Probationer(), running)) == "");
  Tracking late = next;
  CHECK(Do(kTrackingAuthorityProcedure, late, Tracking::APPROVE,
           On("2024-12-13", Probationer(), Another(Tracking::EXPIRED, "2024-09-12", "2024-12-12"))) == "RENEWAL_TOO_LATE");
  CHECK(Do(kTrackingAuthorityProcedure, next, Tracking::APPROVE, On("2024-12-12", Probationer(), running)) == "");
  // One that has been lifted is no obstacle to another on the same ground.
  CHECK(propose(For("2024-10-01", "2024-11-01"), "2024-10-01", Another(Tracking::LIFTED, "2024-09-12", "2024-12-12")) == "");
}

}  // namespace sifa::corrections
