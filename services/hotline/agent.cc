#include "services/hotline/agent.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/procedure/instant.h"
#include "services/hotline/centre.h"
#include "services/hotline/group.h"
#include "services/hotline/laws.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

// Whether somebody is at his desk is his own to say.
const Guard<Agent> kHimself = {"签入", "NOT_YOUR_SEAT", "坐席状态只能由本人变更", kPlatform,
                               [](const Agent& agent, const Facts& facts) { return facts.actor == agent.account(); }};

template <class Request>
absl::Status Describe(Agent& agent, const Request& r, const Act& act) {
  for (int i = 0; i < r.skills_size(); ++i) {
    const auto group = act.LoadUnchecked<Group>(r.skills(i).group());
    if (!group.ok() || group->centre() != agent.centre() || group->state() != Group::ACTIVE) {
      return InvalidField(absl::StrCat("skills[", i, "].group"), "GROUP_UNKNOWN", "本中心没有这个坐席组");
    }
    for (int j = 0; j < i; ++j) {
      if (r.skills(j).group() == r.skills(i).group()) {
        return InvalidField(absl::StrCat("skills[", i, "].group"), "GROUP_TWICE", "同一坐席组只填写一次");
      }
    }
  }
  *agent.mutable_skills() = r.skills();
  *agent.mutable_languages() = r.languages();
  *agent.mutable_regions() = r.regions();
  agent.set_extension(r.extension());
  return absl::OkStatus();
}

absl::StatusOr<Agent> NewAgent(const v1::RegisterAgentRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Centre centre, act.Load<Centre>(r.centre(), casework::Lock::kShared));
  RETURN_IF_ERROR(RequireActive(centre));
  Agent agent = OfCentre<Agent>(centre);
  agent.set_account(r.account());
  agent.set_staff_number(r.staff_number());
  agent.set_name(r.name());
  return agent;
}

void SetSince(Agent& agent, const Act& act) {
  agent.clear_break_reason();
  *agent.mutable_state_since() = StampOf(act.now());
}

absl::Status SignIn(Agent& agent, const v1::SignInAgentRequest&, const Act& act) {
  SetSince(agent, act);
  return absl::OkStatus();
}
absl::Status GoReady(Agent& agent, const v1::GoReadyAgentRequest&, const Act& act) {
  SetSince(agent, act);
  return absl::OkStatus();
}
absl::Status Break(Agent& agent, const v1::BreakAgentRequest& r, const Act& act) {
  SetSince(agent, act);
  agent.set_break_reason(r.break_reason());
  return absl::OkStatus();
}
absl::Status SignOut(Agent& agent, const v1::SignOutAgentRequest&, const Act& act) {
  SetSince(agent, act);
  return absl::OkStatus();
}
absl::Status GoAway(Agent& agent, const Act& act) {
  SetSince(agent, act);
  return absl::OkStatus();
}
absl::Status End(Agent& agent, const v1::EndAgentRequest&, const Act& act) {
  SetSince(agent, act);
  agent.set_ended_on(act.occurred_on());
  return absl::OkStatus();
}

constexpr procedure::States kSignedIn = {Agent::READY, Agent::BREAK, Agent::AWAY};

const Row<Agent> kRows[] = {
    {.act = Agent::REGISTER,
     .from = {Agent::STATE_UNSPECIFIED},
     .to = Agent::OFFLINE,
     .create = Create<NewAgent>,
     .apply = Apply<Describe<v1::RegisterAgentRequest>>,
     .law = kPlatform},
    {.act = Agent::AMEND,
     .from = {Agent::OFFLINE, Agent::READY, Agent::BREAK, Agent::AWAY},
     .apply = Apply<Describe<v1::AmendAgentRequest>>,
     .law = kPlatform},
    // Signed in, he is on a break of no reason until he says that he is ready.
    {.act = Agent::SIGN_IN,
     .from = {Agent::OFFLINE},
     .to = Agent::BREAK,
     .guards = {&kHimself},
     .apply = Apply<SignIn>,
     .law = kPlatform},
    {.act = Agent::GO_READY,
     .from = {Agent::BREAK, Agent::AWAY},
     .to = Agent::READY,
     .guards = {&kHimself},
     .apply = Apply<GoReady>,
     .law = kPlatform},
    {.act = Agent::TAKE_BREAK,
     .from = kSignedIn,
     .to = Agent::BREAK,
     .guards = {&kHimself},
     .apply = Apply<Break>,
     .law = kPlatform},
    {.act = Agent::GO_AWAY,
     .from = {Agent::READY},
     .to = Agent::AWAY,
     .level = procedure::Level::kSystem,
     .apply = Apply<GoAway>,
     .law = kPlatform},
    {.act = Agent::SIGN_OUT,
     .from = kSignedIn,
     .to = Agent::OFFLINE,
     .guards = {&kHimself},
     .apply = Apply<SignOut>,
     .law = kPlatform},
    // Whose heartbeat has been missing for too long.
    {.act = Agent::LOSE,
     .from = kSignedIn,
     .to = Agent::OFFLINE,
     .level = procedure::Level::kSystem,
     .apply = Apply<GoAway>,
     .law = kPlatform},
    {.act = Agent::END, .from = {Agent::OFFLINE}, .to = Agent::ENDED, .apply = Apply<End>, .law = kPlatform},
};

casework::Index IndexOf(const Agent& agent) {
  casework::Index index{.terms = {{"centre", agent.centre()}, {"account", agent.account()}}, .names = {agent.name()}};
  if (agent.state() != Agent::ENDED && agent.state() != Agent::VOIDED) {
    index.unique.push_back({"account", agent.account(), InvalidField("account", "AGENT_REGISTERED", "该账号已登记为坐席")});
    index.unique.push_back({"staff_number", absl::StrCat(agent.centre(), "/", agent.staff_number()),
                            InvalidField("staff_number", "STAFF_NUMBER_IN_USE", "该工号已由本中心的另一坐席使用")});
    if (!agent.extension().empty()) {
      index.unique.push_back({"extension", absl::StrCat(agent.centre(), "/", agent.extension()),
                              InvalidField("extension", "EXTENSION_IN_USE", "该分机号已由另一坐席使用")});
    }
  }
  return index;
}

absl::Status Narrow(const v1::ListAgentsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.centre().empty()) query->terms.push_back({"centre", r.centre()});
  if (!r.account().empty()) query->terms.push_back({"account", r.account()});
  return absl::OkStatus();
}

}  // namespace

const procedure::Procedure<Agent> kAgentProcedure = {
    .name = "坐席",
    .rows = kRows,
    .terminal = {Agent::ENDED, Agent::VOIDED},
    .states = Agent::State_descriptor,
    .acts = Agent::Act_descriptor,
    .clock_kinds = Agent::Limit_descriptor,
    .papers = Agent::Document_descriptor,
};

const casework::Amendments<Agent> kAgentAmendments = {.amendable = {{"name"}, {"ended_on", true, Agent::END}}};

const casework::Definition<Agent> kAgent = {
    .procedure = &kAgentProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .amendments = &kAgentAmendments,
    .references = {{"centre", "Centre", "CENTRE_HAS_AGENTS", "该中心登记有坐席，不能作废"}},
};

}  // namespace sifa::hotline
