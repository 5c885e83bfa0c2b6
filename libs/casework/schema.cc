#include "libs/casework/store.h"

namespace sifa::casework {

// Of an object everything but the body is an index. Each list has a stretch of a key of its own: by_number, by_state, by_day,
// by_parent, the worklists by_due and by_assignee, and the terms; by_list holds what else a list asks of an object, so that the
// row with its body is read only where it is shown. Of an object's limits the columns are written by the watcher, too, for the
// bodies are encrypted.
const mysql::Migration kSchema[] = {
    {1, "objects", R"sql(
CREATE TABLE object (
  id BINARY(16) NOT NULL PRIMARY KEY,
  type VARCHAR(40) NOT NULL,
  version BIGINT NOT NULL,
  state SMALLINT NOT NULL,
  open TINYINT NOT NULL,
  organisation VARCHAR(40) NOT NULL,
  organisation_path VARCHAR(255) NOT NULL,
  region VARCHAR(12) NOT NULL,
  number VARCHAR(80) NULL,
  parent BINARY(16) NULL,
  assignee VARCHAR(40) NOT NULL,
  day DATE NULL,
  due_on DATE NULL,
  due_at DATETIME(6) NULL,
  due_end DATETIME(6) NULL,
  due_clock VARCHAR(40) NOT NULL,
  provisional TINYINT NOT NULL,
  unsettled TINYINT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  link VARBINARY(32) NOT NULL,
  body LONGBLOB NOT NULL,
  UNIQUE KEY by_number (type, number, organisation),
  KEY by_list (type, id, state, open, day, assignee, region, organisation_path),
  KEY by_state (type, state, id),
  KEY by_day (type, day, id),
  KEY by_parent (parent, type, id, open),
  KEY by_due (open, due_end, id, type, organisation_path, due_clock, provisional, due_on, due_at),
  KEY by_assignee (assignee, open, due_end, id, type, organisation_path, due_clock, provisional, due_on, due_at),
  KEY by_unsettled (unsettled, id)
);
CREATE TABLE term (
  type VARCHAR(40) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  value VARBINARY(64) NOT NULL,
  object_id BINARY(16) NOT NULL,
  PRIMARY KEY (type, kind, value, object_id),
  KEY by_object (object_id)
);
CREATE TABLE request (
  caller VARCHAR(40) NOT NULL,
  method VARCHAR(120) NOT NULL,
  request_id VARBINARY(64) NOT NULL,
  digest BINARY(32) NOT NULL,
  journal_id BINARY(16) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (caller, method, request_id),
  KEY by_age (created_at)
);
CREATE TABLE counter (
  name VARCHAR(80) NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);
CREATE TABLE attachment (
  id BINARY(16) NOT NULL PRIMARY KEY,
  object_id BINARY(16) NOT NULL,
  state TINYINT NOT NULL,
  version BIGINT NOT NULL,
  meta BLOB NOT NULL,
  created_at DATETIME(6) NOT NULL,
  KEY by_object (object_id, id),
  KEY by_state (state, created_at)
);
CREATE TABLE attachment_chunk (
  attachment_id BINARY(16) NOT NULL,
  sequence INT NOT NULL,
  name BINARY(16) NOT NULL,
  PRIMARY KEY (attachment_id, sequence),
  KEY by_name (name)
);
CREATE TABLE chunk (
  name BINARY(16) NOT NULL PRIMARY KEY,
  body LONGBLOB NOT NULL
);
CREATE TABLE clock_watch (
  object_id BINARY(16) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  look_at DATETIME(6) NOT NULL
);
CREATE TABLE clock_notice (
  object_id BINARY(16) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  due_on DATE NOT NULL,
  due_at DATETIME(6) NULL,
  colour TINYINT NOT NULL,
  PRIMARY KEY (object_id, kind)
);
CREATE TABLE settled_calendar (
  id TINYINT NOT NULL PRIMARY KEY,
  version VARCHAR(16) NOT NULL
);
CREATE TABLE unique_term (
  type VARCHAR(40) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  value VARBINARY(64) NOT NULL,
  object_id BINARY(16) NOT NULL,
  holder VARBINARY(64) NOT NULL,
  PRIMARY KEY (type, kind, value),
  KEY by_object (object_id)
);
CREATE TABLE term_revision (
  id TINYINT NOT NULL PRIMARY KEY,
  revision INT NOT NULL
);
INSERT INTO term_revision (id, revision) VALUES (1, 1);
)sql"},
};
const size_t kSchemaSteps = std::size(kSchema);

}  // namespace sifa::casework
