#include "services/enforcement/schema.h"

#include "libs/evidence/evidence.h"

namespace sifa::enforcement {
namespace {

const mysql::Migration kSteps[] = {
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
    {3, "evidence", evidence::kTables},
    // Who told what of which party of which case (tellings.h). `source` is a batch, or the act of a clerk, whose content is then
    // in `body`.
    {4, "tellings", R"sql(
CREATE TABLE telling (
  source BINARY(16) NOT NULL,
  row_no INT NOT NULL,
  block INT NOT NULL,
  case_id BINARY(16) NOT NULL,
  entry BINARY(16) NOT NULL,
  digest BINARY(16) NOT NULL,
  data_date DATE NOT NULL,
  withdrawn TINYINT NOT NULL,
  body BLOB NULL,
  PRIMARY KEY (source, row_no),
  KEY by_case (case_id, source, row_no),
  KEY by_withdrawal (source, withdrawn, case_id)
);
CREATE TABLE batch_progress (
  batch BINARY(16) NOT NULL PRIMARY KEY,
  next_block INT NOT NULL
);
CREATE TABLE batch_block (
  batch BINARY(16) NOT NULL,
  block INT NOT NULL,
  with_findings INT NOT NULL,
  verdicts VARBINARY(4096) NOT NULL,
  PRIMARY KEY (batch, block)
)
)sql"},
};

}  // namespace

absl::Span<const mysql::Migration> Schema() { return kSteps; }

}  // namespace sifa::enforcement
