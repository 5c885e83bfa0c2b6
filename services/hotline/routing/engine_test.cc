// The rules by which contacts are routed, one by one.
#include "services/hotline/routing/engine.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace sifa::hotline::routing {
namespace {

constexpr Time kNine = 1793581200000;  // a Monday of November 2026, 9:00 in China
constexpr Time kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute;

const char* NameOf(Effect::Kind kind) {
  constexpr const char* kNames[] = {"RING",         "CANCEL",     "DIAL",    "TO_QUEUE", "TO_MESSAGE",
                                    "TRANSFER",     "queued",     "bridged", "ended",    "answered_after_all",
                                    "parked",       "opened",     "attempt", "reached",  "unreached",
                                    "called_again", "not_needed", "away",    "lost"};
  return kNames[static_cast<int>(kind)];
}

// A centre at nine on a Monday. Seconds pass by At.
struct Desk {
  explicit Desk(Parameters parameters = {}) : engine(parameters, "all", 7) {}

  Desk& Add(const Name& name, std::vector<Skill> skills = {{"law", 2}}, std::vector<std::string> languages = {"zh"},
            std::vector<std::string> regions = {}) {
    Agent agent;
    agent.id = name;
    agent.skills = std::move(skills);
    agent.languages = std::move(languages);
    agent.regions = std::move(regions);
    engine.SetAgent(agent, now, &effects);
    engine.Wish(name, Presence::kReady, now, &effects);
    return *this;
  }
  // Whoever is at his desk shows it each ten seconds.
  void Pass(Time time, const std::vector<Name>& alive) {
    const Time until = now + time;
    while (now < until) {
      now = std::min(until, now + 500);
      if ((now - kNine) % (10 * kSecond) == 0) {
        for (const Name& name : alive) engine.Seen(name, now, &effects);
      }
      engine.Tick(now, &effects);
    }
  }
  void Pass(Time time) {
    std::vector<Name> all;
    for (const auto& [name, agent] : engine.agents()) all.push_back(name);
    Pass(time, all);
  }
  Desk& Call(const Name& name, Wants wants = {}) {
    if (wants.language.empty()) wants.language = "zh";
    if (wants.group.empty()) wants.group = "law";
    if (wants.caller.empty()) wants.caller = absl::StrCat("138", name);
    engine.Arrive(name, wants, now, now, &effects);
    engine.EnterQueue(name, now, now, &effects);
    return *this;
  }
  // Takes the offer that the agent has, and the switch bridges it.
  void Talk(const Name& agent) {
    const Offer offer = OfferOf(agent);
    REQUIRE(engine.Accept(agent, offer.id, now, &effects) == Answer::kDone);
    engine.Bridge(offer.waiter, agent, now, now, &effects);
  }
  Offer OfferOf(const Name& agent) {
    const Agent* known = engine.FindAgent(agent);
    REQUIRE(known != nullptr);
    REQUIRE_FALSE(known->offer.empty());
    return *engine.FindOffer(known->offer);
  }
  // Who is offered to the agent; "" nobody.
  Name Offered(const Name& agent) {
    const Agent* known = engine.FindAgent(agent);
    return known->offer.empty() ? "" : engine.FindOffer(known->offer)->waiter;
  }
  // The effects so far, in short: "RING c1>a1 ended c1:1"; they are then forgotten.
  std::string Told() {
    const std::string told = absl::StrJoin(effects, " ", [](std::string* out, const Effect& e) {
      absl::StrAppend(out, NameOf(e.kind), e.waiter.empty() ? "" : " ", e.waiter, e.agent.empty() ? "" : ">", e.agent);
      if (e.kind == Effect::Kind::kEnded) absl::StrAppend(out, ":", static_cast<int>(e.outcome));
    });
    effects.clear();
    return told;
  }
  bool Has(const std::string& what) {
    const std::vector<Effect> kept = effects;
    const std::string told = Told();
    effects = kept;
    return absl::StrCat(" ", told, " ").find(absl::StrCat(" ", what, " ")) != std::string::npos;
  }

  Engine engine;
  Time now = kNine;
  Effects effects;
};

}  // namespace

