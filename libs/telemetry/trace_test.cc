#include "libs/telemetry/trace.h"

#include <catch2/catch.hpp>
#include <thread>

namespace sifa::telemetry {

constexpr char kHeader[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST_CASE("a traceparent is read and written again unchanged") {
  const TraceContext context = ParseTraceparent(kHeader);
  CHECK(context.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736");
  CHECK(context.span_id == "00f067aa0ba902b7");
  CHECK(context.sampled);
  CHECK(context.ToTraceparent() == kHeader);
  CHECK_FALSE(ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").sampled);
}

TEST_CASE("a later version is read by the part that is known") {
  CHECK(ParseTraceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-new").span_id ==
        "00f067aa0ba902b7");
}

TEST_CASE("a malformed traceparent starts a fresh trace") {
  for (const char* bad : {
           "",
           "00",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",       // upper case
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",       // no trace
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",       // no span
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",       // forbidden version
           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",  // too long for version 00
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       }) {
    const TraceContext fresh = ParseTraceparent(bad);
    CHECK(fresh.trace_id != "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(ParseTraceparent(fresh.ToTraceparent()).trace_id == fresh.trace_id);
  }
}

TEST_CASE("a child keeps the trace and has a span of its own") {
  const TraceContext parent = NewTrace();
  const TraceContext child = parent.Child();
  CHECK(child.trace_id == parent.trace_id);
  CHECK(child.span_id != parent.span_id);
  CHECK(child.span_id.size() == 16);
  CHECK(NewTrace().trace_id != parent.trace_id);
}

TEST_CASE("scopes nest, end, survive a temporary and stay on their thread") {
  CHECK(CurrentTrace() == nullptr);
  {
    const TraceScope outer(NewTrace());
    const std::string id = CurrentTrace()->trace_id;
    CHECK(id.size() == 32);
    {
      const TraceScope inner(ParseTraceparent(kHeader));
      CHECK(CurrentTrace()->span_id == "00f067aa0ba902b7");
      std::thread([] { CHECK(CurrentTrace() == nullptr); }).join();
    }
    CHECK(CurrentTrace()->trace_id == id);
  }
  CHECK(CurrentTrace() == nullptr);
}

}  // namespace sifa::telemetry
