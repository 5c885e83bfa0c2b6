// How many agents a load of calls needs: the queues M/M/n of Erlang (C: everybody waits) and M/M/n+M of Palm (A: whoever loses
// patience goes). Pure. Rates in calls a second, times in seconds; a load is rate · handling, in Erlang, of up to some thousands.
#pragma once

#include <optional>

#include "absl/types/span.h"

namespace sifa::hotline::routing {

struct Load {
  double rate = 0;
  double handling = 0;  // of a call, with wrapping up

  double erlangs() const { return rate * handling; }
};

struct Staffed {
  double waits = 0;         // share of the callers who find nobody free
  double abandons = 0;      // share who go
  double within = 0;        // share who are answered within the target
  double average_wait = 0;  // of all callers
  double occupancy = 0;     // share of their time for which agents are busy
};

// Share of the calls that n lines without a queue turn away (Erlang B). REQUIRES: erlangs > 0.
double ErlangB(double erlangs, int n);

// nullopt where the load is not below the agents: the queue is unstable, and waits grow for ever.
std::optional<Staffed> ErlangC(const Load& load, int agents, double target);

// Stable at any load. `patience`: mean, above 0.
Staffed ErlangA(const Load& load, int agents, double patience, double target);

// The fewest agents with whom at least this share of callers is answered within the target. `patience`: nullopt by Erlang C. A
// share is below 1.
int AgentsFor(const Load& load, double share, double target, std::optional<double> patience);

// So many on the roster that so many are at their desks. `shrinkage`: share of paid time away, below 1.
int Rostered(int agents, double shrinkage);

// A caller's wait, to the answer or to where he lost patience.
struct Wait {
  double seconds = 0;
  bool abandoned = false;
};
// Mean patience, by the most likely exponential law: those who were answered would have waited for longer (censored), so all
// waits count and only who went is counted. nullopt where nobody went.
std::optional<double> Patience(absl::Span<const Wait> waits);

}  // namespace sifa::hotline::routing
