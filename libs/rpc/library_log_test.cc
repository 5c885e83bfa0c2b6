#include "libs/rpc/library_log.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>

#include "absl/strings/match.h"
#include "google/rpc/error_details.pb.h"
#include "libs/telemetry/log.h"

namespace sifa::rpc {
namespace {

// What standard error gets while a message with a text that is not UTF-8 is read.
std::string LoggedOfBrokenText() {
  std::FILE* file = std::tmpfile();
  const int saved = dup(STDERR_FILENO);
  dup2(fileno(file), STDERR_FILENO);
  const bool parsed = google::rpc::ErrorInfo().ParseFromString("\n\7dashan\xff");
  dup2(saved, STDERR_FILENO);
  close(saved);
  CHECK_FALSE(parsed);
  std::string text;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("protobuf's words are a line of our log, with the field and nothing of what is in it") {
  telemetry::StartLog("mediation", "info");
  LogLibraries();
  const std::string logged = LoggedOfBrokenText();
  CHECK(absl::StartsWith(logged, "{"));
  CHECK(absl::StrContains(logged, R"("event":"protobuf")"));
  CHECK(absl::StrContains(logged, "google.rpc.ErrorInfo.reason"));
  CHECK_FALSE(absl::StrContains(logged, "dashan"));
}

}  // namespace sifa::rpc
