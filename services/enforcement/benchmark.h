// 行政处罚裁量基准: how an organ uses the band that an article leaves it, tier by tier, each with its grounds (行政处罚法
// §32–34). What a fine comes to in money says discretion.h.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/enforcement/v1/benchmark.pb.h"

namespace sifa::enforcement {

using v1::Benchmark;

extern const procedure::Procedure<Benchmark> kBenchmarkProcedure;
extern const casework::Amendments<Benchmark> kBenchmarkAmendments;
extern const casework::Definition<Benchmark> kBenchmark;

}  // namespace sifa::enforcement