TEST_CASE("a call is offered, taken, bridged and ended, and the agent finishes before the next one") {
  Desk at;
  at.Add("a").Call("c");
  CHECK(at.Told() == "queued c RING c>a");
  at.Talk("a");
  CHECK(at.Told() == "bridged c>a");
  at.Pass(kMinute);
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  CHECK(at.Told() == "ended c:0");
  at.Call("d");
  CHECK(at.Told() == "queued d");
  at.Pass(59 * kSecond);
  CHECK(at.Told() == "");
  at.Pass(kSecond);
  CHECK(at.Told() == "RING d>a");
}

TEST_CASE("whoever rings or listens to the menu for too long is queued to the fallback group") {
  Desk at;
  at.engine.Arrive("c", {.language = "zh", .group = "law"}, at.now, at.now, &at.effects);
  at.Pass(30 * kSecond);
  CHECK(at.Has("TO_QUEUE c"));
  CHECK(at.engine.Find("c")->wants.group == "all");
  at.engine.Arrive("d", {.language = "zh"}, at.now, at.now, &at.effects);
  at.engine.ChooseMenu("d", {.language = "zh", .group = "law"}, at.now, &at.effects);
  at.effects.clear();
  at.Pass(89 * kSecond);
  CHECK_FALSE(at.Has("TO_QUEUE d"));
  at.Pass(kSecond);
  CHECK(at.Has("TO_QUEUE d"));
}

TEST_CASE(
    "within a class the first to come is the first to be served; urgent and special callers have a head start, the larger one") {
  Desk at;
  at.Call("plain");
  at.Pass(90 * kSecond);
  at.Call("special", {.special = true});
  at.Call("urgent", {.urgent = true, .special = true});
  at.Call("later");
  at.Pass(kSecond);
  CHECK(at.engine.Find("urgent")->place == at.engine.Find("later")->place - 600 * kSecond);
  std::vector<Name> order;
  at.Add("a");
  for (int i = 0; i < 4; ++i) {
    order.push_back(at.Offered("a"));
    at.Talk("a");
    at.engine.HangUp(order.back(), at.now, at.now, &at.effects);
    at.Pass(kMinute);
  }
  CHECK(order == std::vector<Name>{"urgent", "special", "plain", "later"});
}

TEST_CASE("nobody waits behind one who came more than 600 s later") {
  Desk at;
  at.Call("plain");
  at.Pass(601 * kSecond);
  at.Call("urgent", {.urgent = true});
  at.Add("a");
  CHECK(at.Offered("a") == "plain");
}

TEST_CASE("the circle widens by time alone: grade and county, city, the lowest grade, any group") {
  Desk at;
  at.Add("near", {{"law", 2}}, {"zh"}, {"330783"});  // so that no step is empty
  at.engine.Wish("near", Presence::kBreak, at.now, &at.effects);
  at.Add("city", {{"law", 2}}, {"zh"}, {"330782"});
  at.Call("c", {.region = "330783118"});
  at.Pass(9500);
  CHECK(at.Offered("city") == "");
  at.Pass(500);
  CHECK(at.Offered("city") == "c");

  Desk grade;
  grade.Add("high");
  grade.engine.Wish("high", Presence::kBreak, grade.now, &grade.effects);
  grade.Add("low", {{"law", 1}});
  grade.Add("other", {{"money", 3}});
  grade.Call("c").Call("d");
  grade.Pass(19500);
  CHECK(grade.Offered("low") == "");
  grade.Pass(500);
  CHECK(grade.Offered("low") == "c");
  grade.Talk("low");
  CHECK(grade.Offered("other") == "");
  grade.Pass(20 * kSecond);
  CHECK(grade.Offered("other") == "d");
}

TEST_CASE("a step that nobody signed in fits is skipped at once; a chat widens ten times slower") {
  Desk at;
  at.Add("other", {{"money", 3}});
  at.Call("c");
  CHECK(at.Offered("other") == "c");
  Desk chat;
  chat.Add("high");
  chat.engine.Wish("high", Presence::kBreak, chat.now, &chat.effects);
  chat.Add("low", {{"law", 1}});
  chat.Call("c", {.medium = Medium::kChat});
  chat.Pass(199 * kSecond);
  CHECK(chat.Offered("low") == "");
  chat.Pass(kSecond);
  CHECK(chat.Offered("low") == "c");
}

