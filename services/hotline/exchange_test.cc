// The exchange over a real database: what the switch tells becomes acts, and what the engine wants is told to switch and agents.
#include "services/hotline/exchange.h"

#include "absl/strings/str_join.h"
#include "services/hotline/hotline_fixture.h"
#include "services/hotline/rating.h"

namespace sifa::hotline {
namespace {

// A centre with one group and two agents, who are ready; one switch.
struct Switchboard : Hotline {
  Switchboard() {
    first = Seat(agent, "101");
    second = Seat(other_agent, "102");
    switch_id = Do<Switch>("RegisterSwitch",
                           absl::StrCat(R"({"centre": ")", centre.id(),
                                        R"(", "name": "主交换机", "account": "01SWXTCH00000000000000000A"})"),
                           head)
                    .id();
    run = {switch_id, "b1"};
    exchange = NewOwner("one");
  }
  Agent Seat(const Claims& who, const std::string& number) {
    Agent seat = Register(centre, group, who, number);
    seat = Do("SignInAgent", seat, "{}", who);
    return Do("GoReadyAgent", seat, "{}", who);
  }
  std::unique_ptr<Exchange> NewOwner(const std::string& holder) {
    return std::make_unique<Exchange>(*backend.backend, Owner{holder, absl::StrCat(holder, ".example:7000"), {}}, centre.id());
  }

  // The next event of a call, now.
  v1::SwitchEvent Event(const std::string& call, const std::string& json) {
    v1::SwitchEvent event;
    REQUIRE(google::protobuf::util::JsonStringToMessage(json, &event).ok());
    event.set_seq(++seq);
    event.set_call(call);
    *event.mutable_at() = StampOf(backend.clock.Now());
    return event;
  }
  absl::StatusOr<int64_t> Send(const std::vector<v1::SwitchEvent>& events) {
    std::vector<const v1::SwitchEvent*> all;
    for (const auto& event : events) all.push_back(&event);
    return exchange->Tell(run, all);
  }
  void Tell(const std::string& call, const std::string& json) {
    const auto told = Send({Event(call, json)});
    if (!told.ok()) FAIL(told.status());
  }
  void Ring(const std::string& call, const std::string& caller) {
    Tell(call, R"({"callArrived": {"caller": ")" + caller + R"(", "called": "12348", "channel": "01"}})");
    Tell(call, R"({"menuChosen": {"group": "01"}})");
    Tell(call, R"({"queueEntered": {}})");
  }
  void Pass(absl::Duration time) {
    for (absl::Duration passed; passed < time; passed += absl::Seconds(5)) {
      backend.clock.Advance(std::min(absl::Seconds(5), time - passed));
      for (const Agent& seat : {first, second}) Must(exchange->OffersTo(seat.id()));
      REQUIRE(exchange->Tick().ok());
    }
  }
  // What the switch is to do, in short.
  std::string Commands() {
    std::vector<std::string> ids;
    const auto commands = Must(exchange->Commands(switch_id));
    const std::string told = absl::StrJoin(commands, " ", [&](std::string* out, const v1::SwitchCommand& command) {
      absl::StrAppend(out, v1::SwitchCommand::Kind_Name(command.kind()), ":", command.call(), command.agent().empty() ? "" : ">",
                      command.agent());
      ids.push_back(command.id());
    });
    REQUIRE(exchange->Acknowledge(switch_id, ids).ok());
    return told;
  }
  std::string OfferTo(const Agent& seat) {
    auto offers = Must(exchange->OffersTo(seat.id()));
    return offers.offers().empty() ? "" : offers.offers(0).id();
  }
  // A call that is bridged; to whom, and to whom not.
  std::pair<Agent, Agent> Talk(const std::string& call) {
    Ring(call, "13800000001");
    const bool to_first = !OfferTo(first).empty();
    const auto& [who, other] = to_first ? std::pair(first, second) : std::pair(second, first);
    const std::string offer = OfferTo(who);
    Must(exchange->Answer(who.id(), offer, true));
    Tell(call, R"({"bridged": {"offer": ")" + offer + "\"}}");
    return {who, other};
  }
  Contact TheContact() {
    const auto all = All<Contact>();
    REQUIRE(all.size() == 1);
    return all[0];
  }

  const Centre centre = Open("12348");
  const Group group = OpenGroup(centre, "01");
  Agent first, second;
  std::string switch_id;
  Boot run;
  int64_t seq = 0;
  std::unique_ptr<Exchange> exchange;
};

}  // namespace

