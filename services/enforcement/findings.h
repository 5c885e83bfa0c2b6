// What judging has found, kept: the findings that stand and those that stood, each with the version that made it, and of each
// case what the rules say in one line. Rebuildable from the cases at any time, but for what stood before.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libs/casework/backend.h"
#include "libs/journal/verify.h"
#include "services/enforcement/judging.h"

namespace sifa::enforcement {

// The hook of the case's definition: what was typed is judged in the transaction of its act; what came in a file, by thousands,
// within seconds (JudgeWhatFellDue).
absl::Status JudgeAfterAct(const casework::Backend& backend, mysql::Connection& connection, const Case* before,
                           const Case& after);

// Judges again, at most `most`, the cases of which something was pending until a day before today: time does what no act does.
// How many.
absl::StatusOr<int> JudgeWhatFellDue(const casework::Backend& backend, int most);

// The cases of a division, or of an office, are judged again within seconds (JudgeWhatFellDue). Inside the caller's transaction.
absl::Status WantJudgedIn(mysql::Connection& connection, const std::string& region);
absl::Status WantJudgedAt(mysql::Connection& connection, const std::string& organisation_path);
// The hook of the registers' definitions: what they say has changed for the cases of the record's office.
template <class T>
absl::Status JudgeOfficeAgain(const casework::Backend&, mysql::Connection& connection, const T* before, const T& after) {
  if (before != nullptr && before->organisation_path() != after.organisation_path()) {
    RETURN_IF_ERROR(WantJudgedAt(connection, before->organisation_path()));
  }
  return WantJudgedAt(connection, after.organisation_path());
}

// What is in force, as it is in this transaction.
absl::StatusOr<RuleBook> BookInForce(const casework::Backend& backend, mysql::Connection& connection);

// Of a case: as it is judged now, or the findings as they stood at an instant.
absl::StatusOr<v1::CaseFindings> FindingsOf(const casework::Backend& backend, mysql::Connection& connection, const Id& case_id,
                                            std::optional<absl::Time> as_of);

// Which findings, which judgements. `scopes` as of ListQuery.
struct FindingQuery {
  std::vector<std::string> scopes;
  std::string organisation, region, rule;
  v1::Verdict verdict = v1::VERDICT_UNSPECIFIED;
  std::string until;
  Id before;  // page
  int limit = 50;
};
// Those that stand, the latest first; with the id of the last one, by which the next page begins, where there may be more.
absl::StatusOr<std::vector<v1::Finding>> ListFindings(const casework::Backend& backend, mysql::Connection& connection,
                                                      const FindingQuery& query, std::optional<Id>* last);
// How many cases have which packed verdicts.
absl::StatusOr<std::vector<std::pair<std::string, int64_t>>> CountVerdicts(mysql::Connection& connection,
                                                                           const FindingQuery& query);

// Findings and judgements that are not as they were kept here: for the verifier.
absl::Status VerifyFindings(const crypto::Keyring& keyring, mysql::Connection& connection,
                            std::vector<journal::Finding>* findings);

}  // namespace sifa::enforcement