TEST_CASE("language never widens, and without a speaker the caller is asked for a message") {
  Desk at;
  at.Add("a");
  at.Call("c", {.language = "mn"});
  CHECK(at.Has("TO_MESSAGE c"));
  at.Pass(10 * kMinute);
  CHECK(at.Offered("a") == "");
  at.Add("b", {{"money", 1}}, {"mn"});
  CHECK(at.Offered("b") == "c");
}

TEST_CASE("of those who may, the smallest step is chosen, then the highest grade, the fewest other skills, the longest idle") {
  Desk at;
  at.Add("two", {{"law", 2}});
  at.Pass(kSecond);
  at.Add("three", {{"law", 3}, {"money", 1}});
  at.Pass(kSecond);
  at.Add("alone", {{"law", 3}});
  at.Pass(kSecond);
  at.Add("young", {{"law", 3}});
  at.Call("1").Call("2").Call("3").Call("4");
  CHECK(at.Offered("alone") == "1");
  CHECK(at.Offered("young") == "2");
  CHECK(at.Offered("three") == "3");
  CHECK(at.Offered("two") == "4");
}

TEST_CASE("who has the same open case is waited for half a minute while he is signed in") {
  Desk at;
  at.Add("his").Add("other");
  at.engine.Wish("his", Presence::kBreak, at.now, &at.effects);
  at.Call("c", {.last_agent = "his"});
  at.Pass(29500);
  CHECK(at.Offered("other") == "");
  at.Pass(500);
  CHECK(at.Offered("other") == "c");
  at.Call("d", {.last_agent = "his"});
  at.engine.Wish("his", Presence::kReady, at.now, &at.effects);
  CHECK(at.Offered("his") == "d");
}

TEST_CASE(
    "refused or missed, the idle time begins anew and the pair rests; withdrawn, the agent keeps his idle time and the caller "
    "his place") {
  Desk at;
  at.Add("a").Add("b");
  at.Pass(10 * kSecond);
  at.Call("c");
  const Name first = at.Offered("a") == "c" ? "a" : "b";
  const Name second = first == "a" ? "b" : "a";
  CHECK(at.engine.Refuse(first, at.OfferOf(first).id, at.now, &at.effects) == Answer::kDone);
  CHECK(at.engine.FindAgent(first)->idle_since == at.now);
  CHECK(at.Offered(second) == "c");
  CHECK(at.Offered(first) == "");
  const Time idle = at.engine.FindAgent(second)->idle_since;
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  CHECK(at.Has("CANCEL c>" + second));
  CHECK(at.engine.FindAgent(second)->idle_since == idle);
}

TEST_CASE("two offers missed one after the other make an agent absent until he says that he is ready") {
  Desk at;
  at.Add("a");
  at.Call("c");
  at.Pass(20 * kSecond);
  CHECK(at.Offered("a") == "");
  at.Pass(kMinute);
  CHECK(at.Offered("a") == "c");
  at.Pass(20 * kSecond);
  CHECK(at.Has("away>a"));
  at.Pass(10 * kMinute);
  CHECK(at.Offered("a") == "");
  at.engine.Wish("a", Presence::kReady, at.now, &at.effects);
  CHECK(at.Offered("a") == "c");
}

TEST_CASE("an offer that is not bridged in time returns both to where they were") {
  Desk at;
  at.Add("a");
  at.Call("c").Call("d");
  const Time idle = at.engine.FindAgent("a")->idle_since;
  REQUIRE(at.engine.Accept("a", at.OfferOf("a").id, at.now, &at.effects) == Answer::kDone);
  at.Pass(10 * kSecond);
  CHECK(at.engine.FindAgent("a")->idle_since == idle);
  CHECK(at.Offered("a") == "c");  // its place is before d's
}

