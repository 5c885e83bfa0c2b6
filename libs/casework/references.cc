#include "libs/casework/references.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/where.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

constexpr const char* kStandings[] = {"open", "done", "void"};
constexpr Standing kAll[] = {Standing::kOpen, Standing::kDone, Standing::kVoided};

std::string KindOf(const Reference& reference, Standing standing) {
  return absl::StrCat(reference.field, ":", kStandings[static_cast<int>(standing)]);
}

std::optional<Standing> StandingOf(const ObjectType& type, const Message& object) {
  const Common common = type.common(object);
  if (procedure::NameOf(type.states, common.state) == "VOIDED") {
    return common.number.empty() ? std::nullopt : std::optional(Standing::kVoided);
  }
  return type.terminal.Has(common.state) ? Standing::kDone : Standing::kOpen;
}

// A kind of standing on the objects of one type.
struct Way {
  const ObjectType* type;
  const Reference* reference;
  Standing standing;
};

std::vector<Way> WaysTo(const Backend& backend, const ObjectType& type) {
  std::vector<Way> ways;
  for (const ObjectType* from : backend.objects->types()) {
    for (const Reference& reference : from->references) {
      if (reference.to != type.name) continue;
      for (const Standing standing : kAll) ways.push_back({from, &reference, standing});
    }
  }
  return ways;
}

// Those in which some object stands on this one; one look into the index for each.
absl::StatusOr<std::vector<Way>> Taken(mysql::Connection& connection, const std::vector<Way>& ways, const Id& object) {
  std::vector<Way> taken;
  if (ways.empty()) return taken;
  std::vector<std::string> looks, kinds;
  std::vector<mysql::Value> values;
  kinds.reserve(ways.size());
  for (size_t i = 0; i < ways.size(); ++i) {
    looks.push_back(absl::StrCat("(SELECT ", i, " AS way FROM term WHERE type = ? AND kind = ? AND value = ? LIMIT 1)"));
    values.insert(values.end(), {ways[i].type->name, kinds.emplace_back(KindOf(*ways[i].reference, ways[i].standing)), object});
  }
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrJoin(looks, " UNION ALL "), values));
  for (const auto& row : rows) taken.push_back(ways[row.Int(0)]);
  return taken;
}

// Who stands on one of `targets` in one of the ways named: columns object, target, state.
absl::StatusOr<mysql::Rows> Standers(mysql::Connection& connection, const ObjectType& type, const std::vector<std::string>& ways,
                                     const std::vector<Id>& targets) {
  Where where;
  where.And("t.type = ?", type.name);
  where.AndIn("t.kind", ways);
  std::vector<std::string> values;
  for (const Id& target : targets) values.emplace_back(target.AsBytes());
  where.AndIn("t.value", values);
  return connection.Query(absl::StrCat("SELECT t.object_id, t.value, o.state FROM term t JOIN object o ON o.id = t.object_id",
                                       where.sql(), " ORDER BY t.object_id"),
                          where.Values());
}

std::vector<std::string> WaysOf(const ObjectType& type, const std::string& to, std::initializer_list<Standing> standings) {
  std::vector<std::string> ways;
  for (const Reference& reference : type.references) {
    if (reference.to != to) continue;
    for (const Standing standing : standings) ways.push_back(KindOf(reference, standing));
  }
  return ways;
}

std::vector<Id> FirstColumn(const mysql::Rows& rows) {
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.AsId(0));
  return ids;
}

}  // namespace

std::vector<Term> ReferenceTerms(const ObjectType& type, const Message& object) {
  std::vector<Term> terms;
  const auto standing = type.references.empty() ? std::nullopt : StandingOf(type, object);
  if (!standing) return terms;
  for (const Reference& reference : type.references) {
    const auto* field = object.GetDescriptor()->FindFieldByName(reference.field);
    const auto id = ParseId(object.GetReflection()->GetString(object, field));
    if (id.ok()) terms.push_back({KindOf(reference, *standing), std::string(id->AsBytes())});
  }
  return terms;
}

absl::StatusOr<std::set<std::string>> StandingOn(const Backend& backend, mysql::Connection& connection, const ObjectType& type,
                                                 const Id& object) {
  std::set<std::string> standing;
  ASSIGN_OR_RETURN(const auto taken, Taken(connection, WaysTo(backend, type), object));
  for (const Way& way : taken) standing.insert(absl::StrCat(way.type->name, ":", kStandings[static_cast<int>(way.standing)]));
  return standing;
}

absl::StatusOr<bool> StandsOn(mysql::Connection& connection, const ObjectType& type, const std::string& field,
                              const std::string& target) {
  ASSIGN_OR_RETURN(const Id id, ParseId(target));
  const Reference reference{field, ""};
  ASSIGN_OR_RETURN(const auto taken,
                   Taken(connection, {{&type, &reference, Standing::kOpen}, {&type, &reference, Standing::kDone}}, id));
  return !taken.empty();
}

absl::StatusOr<std::vector<Id>> IdsOn(mysql::Connection& connection, const ObjectType& type, const std::string& to, const Id& target) {
  ASSIGN_OR_RETURN(const auto rows, Standers(connection, type, WaysOf(type, to, {Standing::kOpen, Standing::kDone}), {target}));
  return FirstColumn(rows);
}

absl::StatusOr<std::vector<Id>> OpenOn(mysql::Connection& connection, const ObjectType& type, const std::string& field,
                                       const Id& target) {
  ASSIGN_OR_RETURN(const auto rows, Standers(connection, type, {KindOf({.field = field, .to = ""}, Standing::kOpen)}, {target}));
  return FirstColumn(rows);
}

absl::StatusOr<std::set<Id>> HeadsOf(mysql::Connection& connection, const ObjectType& type, const std::string& to,
                                     procedure::States states, const std::vector<Id>& targets) {
  ASSIGN_OR_RETURN(const auto rows, Standers(connection, type, WaysOf(type, to, {Standing::kOpen}), targets));
  std::set<Id> heads;
  for (const auto& row : rows) {
    if (states.Has(static_cast<int>(row.Int(2)))) heads.insert(row.AsId(1));
  }
  return heads;
}

absl::Status RequireNothingStands(const Backend& backend, mysql::Connection& connection, const ObjectType& type,
                                  const Id& object) {
  ASSIGN_OR_RETURN(const auto taken, Taken(connection, WaysTo(backend, type), object));
  for (const Way& way : taken) {
    if (!way.reference->reason.empty())
      return Error(absl::StatusCode::kFailedPrecondition, way.reference->reason, way.reference->sentence);
  }
  return absl::OkStatus();
}

}  // namespace sifa::casework
