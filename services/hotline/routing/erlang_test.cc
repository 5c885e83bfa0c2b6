#include "services/hotline/routing/erlang.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace sifa::hotline::routing {
namespace {

Load Of(double erlangs, double handling = 180) { return {.rate = erlangs / handling, .handling = handling}; }

// Of the formulas, by exact fractions.
TEST_CASE("Erlang B and C, from one Erlang to twelve hundred") {
  CHECK(ErlangB(1, 2) == Approx(0.2));
  CHECK(ErlangB(10, 10) == Approx(0.21458234310734733).epsilon(1e-12));
  CHECK(ErlangB(10, 15) == Approx(0.03649694547237079).epsilon(1e-12));
  CHECK(ErlangB(1200, 1220) == Approx(0.013364403920365978).epsilon(1e-12));
  CHECK(ErlangC(Of(1), 2, 20)->waits == Approx(1.0 / 3));
  CHECK(ErlangC(Of(10), 12, 20)->waits == Approx(0.44938822429827086).epsilon(1e-12));
  CHECK(ErlangC(Of(1200), 1220, 20)->waits == Approx(0.45243621756103203).epsilon(1e-12));
}

TEST_CASE("Erlang C is unstable where the load is not below the agents, and says so") {
  CHECK_FALSE(ErlangC(Of(10), 10, 20));
  CHECK_FALSE(ErlangC(Of(10.5), 10, 20));
  CHECK(ErlangC(Of(10), 11, 20));
}

// Mandelbaum and Zeltyn, Service Engineering in Action: The Palm/Erlang-A Queue (2007), table 1.
TEST_CASE("48 calls a minute, one minute each, 50 agents, patience of two minutes: as published") {
  const Load load{.rate = 48.0 / 60, .handling = 60};
  const Staffed a = ErlangA(load, 50, 120, 20);
  CHECK(a.abandons == Approx(0.031).margin(0.0005));
  CHECK(a.average_wait == Approx(3.7).margin(0.05));
  CHECK(a.occupancy == Approx(0.93).margin(0.005));
  const Staffed c = *ErlangC(load, 50, 20);
  CHECK(c.average_wait == Approx(20.8).margin(0.05));
  CHECK(c.occupancy == Approx(0.96).margin(0.005));
}

// Of the chain of births and deaths, summed state by state.
TEST_CASE("Erlang A is the stationary chain's, also where the load is over the agents") {
  const Staffed heavy = ErlangA(Of(1200), 1150, 120, 20);
  CHECK(heavy.waits == Approx(0.8763334651750803).epsilon(1e-6));
  CHECK(heavy.abandons == Approx(0.043275903121676645).epsilon(1e-6));
  CHECK(heavy.average_wait == Approx(5.193108374601198).epsilon(1e-6));
  const Staffed over = ErlangA({.rate = 2, .handling = 180}, 300, 60, 20);
  CHECK(over.waits == Approx(0.9688089882318678).epsilon(1e-6));
  CHECK(over.abandons == Approx(0.1671190031689263).epsilon(1e-6));
}

TEST_CASE("with endless patience Erlang A is Erlang C") {
  const Staffed a = ErlangA(Of(50), 55, 1e7, 20), c = *ErlangC(Of(50), 55, 20);
  CHECK(a.waits == Approx(c.waits).epsilon(1e-3));
  CHECK(a.within == Approx(c.within).epsilon(1e-3));
  CHECK(a.average_wait == Approx(c.average_wait).epsilon(1e-3));
}

TEST_CASE("the fewest agents who keep the target, and as many on the roster as shrinkage asks for") {
  for (const double erlangs : {0.3, 8.0, 95.0, 1200.0}) {
    const Load load = Of(erlangs);
    const int c = AgentsFor(load, 0.8, 20, {});
    CHECK(ErlangC(load, c, 20)->within >= 0.8);
    const auto fewer = ErlangC(load, c - 1, 20);
    CHECK((!fewer || fewer->within < 0.8));
    const int a = AgentsFor(load, 0.8, 20, 90);
    CHECK(ErlangA(load, a, 90, 20).within >= 0.8);
    if (a > 1) CHECK(ErlangA(load, a - 1, 90, 20).within < 0.8);
    CHECK(a <= c);
  }
  CHECK(Rostered(7, 0.3) == 10);
  CHECK(Rostered(8, 0.3) == 12);
}

TEST_CASE("patience: who was answered would have waited for longer, and counts by his wait alone") {
  CHECK_FALSE(Patience({}));
  const std::vector<Wait> answered = {{10, false}, {20, false}};
  CHECK_FALSE(Patience(answered));
  const std::vector<Wait> some = {{10, false}, {20, true}, {30, false}, {60, true}};
  CHECK(*Patience(some) == Approx(60));
  std::mt19937 random(7);
  std::exponential_distribution<double> gives_up(1 / 100.0), is_answered(1 / 30.0);
  std::vector<Wait> waits;
  for (int i = 0; i < 20'000; ++i) {
    const double patience = gives_up(random), wait = is_answered(random);
    waits.push_back({std::min(patience, wait), patience < wait});
  }
  CHECK(*Patience(waits) == Approx(100).epsilon(0.05));
}

}  // namespace
}  // namespace sifa::hotline::routing