TEST_CASE("too late it is gone, another's is not yours, twice gives the same answer") {
  Desk at;
  at.Add("a").Add("b");
  at.Call("c");
  const Name who = at.Offered("a") == "c" ? "a" : "b", other = who == "a" ? "b" : "a";
  const Name offer = at.OfferOf(who).id;
  CHECK(at.engine.Accept(other, offer, at.now, &at.effects) == Answer::kNotYours);
  CHECK(at.engine.Accept(who, offer, at.now, &at.effects) == Answer::kDone);
  CHECK(at.engine.Accept(who, offer, at.now, &at.effects) == Answer::kDone);
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  CHECK(at.engine.Accept(who, offer, at.now, &at.effects) == Answer::kGone);
}

TEST_CASE("a fact of the switch beats an offer") {
  Desk at;
  at.Add("a").Add("b");
  at.Call("c").Call("d");
  const Name with_c = at.Offered("a") == "c" ? "a" : "b", with_d = with_c == "a" ? "b" : "a";
  at.engine.Bridge("c", with_d, at.now, at.now, &at.effects);
  CHECK(at.Has("CANCEL c>" + with_c));
  CHECK(at.Has("CANCEL d>" + with_d));
  CHECK(at.engine.FindAgent(with_d)->talks == 1);
  CHECK(at.Offered(with_c) == "d");
}

TEST_CASE("silent for 30 s an agent is offered nothing, for 90 s he is signed out") {
  Desk at;
  at.Add("a");
  at.Pass(30 * kSecond, {});
  at.Call("c");
  CHECK(at.Offered("a") == "");
  at.engine.Seen("a", at.now, &at.effects);
  CHECK(at.Offered("a") == "c");
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  at.Pass(90 * kSecond, {});
  CHECK(at.Has("lost>a"));
  CHECK(at.engine.FindAgent("a")->presence == Presence::kOffline);
}

TEST_CASE("what an agent asks for while he talks applies afterwards, the last wish alone; a break withdraws an open offer") {
  Desk at;
  at.Add("a").Call("c");
  at.Talk("a");
  at.engine.Wish("a", Presence::kOffline, at.now, &at.effects);
  at.engine.Wish("a", Presence::kBreak, at.now, &at.effects);
  CHECK(at.engine.FindAgent("a")->presence == Presence::kReady);
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  CHECK(at.engine.FindAgent("a")->presence == Presence::kBreak);
  at.engine.Wish("a", Presence::kReady, at.now, &at.effects);
  at.Call("d");
  REQUIRE(at.Offered("a") == "d");
  at.effects.clear();
  at.engine.Wish("a", Presence::kBreak, at.now, &at.effects);
  CHECK(at.Told() == "CANCEL d>a");
  CHECK(at.engine.FindAgent("a")->presence == Presence::kBreak);
}

TEST_CASE("an agent carries at most a hundred: one telephone call, or three chats; and one open offer") {
  Desk at;
  at.Add("a");
  for (const char* name : {"1", "2", "3", "4"}) at.Call(name, {.medium = Medium::kChat});
  for (const char* name : {"1", "2", "3"}) {
    CHECK(at.Offered("a") == name);
    at.Talk("a");
    at.Pass(kSecond);
    at.engine.Tick(at.now, &at.effects);
    at.engine.Seen("a", at.now, &at.effects);
    at.engine.Wish("a", Presence::kReady, at.now, &at.effects);
  }
  CHECK(at.Offered("a") == "");
  CHECK(at.engine.FindAgent("a")->load == 90);
}

TEST_CASE("a chat that is silent for five minutes frees its place, and returns first to its agent; a day ends it") {
  Desk at;
  at.Add("a").Add("b");
  at.Call("c", {.medium = Medium::kChat});
  const Name who = at.Offered("a") == "c" ? "a" : "b";
  at.Talk(who);
  at.Pass(5 * kMinute);
  CHECK(at.Has("parked c>" + who));
  CHECK(at.engine.FindAgent(who)->load == 0);
  at.engine.Speak("c", at.now, &at.effects);
  CHECK(at.Offered(who) == "c");
  at.Talk(who);
  at.Pass(5 * kMinute);
  at.effects.clear();
  at.Pass(24 * kHour);
  CHECK(at.Told() == "ended c:0");
}