TEST_CASE("a call arrives with its work order, is offered, bridged and ended, and each step is an act") {
  Switchboard at;
  at.Ring("c1", "13800000001");
  Contact contact = at.TheContact();
  CHECK(contact.state() == Contact::QUEUED);
  CHECK(contact.group_code() == "01");
  const auto orders = at.All<WorkOrder>();
  REQUIRE(orders.size() == 1);
  CHECK(contact.work_order() == orders[0].id());
  CHECK(orders[0].contact() == contact.id());
  const std::string told = at.Commands();
  CHECK((told == "RING:c1>101" || told == "RING:c1>102"));
  const Agent& who = told == "RING:c1>101" ? at.first : at.second;
  const Agent& other = told == "RING:c1>101" ? at.second : at.first;
  const std::string offer = at.OfferTo(who);
  CHECK(ReasonOf(at.exchange->Answer(other.id(), offer, true).status()) == "OFFER_NOT_YOURS");
  CHECK(at.Must(at.exchange->Answer(who.id(), offer, true)).contact() == contact.id());
  at.Pass(absl::Seconds(4));
  at.Tell("c1", R"({"bridged": {"offer": ")" + offer + "\"}}");
  at.Pass(absl::Seconds(61));
  at.Tell("c1", R"({"hungUp": {"by": "01"}})");
  contact = at.TheContact();
  CHECK(contact.state() == Contact::ENDED);
  CHECK(contact.outcome() == Contact::ANSWERED);
  CHECK(contact.agent() == who.id());
  CHECK(*WaitOf(contact) == absl::Seconds(4));
  CHECK(contact.ended_by() == "01");
  CHECK(ReasonOf(at.exchange->Answer(who.id(), offer, true).status()) == "OFFER_GONE");
  CHECK(at.Findings() == "");
}

TEST_CASE("who hangs up while he waits is owed one callback, which the agent takes before it is dialled") {
  Switchboard at;
  at.Do("BreakAgent", at.first, R"({"breakReason": "01"})", at.agent);
  at.Do("BreakAgent", at.second, R"({"breakReason": "01"})", at.other_agent);
  at.Ring("c1", "13800000001");
  at.Pass(absl::Seconds(10));
  at.Tell("c1", R"({"hungUp": {"by": "01"}})");
  CHECK(at.TheContact().outcome() == Contact::ABANDONED);
  auto callbacks = at.All<Callback>();
  REQUIRE(callbacks.size() == 1);
  CHECK(callbacks[0].contact() == at.TheContact().id());
  CHECK(at.TheContact().callback() == callbacks[0].id());
  at.Do("GoReadyAgent", at.first, "{}", at.agent);
  at.Pass(absl::Seconds(61));
  const std::string offer = at.OfferTo(at.first);
  REQUIRE(offer != "");
  at.Commands();
  REQUIRE(at.exchange->Answer(at.first.id(), offer, true).ok());
  CHECK(at.Commands() == "DIAL:>101");
  at.Tell("out1", R"({"bridged": {"offer": ")" + offer + "\"}}");
  at.Tell("out1", R"({"hungUp": {"by": "01"}})");
  callbacks = at.All<Callback>();
  CHECK(callbacks[0].state() == Callback::DONE);
  REQUIRE(callbacks[0].attempts_size() == 1);
  CHECK(callbacks[0].attempts(0).reached());
  CHECK(at.All<Contact>().size() == 1);  // a callback is no new request
  CHECK(at.Findings() == "");
}

