// The hotline of 东阳 in one process over a real database. The clock stands at Monday 2026-11-02 09:00 until a test moves it.
#pragma once

#include <string>

#include "libs/procedure/instant.h"
#include "libs/testing/desk.h"
#include "services/hotline/agent.h"
#include "services/hotline/centre.h"
#include "services/hotline/group.h"
#include "services/hotline/hotline.h"

namespace sifa::hotline {

// The request that opens a centre with a number; `more`: further fields, in JSON.
inline std::string CentreJson(const std::string& number, const std::string& more = "") {
  return absl::StrCat(R"({"office": "330783", "region": "330783", "name": "东阳市12348热线", "calledNumbers": [")", number,
                      R"("], "serves": ["330783"], "languages": ["zh"])", more.empty() ? "" : ", ", more, "}");
}

// The request that registers somebody as an agent of a group, who speaks Chinese.
inline std::string AgentJson(const Centre& centre, const Group& group, const identity::v1::TokenClaims& who,
                             const std::string& number) {
  return absl::StrCat(R"({"centre": ")", centre.id(), R"(", "account": ")", who.sub(), R"(", "staffNumber": ")", number,
                      R"(", "name": "方晓燕", "skills": [{"group": ")", group.id(),
                      R"(", "grade": 2}], "languages": ["zh"], "extension": "8)", number, "\"}");
}

class Hotline : public testing::Desk {
 public:
  Hotline()
      : Desk(SIFA_ROOT, Definition(), absl::CivilSecond(2026, 11, 2, 9, 0, 0),
             {{"330783", "/33/3307/330783/"}, {"330783118", "/33/3307/330783/330783118/"}, {"330782", "/33/3307/330782/"}}),
        head(Person("county_head", "330783", 3)),
        officer(Person("county_officer", "330783", 3)),
        agent(testing::ClaimsOf("01AGENT1NE000000000000000A", "dongyang.agent",
                                {testing::GrantOf("hotline_agent", "330783", "/33/3307/330783/", 3, true)})),
        other_agent(testing::ClaimsOf("01AGENTTW0000000000000000B", "dongyang.agent2",
                                      {testing::GrantOf("hotline_agent", "330783", "/33/3307/330783/", 3, true)})),
        office(Person("justice_officer", "330783118", 4)),
        neighbour(Person("county_officer", "330782", 3)) {}

  Centre Open(const std::string& number) { return Do<Centre>("OpenCentre", CentreJson(number), head); }

  Group OpenGroup(const Centre& centre, const std::string& code) {
    return Do<Group>("OpenGroup",
                     absl::StrCat(R"({"centre": ")", centre.id(), R"(", "code": ")", code, R"(", "name": "婚姻家庭"})"), head);
  }
  Agent Register(const Centre& centre, const Group& group, const Claims& who, const std::string& number) {
    return Do<Agent>("RegisterAgent", AgentJson(centre, group, who, number), head);
  }

  // The head of the bureau and an officer of it, two agents of the centre, the office of 南马; another county.
  const Claims head, officer, agent, other_agent, office, neighbour;
};

}  // namespace sifa::hotline