TEST_CASE(
    "who hangs up after five seconds unanswered is called back in his place; before that, or with a withheld number, he is not") {
  Desk at;
  at.Call("short").Call("long").Call("withheld", {.caller = "-"});
  at.engine.HangUp("short", at.now, at.now, &at.effects);
  CHECK(at.Has("ended short:1"));
  CHECK_FALSE(at.Has("opened short"));
  at.Pass(5 * kSecond);
  const Time place = at.engine.Find("long")->place;
  at.engine.HangUp("long", at.now, at.now, &at.effects);
  CHECK(at.Has("opened long"));
  REQUIRE(at.engine.Find("cb:long") != nullptr);
  CHECK(at.engine.Find("cb:long")->place == place);
  at.Add("a");
  CHECK(at.Offered("a") == "withheld");
  at.Talk("a");
  at.engine.HangUp("withheld", at.now, at.now, &at.effects);
  at.Pass(59 * kSecond);
  CHECK(at.Offered("a") == "");
  at.Pass(2 * kSecond);
  CHECK(at.Offered("a") == "cb:long");
}

TEST_CASE("one open callback for each number; asked for, it enters at once") {
  Desk at;
  at.Call("c", {.caller = "1"}).Call("d", {.caller = "2"});
  at.engine.AskCallback("c", "", at.now, at.now, &at.effects);
  CHECK(at.Has("ended c:3"));
  at.engine.AskCallback("d", "1", at.now, at.now, &at.effects);
  CHECK(at.engine.Find("cb:d") == nullptr);
  at.Add("a");
  at.engine.Tick(at.now, &at.effects);
  CHECK(at.Offered("a") == "cb:c");
}

TEST_CASE("a callback rings the agent first, then dials; three attempts, 15 and 60 minutes apart") {
  Desk at;
  at.Add("a").Call("c");
  at.engine.AskCallback("c", "", at.now, at.now, &at.effects);
  at.engine.Tick(at.now, &at.effects);
  for (const Time pause : {15 * kMinute, kHour}) {
    const Offer offer = at.OfferOf("a");
    at.effects.clear();
    REQUIRE(at.engine.Accept("a", offer.id, at.now, &at.effects) == Answer::kDone);
    CHECK(at.Told() == "attempt cb:c>a DIAL cb:c>a");
    at.engine.OfferFailed(offer.id, at.now, &at.effects);
    CHECK(at.Told() == "");
    at.Pass(pause - kSecond);
    CHECK(at.Offered("a") == "");
    at.Pass(kSecond);
    REQUIRE(at.Offered("a") == "cb:c");
  }
  const Offer offer = at.OfferOf("a");
  at.engine.Accept("a", offer.id, at.now, &at.effects);
  at.engine.OfferFailed(offer.id, at.now, &at.effects);
  CHECK(at.Has("unreached cb:c"));
  CHECK(at.engine.Find("cb:c") == nullptr);
}

TEST_CASE("nobody is called back before eight or after nine in the evening") {
  Desk at;
  at.now = kNine + 12 * kHour - kMinute;  // 20:59
  at.Call("c");
  at.Pass(5 * kSecond);
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  CHECK(at.engine.Find("cb:c")->enters_at == kNine + 23 * kHour);
}

TEST_CASE("who calls again goes on in the place of his callback, which is then closed, its offer withdrawn") {
  Desk at;
  at.Call("c", {.caller = "1"});
  const Time place = at.engine.Find("c")->place;
  at.engine.AskCallback("c", "", at.now, at.now, &at.effects);
  at.Add("a");
  at.engine.Tick(at.now, &at.effects);
  REQUIRE(at.Offered("a") == "cb:c");
  at.effects.clear();
  at.Pass(kSecond);
  at.Call("again", {.caller = "1"});
  CHECK(at.Told() == "CANCEL cb:c>a called_again cb:c queued again RING again>a");
  CHECK(at.engine.Find("again")->place == place);
}

TEST_CASE("a bridge told after the end but earlier in time means answered, and a callback not yet begun is not needed") {
  Desk at;
  at.Call("c");
  at.Pass(10 * kSecond);
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  at.effects.clear();
  at.engine.Bridge("c", "a", at.now - kSecond, at.now + 2 * kSecond, &at.effects);
  CHECK(at.Told() == "answered_after_all c>a not_needed cb:c");
  at.engine.Bridge("c", "a", at.now - kSecond, at.now + 2 * kSecond, &at.effects);
  CHECK(at.Told() == "");
}