TEST_CASE("what was told is told again without effect; what comes after a gap waits for it, but not for ever") {
  Switchboard at;
  const auto arrived = at.Event("c1", R"({"callArrived": {"caller": "13800000001", "called": "12348", "channel": "01"}})");
  const auto queued = at.Event("c1", R"({"queueEntered": {}})");
  const auto hung_up = at.Event("c1", R"({"hungUp": {"by": "01"}})");
  CHECK(*at.Send({arrived}) == 1);
  CHECK(*at.Send({arrived}) == 1);
  CHECK(*at.Send({hung_up}) == 1);
  CHECK(at.TheContact().state() == Contact::RINGING);
  CHECK(*at.Send({queued, hung_up}) == 3);
  CHECK(at.TheContact().outcome() == Contact::ABANDONED);
  CHECK(at.All<WorkOrder>().size() == 1);
  auto other = arrived;
  other.mutable_call_arrived()->set_caller("13900000009");
  CHECK(ReasonOf(at.Send({other}).status()) == "EVENT_CONFLICT");
}

TEST_CASE("another owner takes over what is durable, in the same order, and the former one does nothing any more") {
  Switchboard at;
  at.Do("BreakAgent", at.first, R"({"breakReason": "01"})", at.agent);
  at.Do("BreakAgent", at.second, R"({"breakReason": "01"})", at.other_agent);
  at.Ring("c1", "13800000001");
  at.Pass(absl::Seconds(1));
  at.Ring("c2", "13800000002");
  const auto next = at.NewOwner("two");
  CHECK(ReasonOf(next->Commands(at.switch_id).status()) == "EXCHANGE_ELSEWHERE");
  CHECK(next->owner_address() == "one.example:7000");
  mysql::Pool& pool = *at.backend.pool;
  REQUIRE(pool.WithConnection([](mysql::Connection& connection) {
                return connection.Run("UPDATE lease SET expires_at = '2000-01-01' WHERE name LIKE 'exchange/%'");
              })
              .ok());
  REQUIRE(next->Tick().ok());
  CHECK(ReasonOf(at.Send({at.Event("c3", R"({"callArrived": {"called": "12348", "channel": "01"}})")}).status()) != "");
  --at.seq;
  at.exchange = at.NewOwner("two");
  at.Do("GoReadyAgent", at.first, "{}", at.agent);
  at.Pass(absl::Seconds(5));
  CHECK(at.Commands() == "RING:c1>101 TELL_POSITION:c2");
}

TEST_CASE("what a started switch does not tell of any more is lost, and owed a callback") {
  Switchboard at;
  at.Do("BreakAgent", at.first, R"({"breakReason": "01"})", at.agent);
  at.Do("BreakAgent", at.second, R"({"breakReason": "01"})", at.other_agent);
  at.Ring("c1", "13800000001");
  at.Pass(absl::Seconds(1));
  at.run.boot = "b2";
  at.seq = 0;
  at.Tell("", R"({"booted": {}})");
  CHECK(at.TheContact().outcome() == Contact::LOST);
  CHECK(at.All<Callback>().size() == 1);
}

TEST_CASE("two offers missed make the agent absent, and his record says so") {
  Switchboard at;
  at.Do("BreakAgent", at.second, R"({"breakReason": "01"})", at.other_agent);
  at.Ring("c1", "13800000001");
  at.Pass(absl::Seconds(105));
  CHECK(at.Now(at.first, at.head).state() == Agent::AWAY);
}

