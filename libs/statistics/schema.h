// The tables of statistics in a service's schema.
//
// statistics_contribution is a ledger: each sealed act that changed what an object counts adds rows of after
// minus before, never changed again. Sums over it give any figure at any position; its rows are the records
// behind a figure. statistics_counter holds the same sums ready, by period, place and class. Both are readings
// of the journal; a rebuild writes a new generation beside the living one and then takes its place.
#pragma once

#include "libs/mysql/mysql.h"

namespace sifa::statistics {

// The name of the follower (journal::Follower) that keeps the counters; its position is that of every figure.
inline constexpr char kFollowerName[] = "statistics";

// Which classes a counter's row is about.
inline constexpr int kTotalShape = 0;
constexpr int SingleShape(int dimension) { return dimension + 1; }
inline constexpr int kFullShape = 100;

extern const mysql::Migration kSchema[];
extern const size_t kSchemaSteps;

}  // namespace sifa::statistics
