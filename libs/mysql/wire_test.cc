#include "libs/mysql/wire.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "libs/core/status.h"
#include "libs/mysql/connection.h"
#include "libs/mysql/error_codes.h"
#include "libs/testing/tcp_gate.h"
#include "libs/testing/test_database.h"

namespace sifa::mysql {
namespace {

using testing::TcpGate;
using testing::TestDatabase;

// How the server of `options` refuses a connection.
struct Attempt {
  absl::Status status;
  Refusal refusal;
};

Attempt TryToConnect(const Options& options) {
  Attempt attempt;
  attempt.status = ServerConnection::Open(options, &attempt.refusal).status();
  return attempt;
}

Options Impatient(const TcpGate& gate, const TestDatabase& database) {
  Options options = database.MigrationOptions();
  options.socket = gate.socket();
  options.connect_timeout = absl::Milliseconds(500);
  return options;
}

// Each piece comes in time, all of them do not: the connector would wait for each as long as for a statement.
void MakeSlow(TcpGate& gate) { gate.Delay(absl::Milliseconds(400)); }

}  // namespace

TEST_CASE("a server that greets and then says too little is away when the connect has lasted as long as it may") {
  TestDatabase database;
  TcpGate gate(testing::MariaServer::SharedSocket());
  MakeSlow(gate);
  const Attempt attempt = TryToConnect(Impatient(gate, database));
  CHECK(absl::IsUnavailable(attempt.status));
  CHECK(FailureOf(attempt.refusal.error) == Failure::kLost);
}

TEST_CASE("who waits behind a connect that hangs is told that the server is away, too") {
  TestDatabase database;
  TcpGate gate(testing::MariaServer::SharedSocket());
  gate.Blackhole();
  const Options options = Impatient(gate, database);
  std::vector<Attempt> attempts(8);
  std::vector<std::thread> callers;
  for (Attempt& attempt : attempts) callers.emplace_back([&] { attempt = TryToConnect(options); });
  for (std::thread& caller : callers) caller.join();
  for (const Attempt& attempt : attempts) {
    CHECK(ReasonOf(attempt.status) == "DATABASE_UNAVAILABLE");
    CHECK(FailureOf(attempt.refusal.error) == Failure::kLost);
  }
}

TEST_CASE("a connect that is cut leaves the connections alone that others have to the same server") {
  TestDatabase database;
  TcpGate gate(testing::MariaServer::SharedSocket());
  const Options options = Impatient(gate, database);
  auto other = ServerConnection::Open(options);
  REQUIRE(other.ok());
  MakeSlow(gate);
  CHECK_FALSE(TryToConnect(options).status.ok());
  gate.Pass();
  CHECK((*other)->Ping().ok());
}

}  // namespace sifa::mysql
