// A service of the tests in one process: its database, letters (testdata/caseworktest.proto), and who works with them. The clock
// stands at 2024-09-02 09:00 until a test moves it.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/casework/caseworktest.pb.h"
#include "libs/casework/casework.h"
#include "libs/casework/correction_procedure.h"
#include "libs/core/status.h"
#include "libs/statistics/counting.h"
#include "libs/statistics/schema.h"
#include "libs/testing/calls.h"
#include "libs/testing/casework_backend.h"
#include "libs/testing/streams.h"

namespace sifa::casework {

namespace test = caseworktest::v1;
using test::Letter;

extern const procedure::Procedure<Letter> kLetterProcedure;
extern const statistics::Cube kLettersCube;
extern const Definition<Letter> kLetter;
ServiceDefinition Letters();

// The value, or the test ends with the error.
template <class T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) FAIL(result.status());
  return *std::move(result);
}

class Desk {
 public:
  using Claims = identity::v1::TokenClaims;

  Desk();

  const Backend& backend() const { return *office.backend; }
  rpc::Call Call(const std::string& method, const Claims& claims, const std::string& purpose = "") const {
    return calls.Of("/sifa.caseworktest.v1." + method, claims, purpose);
  }
  rpc::Call OfficeCall(const std::string& method, const Claims& claims, const std::string& purpose = "") const {
    return calls.Of("/sifa.office.v1." + method, claims, purpose);
  }
  // With `found` as the path of the organisation, which is asked for before the transaction.
  absl::StatusOr<Letter> Receive(const test::ReceiveLetterRequest& r, const absl::StatusOr<std::string>& found);
  Letter Receive(const std::string& subject = "问路");
  absl::StatusOr<Letter> Edit(const test::EditLetterRequest& r, const absl::StatusOr<Id>& found);
  absl::StatusOr<Letter> Reply(const Letter& letter);
  absl::StatusOr<Letter> Reply(const test::ReplyLetterRequest& r);
  Letter Reload(const Letter& letter);
  // The journal's actions on an object, oldest first.
  std::vector<std::string> Actions(const std::string& id);
  int64_t Count(const std::string& sql);
  // What the check of the journal says once everything is sealed, in one line each.
  std::string Findings();
  // An id as SQL has it.
  static std::string Sql(const std::string& id);

  static constexpr char kCountyPath[] = "/33/3307/330783/";
  static constexpr char kOfficePath[] = "/33/3307/330783/O1/";
  testing::CaseworkBackend office;
  testing::Calls calls;
  Casework<Letter> letters;
  Casework<Correction> corrections;
  std::vector<const ObjectType*> types;
  Claims clerk, head, supervisor, stranger;
  testing::TempDir anchors{"sifa-anchor"};
};

}  // namespace sifa::casework
