// 坐席: whose seat it is, in which groups he answers, and how his state follows his own word.
#include "services/hotline/agent.h"

#include "services/hotline/hotline_fixture.h"

namespace sifa::hotline {

TEST_CASE("whether an agent is at his desk is his own to say") {
  Hotline at;
  const Centre centre = at.Open("12348");
  Agent agent = at.Register(centre, at.OpenGroup(centre, "01"), at.agent, "101");
  CHECK(agent.state() == Agent::OFFLINE);
  CHECK(at.Refusal("SignInAgent", agent, "{}", at.other_agent) == "NOT_YOUR_SEAT");
  agent = at.Do("SignInAgent", agent, "{}", at.agent);
  CHECK(agent.state() == Agent::BREAK);
  agent = at.Do("GoReadyAgent", agent, "{}", at.agent);
  CHECK(agent.state() == Agent::READY);
  agent = at.Do("BreakAgent", agent, R"({"breakReason": "01"})", at.agent);
  CHECK(agent.break_reason() == "01");
  agent = at.Do("GoReadyAgent", agent, "{}", at.agent);
  CHECK(agent.break_reason() == "");
  CHECK(at.Do("SignOutAgent", agent, "{}", at.agent).state() == Agent::OFFLINE);
  CHECK(at.Findings() == "");
}

TEST_CASE("an account has one seat, and a centre no two seats with one staff number or extension") {
  Hotline at;
  const Centre centre = at.Open("12348");
  const Group group = at.OpenGroup(centre, "01");
  at.Register(centre, group, at.agent, "101");
  CHECK(at.Refusal<Agent>("RegisterAgent", AgentJson(centre, group, at.agent, "102"), at.head) == "AGENT_REGISTERED");
  CHECK(at.Refusal<Agent>("RegisterAgent", AgentJson(centre, group, at.other_agent, "101"), at.head) == "STAFF_NUMBER_IN_USE");
}

TEST_CASE("an agent answers in groups of his own centre, each named once") {
  Hotline at;
  const Centre centre = at.Open("12348"), other = at.Open("057912348");
  const Group elsewhere = at.OpenGroup(other, "01");
  CHECK(at.Refusal<Agent>("RegisterAgent", AgentJson(centre, elsewhere, at.agent, "101"), at.head) == "GROUP_UNKNOWN");
  const Group closed = at.OpenGroup(centre, "02");
  at.Do("CloseGroup", closed, R"({"reason": "撤并"})", at.head);
  CHECK(at.Refusal<Agent>("RegisterAgent", AgentJson(centre, closed, at.agent, "101"), at.head) == "GROUP_UNKNOWN");
}

TEST_CASE("H2: a centre has one fallback group") {
  Hotline at;
  const Centre centre = at.Open("12348");
  const auto fallback = [&](const std::string& code) {
    return absl::StrCat(R"({"centre": ")", centre.id(), R"(", "code": ")", code, R"(", "name": "综合", "fallback": true})");
  };
  at.Do<Group>("OpenGroup", fallback("00"), at.head);
  CHECK(at.Refusal<Group>("OpenGroup", fallback("09"), at.head) == "FALLBACK_EXISTS");
  CHECK(at.Refusal<Group>("OpenGroup", absl::StrCat(R"({"centre": ")", centre.id(), R"(", "code": "00", "name": "婚姻家庭"})"),
                          at.head) == "GROUP_CODE_IN_USE");
}

}  // namespace sifa::hotline
