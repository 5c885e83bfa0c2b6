// The WHERE of a listing, with the values that stand for its question marks.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/core/organisation_path.h"
#include "libs/mysql/mysql.h"

namespace sifa::casework {

class Where {
 public:
  void And(std::string condition) { conditions_.push_back(std::move(condition)); }
  // One question mark, one value; texts are kept for the life of this object.
  void And(std::string condition, mysql::Value value) {
    And(std::move(condition));
    values_.push_back(value);
  }
  void And(std::string condition, std::initializer_list<mysql::Value> values) {
    And(std::move(condition));
    values_.insert(values_.end(), values);
  }
  void And(std::string condition, std::string text) { And(std::move(condition), Keep(std::move(text))); }

  void And(absl::string_view one, mysql::Value first, absl::string_view other, mysql::Value second) {
    And(absl::StrCat(one, other));
    values_.insert(values_.end(), {first, second});
  }

  void AndIn(absl::string_view column, const std::vector<std::string>& texts) {
    And(texts.empty() ? "FALSE" : absl::StrCat(column, " IN (", Holes(texts.size()), ")"));
    for (const std::string& text : texts) values_.push_back(Keep(text));
  }

  // Rows of the organisations that a caller reaches (ScopesOf); none where that is nothing. Objects o of the types in `further`
  // are also those of organisations that see them besides their own, which their terms say (object_index.h).
  void AndReach(absl::string_view column, const std::vector<std::string>& scopes, const std::vector<std::string>& further = {}) {
    std::vector<std::string> any;
    for (const std::string& scope : scopes) {
      const bool exact = absl::StartsWith(scope, "=");
      any.push_back(absl::StrCat(column, exact ? " = ?" : " LIKE ?"));
      values_.push_back(Keep(exact ? scope.substr(1) : scope + "%"));
    }
    const std::vector<std::string> below = BelowOf(scopes);
    if (!further.empty() && !below.empty()) {
      any.push_back(absl::StrCat("(o.type IN (", Holes(further.size()),
                                 ") AND EXISTS (SELECT 1 FROM term f FORCE INDEX (by_object)"
                                 " WHERE f.object_id = o.id AND f.kind = 'at' AND f.value IN (",
                                 Holes(below.size()), ")))"));
      for (const std::vector<std::string>* texts : {&further, &below}) {
        for (const std::string& text : *texts) values_.push_back(Keep(text));
      }
    }
    And(any.empty() ? "FALSE" : absl::StrCat("(", absl::StrJoin(any, " OR "), ")"));
  }

  std::string sql() const { return conditions_.empty() ? "" : absl::StrCat(" WHERE ", conditions()); }
  std::string conditions() const { return absl::StrJoin(conditions_, " AND "); }
  // Those of the conditions in their order, then `more` (LIMIT …).
  std::vector<mysql::Value> Values(std::initializer_list<mysql::Value> more = {}) const {
    std::vector<mysql::Value> all = values_;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

 private:
  static std::string Holes(size_t count) { return absl::StrJoin(std::vector<absl::string_view>(count, "?"), ","); }
  // The organisations with all below them, of scopes.
  static std::vector<std::string> BelowOf(const std::vector<std::string>& scopes) {
    std::vector<std::string> below;
    for (const std::string& scope : scopes) {
      if (absl::StartsWith(scope, "=")) continue;
      if (std::string code = LastOrganisationOf(scope); !code.empty()) below.push_back(std::move(code));
    }
    return below;
  }
  mysql::Value Keep(std::string text) {
    return mysql::Value(absl::string_view(kept_.emplace_back(std::move(text))));
  }

  std::vector<std::string> conditions_;
  std::vector<mysql::Value> values_;
  std::deque<std::string> kept_;
};

}  // namespace sifa::casework
