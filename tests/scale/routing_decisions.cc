// Decisions of the hotline's routing: an agent ends a talk and is ready, and is offered who is next of twenty thousand in two
// languages, while they widen and newcomers take the places of those who are answered. Beside it the same question answered by a
// scan of all who wait, in their order. One line of JSON.
#include <algorithm>
#include <ctime>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/hotline/routing/engine.h"

namespace sifa::hotline::routing {
namespace {

constexpr int kAgents = 2'000, kWaiting = 20'000, kGroups = 20, kCounties = 10, kDecisions = 200'000;
constexpr double kMostSeconds = 20;  // of decisions: fewer are made where they are slow
constexpr Time kBegin = 1'781'748'000'000;

double ProcessorSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class Bench {
 public:
  Bench() : engine_(Figures(), "0", 1) {}

  void Run() {
    for (int i = 0; i < kAgents; ++i) {
      engine_.SetAgent(Skilled(i), now_, &effects_);
      engine_.Wish(AgentOf(i), Presence::kReady, now_, &effects_);
    }
    // Everybody talks, and twenty thousand wait, who came in the last two minutes.
    for (int i = 0; i < kAgents; ++i) {
      talks_.push_back(Arrive());
      engine_.Bridge(talks_.back(), AgentOf(i), now_, now_, &effects_);
    }
    for (int i = 0; i < kWaiting; ++i) {
      if (i % 160 == 0) Pass(1000);
      Arrive();
    }
    const size_t waiting = engine_.waiting();
    std::vector<double> seconds;
    double total = 0;
    int offered = 0;
    while (seconds.size() < kDecisions && total < kMostSeconds) {
      const int agent = static_cast<int>(random_() % kAgents);
      Pass(1);
      const double begin = ProcessorSeconds();
      effects_.clear();
      if (!talks_[agent].empty()) engine_.HangUp(talks_[agent], now_, now_, &effects_);
      engine_.Wish(AgentOf(agent), Presence::kReady, now_, &effects_);
      seconds.push_back(ProcessorSeconds() - begin);
      total += seconds.back();
      talks_[agent].clear();
      const Name offer = engine_.FindAgent(AgentOf(agent))->offer;
      if (offer.empty()) continue;
      ++offered;
      talks_[agent] = engine_.FindOffer(offer)->waiter;
      engine_.Bridge(talks_[agent], AgentOf(agent), now_, now_, &effects_);
      Arrive();
    }
    std::sort(seconds.begin(), seconds.end());
    const double made = static_cast<double>(seconds.size());
    std::cout << absl::StrFormat(
        "{\"agents\": %d, \"waiting\": %d, \"decisions_a_second\": %.0f, \"p99_us\": %.2f, \"longest_us\": %.1f, \"offered\": "
        "%d, "
        "\"scans_a_second\": %.0f}\n",
        kAgents, waiting, made / total, seconds[seconds.size() * 99 / 100] * 1e6, seconds.back() * 1e6, offered, ScansASecond());
  }

 private:
  static Parameters Figures() {
    Parameters p;
    p.heartbeat_silent = p.heartbeat_lost = 86'400'000;  // no heartbeats here
    return p;
  }
  static Name AgentOf(int i) { return absl::StrCat("a", i); }
  std::string County() { return absl::StrCat(330701 + random_() % kCounties); }

  Agent Skilled(int i) {
    Agent agent;
    agent.id = AgentOf(i);
    for (int skill = 0; skill < 3; ++skill) {
      agent.skills.push_back({absl::StrCat(random_() % kGroups), static_cast<int>(1 + random_() % 3)});
    }
    agent.languages = {"zh"};
    if (random_() % 5 == 0) agent.languages.push_back("mn");
    agent.regions = {County()};
    return agent;
  }

  Name Arrive() {
    const Name contact = absl::StrCat("c", ++contacts_);
    const unsigned urgent = random_() % 20;
    engine_.Arrive(contact,
                   {.language = random_() % 10 == 0 ? "mn" : "zh",
                    .group = absl::StrCat(random_() % kGroups),
                    .region = County(),
                    .urgent = urgent == 0,
                    .special = urgent < 5},
                   now_, now_, &effects_);
    engine_.EnterQueue(contact, now_, now_, &effects_);
    return contact;
  }

  void Pass(Time span) {
    now_ += span;
    effects_.clear();
    engine_.Tick(now_, &effects_);
  }

  // All who wait, sorted by their places: the first whose language the agent speaks and of whose group he is.
  double ScansASecond() {
    constexpr int kScans = 50;
    const double begin = ProcessorSeconds();
    size_t found = 0;
    for (int i = 0; i < kScans; ++i) {
      const Agent& agent = *engine_.FindAgent(AgentOf(i));
      std::vector<const Waiter*> waiting;
      for (const auto& [name, waiter] : engine_.waiters()) {
        if (waiter.phase == Phase::kWaiting) waiting.push_back(&waiter);
      }
      std::sort(waiting.begin(), waiting.end(), [](const Waiter* a, const Waiter* b) { return a->place < b->place; });
      for (const Waiter* waiter : waiting) {
        const bool speaks =
            std::find(agent.languages.begin(), agent.languages.end(), waiter->wants.language) != agent.languages.end();
        const bool knows = std::any_of(agent.skills.begin(), agent.skills.end(),
                                       [&](const Skill& skill) { return skill.group == waiter->wants.group; });
        if (!speaks || !knows) continue;
        ++found;
        break;
      }
    }
    return static_cast<double>(found) / (ProcessorSeconds() - begin);
  }

  Engine engine_;
  Effects effects_;
  Time now_ = kBegin;
  int contacts_ = 0;
  std::vector<Name> talks_;
  std::mt19937 random_{12348};
};

}  // namespace
}  // namespace sifa::hotline::routing

int main() {
  sifa::hotline::routing::Bench().Run();
  return 0;
}