TEST_CASE("a message left out of the queue goes to its work order, to be answered within its limit") {
  Switchboard at;
  at.Do("SignOutAgent", at.first, "{}", at.agent);
  at.Do("SignOutAgent", at.second, "{}", at.other_agent);
  at.Pass(absl::Seconds(5));
  at.Ring("c1", "13800000001");
  CHECK(at.Commands() == "TO_MESSAGE:c1");
  at.Tell("c1", R"({"messageLeft": {"recording": "r1", "seconds": 30}})");
  CHECK(at.TheContact().outcome() == Contact::MESSAGE);
  CHECK(at.TheContact().recording() == "r1");
  CHECK(at.All<WorkOrder>()[0].clocks_size() == 1);
}

TEST_CASE("out of hours a caller is asked for a message, and within them he is offered again") {
  Switchboard at;  // Monday 2026-11-02 09:00
  at.Do("AmendCentre", at.centre,
        R"({"name": "东阳市12348热线", "calledNumbers": ["12348"], "serves": ["330783"], "languages": ["zh"],
                                      "openings": [{"days": "WORKING_DAY", "from": "09:01", "to": "17:00"}]})",
        at.head);
  at.Pass(absl::Seconds(1));
  at.Ring("c1", "13800000001");
  CHECK(at.Commands() == "TO_MESSAGE:c1");
  at.Tell("c1", R"({"hungUp": {"by": "01"}})");
  at.Pass(absl::Minutes(1));
  at.Ring("c2", "13800000002");
  CHECK(absl::StartsWith(at.Commands(), "RING:c2"));
}

TEST_CASE("who talks hands his call on: the switch is told, and what it did is recorded") {
  Switchboard at;
  const auto [who, other] = at.Talk("c1");
  at.Commands();
  const std::string contact = at.TheContact().id();
  CHECK(ReasonOf(at.exchange->Transfer(other.id(), contact, "12345")) == "NOT_TALKING");
  CHECK(ReasonOf(at.exchange->Transfer(who.id(), at.group.id(), "12345")) == "NOT_TALKING");
  REQUIRE(at.exchange->Transfer(who.id(), contact, "12345").ok());
  const auto commands = at.Must(at.exchange->Commands(at.switch_id));
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].kind() == v1::SwitchCommand::TRANSFER);
  CHECK(commands[0].call() == "c1");
  CHECK(commands[0].target() == "12345");
  at.Tell("c1", R"({"transferred": {"to": "12345"}})");
  const Contact after = at.TheContact();
  REQUIRE(after.steps_size() == 1);
  CHECK(after.steps(0).party() == "12345");
}

TEST_CASE("law §5.5: a key at the end of the call rates its order, once and within thirty seconds") {
  Switchboard at;
  at.Talk("c1");
  at.Tell("c1", R"({"hungUp": {"by": "02"}})");
  at.Pass(absl::Seconds(30));
  at.Tell("c1", R"({"rated": {"level": "04"}})");
  at.Tell("c1", R"({"rated": {"level": "01"}})");
  auto ratings = at.All<Rating>();
  REQUIRE(ratings.size() == 1);
  CHECK(ratings[0].satisfaction() == "04");
  CHECK(ratings[0].means() == Rating::KEY);
  CHECK(ratings[0].work_order() == at.TheContact().work_order());
  at.Pass(absl::Seconds(90));
  at.Talk("c2");
  at.Tell("c2", R"({"hungUp": {"by": "02"}})");
  at.Pass(absl::Seconds(35));
  at.Tell("c2", R"({"rated": {"level": "01"}})");
  CHECK(at.All<Rating>().size() == 1);
}

TEST_CASE("a key of a call that was not answered, or of none, rates nothing and is acknowledged") {
  Switchboard at;
  at.Ring("c1", "13800000001");
  at.Tell("c1", R"({"hungUp": {"by": "01"}})");
  at.Tell("c1", R"({"rated": {"level": "01"}})");
  at.Tell("c9", R"({"rated": {"level": "01"}})");
  CHECK(at.All<Rating>().empty());
}

}  // namespace sifa::hotline
