// Tickets of streams of changes, against a real database: one stream at a time, as the session that asked, while that lives.
#include "services/identity/live_tickets.h"

#include "services/identity/identity_fixture.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

class TicketFixture : public IdentityFixture {
 public:
  static std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

  std::string Issue(const std::string& account) {
    auto call = calls.Of("/sifa.identity.v1.LiveTicketService/IssueLiveTicket", ClaimsOf(account));
    return identity.live_tickets.Issue(call, {})->ticket();
  }
  absl::StatusOr<v1::LiveTicketHeld> Open(const std::string& ticket, const Id& holder, bool resumes = false) {
    auto call = calls.Of("/sifa.identity.v1.LiveTicketService/OpenLiveTicket");
    v1::OpenLiveTicketRequest r;
    r.set_ticket(ticket);
    r.set_holder(holder.ToString());
    r.set_resumes(resumes);
    return identity.live_tickets.Open(call, r);
  }
  absl::StatusOr<v1::LiveTicketHeld> Renew(const std::string& ticket, const Id& holder, bool with_token = false) {
    auto call = calls.Of("/sifa.identity.v1.LiveTicketService/RenewLiveTicket");
    v1::RenewLiveTicketRequest r;
    r.set_ticket(ticket);
    r.set_holder(holder.ToString());
    r.set_with_token(with_token);
    return identity.live_tickets.Renew(call, r);
  }
  void Close(const std::string& ticket, const Id& holder) {
    auto call = calls.Of("/sifa.identity.v1.LiveTicketService/CloseLiveTicket");
    v1::CloseLiveTicketRequest r;
    r.set_ticket(ticket);
    r.set_holder(holder.ToString());
    REQUIRE_OK(identity.live_tickets.Close(call, r).status());
  }

  const Id one = NewId(base.clock.Now()), another = NewId(base.clock.Now());
};

}  // namespace

TEST_CASE_METHOD(TicketFixture, "A ticket opens a stream as the session that asked for it") {
  const auto held = Open(Issue("nanma.officer"), one);
  REQUIRE_OK(held.status());
  const auto claims = Verify(held->access_token());
  REQUIRE_OK(claims.status());
  CHECK(claims->account() == "nanma.officer");
  CHECK(claims->grants(0).path() == "/33/3307/330783/330783118/");
  CHECK(held->expires_in() == 300);
}

TEST_CASE_METHOD(TicketFixture, "A ticket is held by one at a time, and resumed by who knows where he was") {
  const std::string ticket = Issue("nanma.officer");
  REQUIRE_OK(Open(ticket, one).status());
  CHECK(Reason(Open(ticket, another, true).status()) == "TICKET_IN_USE");
  Close(ticket, another);  // not his
  CHECK(Reason(Open(ticket, another, true).status()) == "TICKET_IN_USE");
  Close(ticket, one);
  CHECK(Reason(Open(ticket, another).status()) == "TICKET_USED");
  REQUIRE_OK(Open(ticket, another, true).status());
  CHECK(Reason(Renew(ticket, one).status()) == "TICKET_IN_USE");
  REQUIRE_OK(Renew(ticket, another).status());
}

TEST_CASE_METHOD(TicketFixture, "A holder who is heard no more loses it after half a minute") {
  const std::string ticket = Issue("nanma.officer");
  REQUIRE_OK(Open(ticket, one).status());
  base.clock.Advance(kTicketHeld - absl::Seconds(1));
  REQUIRE_OK(Renew(ticket, one).status());
  base.clock.Advance(kTicketHeld - absl::Seconds(1));
  CHECK(Reason(Open(ticket, another, true).status()) == "TICKET_IN_USE");
  base.clock.Advance(absl::Seconds(2));
  REQUIRE_OK(Open(ticket, another, true).status());
}

TEST_CASE_METHOD(TicketFixture, "A ticket opens within five minutes, and resumes within five minutes after it broke") {
  const std::string unused = Issue("nanma.officer"), used = Issue("nanma.officer");
  REQUIRE_OK(Open(used, one).status());
  for (int i = 0; i < 40; ++i) {  // ten minutes
    base.clock.Advance(absl::Seconds(15));
    REQUIRE_OK(Renew(used, one).status());
  }
  CHECK(Reason(Open(unused, one).status()) == "TICKET_REFUSED");
  Close(used, one);
  base.clock.Advance(kTicketLife - absl::Seconds(1));
  REQUIRE_OK(Open(used, another, true).status());
  Close(used, another);
  base.clock.Advance(kTicketLife + absl::Seconds(1));
  CHECK(Reason(Open(used, one, true).status()) == "TICKET_REFUSED");
  REQUIRE_OK(identity.Prune());
  CHECK(Reason(Open(used, one, true).status()) == "TICKET_REFUSED");
}

TEST_CASE_METHOD(TicketFixture, "A token for a stream is a fresh one, with the grants of now") {
  const std::string ticket = Issue("nanma.officer");
  REQUIRE_OK(Open(ticket, one).status());
  CHECK(Renew(ticket, one)->access_token().empty());
  REQUIRE_OK(Grant("county.security", "nanma.officer", "mediator", "330783118-00").status());
  const auto held = Renew(ticket, one, true);
  REQUIRE_OK(held.status());
  CHECK(Verify(held->access_token())->grants_size() == 2);
}

TEST_CASE_METHOD(TicketFixture, "A ticket ends with its session") {
  const auto claims = ClaimsOf("nanma.officer");
  auto issue = calls.Of("/sifa.identity.v1.LiveTicketService/IssueLiveTicket", claims);
  const std::string ticket = identity.live_tickets.Issue(issue, {})->ticket();
  REQUIRE_OK(Open(ticket, one).status());
  auto out = calls.Of("/sifa.identity.v1.SessionService/LogOut", claims);
  REQUIRE_OK(identity.sessions.LogOut(out, {}).status());
  CHECK(Reason(Renew(ticket, one).status()) == "SESSION_ENDED");
  CHECK(Reason(Open(ticket, another, true).status()) == "SESSION_ENDED");
}

TEST_CASE_METHOD(TicketFixture, "What we have not made is refused, whatever is changed in it") {
  std::string ticket = Issue("nanma.officer");
  const std::string of_another = Issue("nanma.mediator");
  CHECK(Reason(Open("", one).status()) == "TICKET_REFUSED");
  CHECK(Reason(Open(of_another.substr(0, 40) + ticket.substr(40), one).status()) == "TICKET_REFUSED");
  for (size_t at = 0; at < ticket.size(); at += 5) {
    const char was = std::exchange(ticket[at], ticket[at] == 'A' ? 'B' : 'A');
    CHECK(Reason(Open(ticket, one).status()) == "TICKET_REFUSED");
    ticket[at] = was;
  }
  REQUIRE_OK(Open(ticket, one).status());
}

TEST_CASE_METHOD(TicketFixture, "An account holds eight") {
  for (int i = 0; i < kTicketsHeld; ++i) REQUIRE_OK(Open(Issue("nanma.officer"), NewId(base.clock.Now())).status());
  CHECK(Reason(Open(Issue("nanma.officer"), one).status()) == "LIVE_LIMIT_REACHED");
  REQUIRE_OK(Open(Issue("nanma.mediator"), one).status());
  base.clock.Advance(kTicketHeld + absl::Seconds(1));
  REQUIRE_OK(Open(Issue("nanma.officer"), one).status());
}

}  // namespace sifa::identity
