#include "libs/statistics/schema.h"

namespace sifa::statistics {

#define SIFA_CELL_COLUMNS                                                                     \
  "d0 VARBINARY(24) NOT NULL DEFAULT '', d1 VARBINARY(24) NOT NULL DEFAULT '',\n"             \
  "d2 VARBINARY(24) NOT NULL DEFAULT '', d3 VARBINARY(24) NOT NULL DEFAULT '',\n"             \
  "d4 VARBINARY(24) NOT NULL DEFAULT '', d5 VARBINARY(24) NOT NULL DEFAULT '',\n"             \
  "d6 VARBINARY(24) NOT NULL DEFAULT '', d7 VARBINARY(24) NOT NULL DEFAULT '',\n"             \
  "m0 BIGINT, m1 BIGINT, m2 BIGINT, m3 BIGINT, m4 BIGINT, m5 BIGINT, m6 BIGINT, m7 BIGINT,\n" \
  "m8 BIGINT, m9 BIGINT, m10 BIGINT, m11 BIGINT, m12 BIGINT, m13 BIGINT, m14 BIGINT, m15 BIGINT"
#define SIFA_COUNTER_COLUMNS                                                               \
  "cube_number SMALLINT NOT NULL, shape TINYINT NOT NULL, period_kind TINYINT NOT NULL,\n" \
  "period_start BIGINT NOT NULL, place VARBINARY(255) NOT NULL,\n" SIFA_CELL_COLUMNS
#define SIFA_COUNTER_KEY "cube_number, shape, period_kind, period_start, place, d0, d1, d2, d3, d4, d5, d6, d7"

// The key of counters has the period before the place and the level inside it (place.h): a year of one place
// or of all its children is a few short ranges. Measures that a cube does not have are NULL and take no room.
const mysql::Migration kSchema[] = {
    {1, "statistics", R"sql(
CREATE TABLE statistics_generation (
  id TINYINT NOT NULL PRIMARY KEY,
  living INT NOT NULL
);
INSERT INTO statistics_generation (id, living) VALUES (1, 1);
CREATE TABLE statistics_counter (
  generation INT NOT NULL,
  )sql" SIFA_COUNTER_COLUMNS R"sql(,
  PRIMARY KEY (generation, )sql" SIFA_COUNTER_KEY R"sql()
);
CREATE TABLE statistics_snapshot (
  generation INT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (generation, position)
);
CREATE TABLE statistics_snapshot_counter (
  generation INT NOT NULL,
  position BIGINT NOT NULL,
  )sql" SIFA_COUNTER_COLUMNS R"sql(,
  PRIMARY KEY (generation, position, )sql" SIFA_COUNTER_KEY R"sql()
);
CREATE TABLE statistics_contribution (
  generation INT NOT NULL,
  cube_number SMALLINT NOT NULL,
  month INT NOT NULL,
  region BIGINT NOT NULL,
  position BIGINT NOT NULL,
  ordinal INT NOT NULL,
  day DATE NOT NULL,
  quarter_hour TINYINT NOT NULL,
  organisation_path VARBINARY(255) NOT NULL,
  object_id BINARY(16) NOT NULL,
  )sql" SIFA_CELL_COLUMNS R"sql(,
  PRIMARY KEY (generation, cube_number, month, region, position, ordinal),
  KEY by_organisation (generation, cube_number, month, organisation_path),
  KEY by_object (generation, cube_number, month, object_id),
  KEY by_position (generation, cube_number, position)
);
CREATE TABLE statistics_rebuild (
  id BINARY(16) NOT NULL PRIMARY KEY,
  running TINYINT,
  replaces TINYINT NOT NULL,
  begun BINARY(16),
  definition BIGINT NOT NULL DEFAULT 0,
  generation INT NOT NULL DEFAULT 0,
  position BIGINT NOT NULL DEFAULT 0,
  goal BIGINT NOT NULL DEFAULT 0,
  started_at DATETIME(6) NOT NULL,
  ended_at DATETIME(6),
  problem VARCHAR(300) NOT NULL DEFAULT '',
  report MEDIUMBLOB,
  UNIQUE KEY one_at_a_time (running)
);
CREATE TABLE statistics_report (
  id BINARY(16) NOT NULL PRIMARY KEY,
  name VARCHAR(200) NOT NULL,
  organisation_path VARBINARY(255) NOT NULL,
  query BLOB NOT NULL,
  answer LONGBLOB NOT NULL,
  position BIGINT NOT NULL,
  digest BINARY(32) NOT NULL,
  created_by VARCHAR(40) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  request_id VARCHAR(80) NOT NULL,
  UNIQUE KEY by_request (created_by, request_id),
  KEY by_organisation (organisation_path, id)
);
)sql"},
    {2, "reports are filed once by the request that the journal keeps", R"sql(
ALTER TABLE statistics_report DROP KEY by_request, DROP COLUMN request_id;
)sql"},
    {3, "by which cubes the living generation was counted", R"sql(
ALTER TABLE statistics_generation ADD COLUMN definition BIGINT NOT NULL DEFAULT 0;
)sql"},
};
const size_t kSchemaSteps = std::size(kSchema);

}  // namespace sifa::statistics