TEST_CASE("a wait runs from when the switch says that it began, also where a timer queued the call first") {
  Desk at;
  at.engine.Arrive("c", {.caller = "1", .language = "zh"}, at.now, at.now, &at.effects);
  const Time asked = at.now + 27 * kSecond;
  at.Pass(30 * kSecond);
  at.engine.EnterQueue("c", asked, at.now, &at.effects);
  at.effects.clear();
  at.Pass(3 * kSecond);
  at.engine.HangUp("c", at.now, at.now, &at.effects);
  CHECK(at.Has("opened c"));
}

TEST_CASE("a callback whose talk was told after its end was reached, and is dialled no more") {
  Desk at;
  at.Add("a").Call("c");
  at.engine.AskCallback("c", "", at.now, at.now, &at.effects);
  at.engine.Tick(at.now, &at.effects);
  const Offer offer = at.OfferOf("a");
  at.engine.Accept("a", offer.id, at.now, &at.effects);
  at.effects.clear();
  at.engine.HangUp("cb:c", at.now + 2 * kSecond, at.now, &at.effects);
  at.engine.Bridge("cb:c", "a", at.now + kSecond, at.now, &at.effects);
  CHECK(at.Told() == "reached cb:c>a");
  CHECK(at.engine.Find("cb:c") == nullptr);
}

TEST_CASE("a transfer that nobody takes goes back to the first agent after half a minute") {
  Desk at;
  at.Add("a").Call("c");
  at.Talk("a");
  at.engine.Transfer("c", "money", at.now, at.now, &at.effects);
  at.engine.Wish("a", Presence::kReady, at.now, &at.effects);
  CHECK(at.Offered("a") == "");
  at.Pass(30 * kSecond);
  CHECK(at.Offered("a") == "c");
}

TEST_CASE("out of hours nobody is rung and the caller is asked for a message") {
  Desk at;
  at.Add("a");
  at.engine.SetOpen(false, at.now, &at.effects);
  at.effects.clear();
  at.Call("c");
  CHECK(at.Told() == "queued c TO_MESSAGE c");
  at.engine.LeaveMessage("c", at.now, at.now, &at.effects);
  CHECK(at.Told() == "ended c:2");
}

TEST_CASE("who waits when it closes is asked for a message, and who waits still when it opens is served") {
  Desk at;
  at.Call("first").Call("second");
  at.effects.clear();
  at.engine.SetOpen(false, at.now, &at.effects);
  at.engine.SetOpen(false, at.now, &at.effects);
  CHECK(at.Told() == "TO_MESSAGE first TO_MESSAGE second");
  at.Add("a");
  at.effects.clear();
  at.engine.SetOpen(true, at.now, &at.effects);
  CHECK(at.Told() == "RING first>a");
}

TEST_CASE("what a started switch does not know any more is lost, and owed a callback") {
  Desk at;
  at.Add("a").Call("talking");
  at.Talk("a");
  at.Call("waiting");
  at.effects.clear();
  at.engine.Lose("waiting", at.now, at.now, &at.effects);
  at.engine.Lose("talking", at.now, at.now, &at.effects);
  CHECK(at.Told() == "opened waiting ended waiting:6 ended talking:0");
}

TEST_CASE("after a take-over the order is that of before, and calls in progress are untouched") {
  Desk at;
  at.Call("first").Call("second");
  at.Add("b");
  at.Talk("b");
  Engine next({}, "all", 8);
  Effects effects;
  for (const auto& [name, agent] : at.engine.agents()) {
    next.SetAgent(agent, at.now, &effects);
  }
  for (const char* name : {"second", "first"}) next.Restore(*at.engine.Find(name));
  Agent other;
  other.id = "a";
  other.skills = {{"law", 2}};
  other.languages = {"zh"};
  next.SetAgent(other, at.now, &effects);
  next.Wish("a", Presence::kReady, at.now, &effects);
  REQUIRE(next.FindAgent("a")->offer == "8-1");
  CHECK(next.FindOffer("8-1")->waiter == "second");
  CHECK(next.Find("first")->phase == Phase::kTalking);
}

}  // namespace sifa::hotline::routing
