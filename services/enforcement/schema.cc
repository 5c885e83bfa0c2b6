#include "services/enforcement/schema.h"

namespace sifa::enforcement {
namespace {

constexpr mysql::Migration kSteps[] = {
    {1, "the keys that sign officers' codes", R"sql(
CREATE TABLE officer_key (
  id VARCHAR(40) NOT NULL PRIMARY KEY,
  created_at DATETIME(6) NOT NULL,
  private_pem BLOB NOT NULL
)
)sql"},
    // until_on: the last day of what is pending; empty: nothing is; a day long past: to be judged again.
    {2, "what is found of cases, the figures of rules in force, and what others would change", R"sql(
CREATE TABLE finding (
  id BINARY(16) NOT NULL PRIMARY KEY,
  case_id BINARY(16) NOT NULL,
  rule_id VARCHAR(8) NOT NULL,
  verdict TINYINT NOT NULL,
  organisation_path VARCHAR(255) NOT NULL,
  region VARCHAR(12) NOT NULL,
  until_on VARCHAR(10) NOT NULL,
  judged_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6),
  body BLOB NOT NULL,
  KEY by_case (case_id, ended_at),
  KEY by_rule (rule_id, ended_at, id)
);
CREATE TABLE judgement (
  case_id BINARY(16) NOT NULL PRIMARY KEY,
  organisation_path VARCHAR(255) NOT NULL,
  region VARCHAR(12) NOT NULL,
  judged_at DATETIME(6) NOT NULL,
  verdicts VARCHAR(64) NOT NULL,
  until_on VARCHAR(10) NOT NULL,
  body BLOB NOT NULL,
  KEY by_until (until_on),
  KEY by_place (organisation_path, verdicts)
);
CREATE TABLE rule_book (
  rule_set BINARY(16) NOT NULL PRIMARY KEY,
  approved_at DATETIME(6) NOT NULL,
  changes BLOB NOT NULL
);
CREATE TABLE rule_difference (
  id BINARY(16) NOT NULL PRIMARY KEY,
  rule_set BINARY(16) NOT NULL,
  case_id BINARY(16) NOT NULL,
  entry_key VARCHAR(64) NOT NULL,
  rule_id VARCHAR(8) NOT NULL,
  newly TINYINT NOT NULL,
  organisation VARCHAR(40) NOT NULL,
  body BLOB NOT NULL,
  KEY by_set (rule_set, id)
)
)sql"},
};

}  // namespace

absl::Span<const mysql::Migration> Schema() { return kSteps; }

}  // namespace sifa::enforcement
