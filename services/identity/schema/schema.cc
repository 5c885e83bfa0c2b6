#include "services/identity/schema/schema.h"

namespace sifa::identity {
namespace {

constexpr mysql::Migration kSchema[] = {
    {1, "identity", R"sql(
CREATE TABLE organisation (
  code VARCHAR(40) NOT NULL PRIMARY KEY,
  object_id BINARY(16) NOT NULL,
  parent_code VARCHAR(40) NOT NULL,
  dissolved TINYINT NOT NULL,
  KEY by_parent (parent_code)
);
CREATE TABLE login (
  name VARCHAR(40) NOT NULL PRIMARY KEY,
  account_id BINARY(16) NOT NULL,
  UNIQUE KEY by_account (account_id)
);
CREATE TABLE known_network (
  account_id BINARY(16) NOT NULL,
  network BINARY(16) NOT NULL,
  last_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account_id, network),
  KEY by_age (last_at)
);
CREATE TABLE session (
  id BINARY(16) NOT NULL PRIMARY KEY,
  account_id BINARY(16) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  last_used_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6) NULL,
  nonce BINARY(16) NOT NULL,
  seal BINARY(16) NOT NULL,
  KEY by_account (account_id, ended_at),
  KEY by_age (expires_at)
);
CREATE TABLE revocation (
  position BIGINT NOT NULL PRIMARY KEY,
  account_id BINARY(16) NULL,
  session_id BINARY(16) NULL,
  before_second BIGINT NOT NULL,
  seal BINARY(16) NOT NULL,
  KEY by_account (account_id, before_second)
);
CREATE TABLE token_key (
  id VARCHAR(40) NOT NULL PRIMARY KEY,
  created_at DATETIME(6) NOT NULL,
  private_pem BLOB NOT NULL
);
)sql"},
    {2, "tickets of live streams", R"sql(
CREATE TABLE live_ticket (
  id BINARY(16) NOT NULL PRIMARY KEY,
  account_id BINARY(16) NOT NULL,
  holder BINARY(16) NOT NULL,
  held_until DATETIME(6) NOT NULL,
  good_until DATETIME(6) NOT NULL,
  KEY by_account (account_id, held_until),
  KEY by_age (good_until)
);
)sql"},
};

}  // namespace

absl::Span<const mysql::Migration> Schema() { return kSchema; }

}  // namespace sifa::identity
