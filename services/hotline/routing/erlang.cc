#include "services/hotline/routing/erlang.h"

#include <algorithm>
#include <cmath>

namespace sifa::hotline::routing {
namespace {

constexpr int kSlices = 4'000;  // of an integral, even

template <class F>
double Simpson(double from, double to, F f) {
  const double width = (to - from) / kSlices;
  double sum = f(from) + f(to);
  for (int i = 1; i < kSlices; ++i) sum += (i % 2 == 0 ? 2 : 4) * f(from + i * width);
  return sum * width / 3;
}

}  // namespace

double ErlangB(double erlangs, int n) {
  // 1/B by its recursion: no factorials, so no overflow; what is beyond the range of a double is a B of 0.
  double inverse = 1;
  for (int i = 1; i <= n; ++i) inverse = 1 + inverse * i / erlangs;
  return 1 / inverse;
}

std::optional<Staffed> ErlangC(const Load& load, int agents, double target) {
  const double erlangs = load.erlangs(), spare = agents - erlangs;
  if (spare <= 0) return std::nullopt;
  if (erlangs == 0) return Staffed{.within = 1};
  const double blocked = ErlangB(erlangs, agents);
  const double waits = agents * blocked / (agents - erlangs * (1 - blocked));
  return Staffed{.waits = waits,
                 .within = 1 - waits * std::exp(-spare * target / load.handling),
                 .average_wait = waits * load.handling / spare,
                 .occupancy = erlangs / agents};
}

// By the offered wait V, how long one with endless patience would wait (Zeltyn and Mandelbaum 2005, M/M/n+G): its density is
// λ·e^{g(v)}/(E+λJ), where g(v) = λ(1−e^{−θv})/θ − nμv, J is the integral of e^g, and E = 1/B(n−1). All is scaled by the largest
// e^g, which under a heavy load is beyond the range of a double.
Staffed ErlangA(const Load& load, int agents, double patience, double target) {
  if (load.rate == 0) return {.within = 1};
  const double served = agents / load.handling;  // a second, by all
  if (agents == 0) return {.waits = 1, .abandons = 1, .average_wait = patience};
  const auto g = [&](double v) { return load.rate * patience * -std::expm1(-v / patience) - served * v; };
  const double top_at = load.rate > served ? patience * std::log(load.rate / served) : 0;
  const double top = g(top_at);
  double end = top_at + 1 / served;
  while (g(end) > top - 40) end *= 1.5;
  const auto density = [&](double v) { return std::exp(g(v) - top); };
  const auto patient = [&](double v) { return std::exp(g(v) - top - v / patience); };
  const double idle = std::exp(-top) / ErlangB(load.erlangs(), agents - 1);  // E, in the same scale
  const double total = idle + load.rate * Simpson(0, end, density);
  const double waits = 1 - idle / total;
  const double answered_late = load.rate * Simpson(0, end, patient) / total;
  const double within = load.rate * Simpson(0, std::min(target, end), patient) / total;
  const double abandons = std::max(0.0, waits - answered_late);
  return {.waits = waits,
          .abandons = abandons,
          .within = 1 - waits + within,
          .average_wait = abandons * patience,  // who waits goes at the rate 1/patience
          .occupancy = load.rate * (1 - abandons) / served};
}

int AgentsFor(const Load& load, double share, double target, std::optional<double> patience) {
  const auto is_enough = [&](int agents) {
    if (patience) return ErlangA(load, agents, *patience, target).within >= share;
    const std::optional<Staffed> staffed = ErlangC(load, agents, target);
    return staffed && staffed->within >= share;
  };
  int enough = 1;
  while (!is_enough(enough)) enough *= 2;
  int few = enough / 2;  // not enough, or none
  while (enough - few > 1) {
    const int middle = (few + enough) / 2;
    (is_enough(middle) ? enough : few) = middle;
  }
  return enough;
}

int Rostered(int agents, double shrinkage) { return static_cast<int>(std::ceil(agents / (1 - shrinkage) - 1e-9)); }

std::optional<double> Patience(absl::Span<const Wait> waits) {
  double seconds = 0;
  int abandoned = 0;
  for (const Wait& wait : waits) {
    seconds += wait.seconds;
    abandoned += wait.abandoned ? 1 : 0;
  }
  if (abandoned == 0) return std::nullopt;
  return seconds / abandoned;
}

}  // namespace sifa::hotline::routing
