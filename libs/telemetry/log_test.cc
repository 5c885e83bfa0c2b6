#include "libs/telemetry/log.h"

#include <simdjson.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "libs/core/status.h"
#include "libs/telemetry/trace.h"

namespace sifa::telemetry {
namespace {

// Lines written to standard error while `write` ran.
std::vector<std::string> LinesOf(const std::function<void()>& write) {
  std::FILE* file = std::tmpfile();
  const int saved = dup(STDERR_FILENO);
  dup2(fileno(file), STDERR_FILENO);
  write();
  dup2(saved, STDERR_FILENO);
  close(saved);
  std::string text;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

std::string FieldOf(const std::string& line, const char* key) {
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  if (parser.parse(line).get(object) != simdjson::SUCCESS) return "(not JSON)";
  std::string_view value;
  if (object[key].get(value) != simdjson::SUCCESS) return "(missing)";
  return std::string(value);
}

}  // namespace

TEST_CASE("a line is one JSON object with time, level, service, event and fields") {
  StartLog("mediation", "info");
  const auto lines = LinesOf([] { Info("case_accepted", {{"case", "01ABC"}, {"count", "3"}}); });
  REQUIRE(lines.size() == 1);
  CHECK(FieldOf(lines[0], "level") == "info");
  CHECK(FieldOf(lines[0], "service") == "mediation");
  CHECK(FieldOf(lines[0], "event") == "case_accepted");
  CHECK(FieldOf(lines[0], "case") == "01ABC");
  CHECK(FieldOf(lines[0], "count") == "3");
  CHECK(FieldOf(lines[0], "time").size() == 24);
  CHECK(FieldOf(lines[0], "trace_id") == "(missing)");
}

TEST_CASE("the trace of the call being handled is on the line") {
  StartLog("mediation", "info");
  const TraceContext trace = NewTrace();
  const TraceScope scope(trace);
  const auto lines = LinesOf([] { Warn("slow"); });
  REQUIRE(lines.size() == 1);
  CHECK(FieldOf(lines[0], "trace_id") == trace.trace_id);
  CHECK(FieldOf(lines[0], "span_id") == trace.span_id);
}

TEST_CASE("whatever a value holds, the line stays one line and parses") {
  StartLog("mediation", "info");
  const std::pair<std::string, std::string> cases[] = {
      {"a\"b\\c\n\r\t", "a\"b\\c\n\r\t"},
      {std::string("\0\x01\x1f\x7f", 4), std::string("\0\x01\x1f\x7f", 4)},
      {"调解 🙂", "调解 🙂"},
      {"x\xff", "x\uFFFD"},
      {"\xc0\xaf", "\uFFFD\uFFFD"},                      // overlong
      {"\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD"},            // surrogate
      {"\xf4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // above U+10FFFF
      {"cut \xe8\xb0", "cut \uFFFD\uFFFD"},
      {"cut \xf0\x9f\x99", "cut \uFFFD\uFFFD\uFFFD"},
      {"{}", "{}"},  // not a format
  };
  for (const auto& [given, expected] : cases) {
    const auto lines = LinesOf([&, value = given] { Info("odd", {{"value", value}}); });
    REQUIRE(lines.size() == 1);
    CHECK(FieldOf(lines[0], "value") == expected);
  }
}

TEST_CASE("a field does not hide a part of the line") {
  StartLog("mediation", "info");
  const auto lines = LinesOf([] { Info("true_event", {{"event", "other"}}); });
  REQUIRE(lines.size() == 1);
  CHECK(FieldOf(lines[0], "event") == "true_event");
  CHECK(FieldOf(lines[0], "event_") == "other");
}

TEST_CASE("lines below the level are not written, and an unknown level means info") {
  StartLog("mediation", "warn");
  CHECK(LinesOf([] { Debug("d"), Info("i"), Warn("w"), Error("e"); }).size() == 2);
  const auto lines = LinesOf([] { StartLog("mediation", "loud"), Debug("d"), Info("i"); });
  REQUIRE(lines.size() == 2);
  CHECK(FieldOf(lines[0], "event") == "log_level_unknown");
}

TEST_CASE(
    "an error is logged with code and reason, and with its message only where no citizen's words can be in "
    "it") {
  StartLog("mediation", "info");
  CHECK(LinesOf([] { ErrorIf("save", absl::OkStatus()); }).empty());
  auto lines = LinesOf([] { ErrorIf("save", sifa::NotFound("案件张三")); });
  REQUIRE(lines.size() == 1);
  CHECK(FieldOf(lines[0], "level") == "error");
  CHECK(FieldOf(lines[0], "code") == "NOT_FOUND");
  CHECK(FieldOf(lines[0], "reason") == "NOT_FOUND");
  CHECK(FieldOf(lines[0], "message") == "(missing)");
  lines = LinesOf([] { ErrorIf("save", sifa::Internal("row without body")); });
  REQUIRE(lines.size() == 1);
  CHECK(FieldOf(lines[0], "message") == "row without body");
}

TEST_CASE("lines of many threads do not mix") {
  StartLog("mediation", "info");
  const auto lines = LinesOf([] {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 200; ++i) Info("busy", {{"value", std::string(500, 'x')}});
      });
    }
    for (auto& thread : threads) thread.join();
  });
  REQUIRE(lines.size() == 800);
  for (const auto& line : lines) REQUIRE(FieldOf(line, "value").size() == 500);
}

}  // namespace sifa::telemetry
