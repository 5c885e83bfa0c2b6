#include "services/mediation/schema.h"

namespace sifa::mediation {
namespace {

// Committees of before `unique_term`; where an organisation has two, the older one keeps it.
constexpr mysql::Migration kSteps[] = {
    {1, "one committee to an organisation", R"sql(
INSERT INTO unique_term (type, kind, value, object_id, holder)
  SELECT t.type, t.kind, t.value, MIN(t.object_id), '' FROM term t JOIN object o ON o.id = t.object_id
  WHERE t.type = 'Committee' AND t.kind = 'organisation' AND o.open = 1 GROUP BY t.type, t.kind, t.value
)sql"},
    // Where two came to have one word, the newer committee keeps it.
    {2, "one committee to a case word in its county", R"sql(
INSERT IGNORE INTO unique_term (type, kind, value, object_id, holder)
  SELECT t.type, t.kind, CONCAT(LEFT(o.region, 6), '/', t.value), t.object_id, o.organisation
  FROM term t JOIN object o ON o.id = t.object_id
  WHERE t.type = 'Committee' AND t.kind = 'case_word' ORDER BY t.object_id DESC;
DELETE FROM term WHERE type = 'Committee' AND kind = 'case_word'
)sql"},
};

}  // namespace

absl::Span<const mysql::Migration> Schema() { return kSteps; }

}  // namespace sifa::mediation
