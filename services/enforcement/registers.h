// The registers at which cases are judged: officers, bases, benchmarks, delegations of all agencies, by what a case says of them.
// Reads on the connection that it is given, each thing once. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/casework/backend.h"
#include "libs/casework/objects.h"
#include "libs/casework/store.h"

namespace sifa::enforcement {

class Registers {
 public:
  Registers(const casework::Backend& backend, mysql::Connection& connection) : backend_(backend), connection_(connection) {}

  // Records that are judged by as though they had been published.
  std::set<std::string> proposed;

  // All of the type that are found by the term, the newest first. Lives as long as the registers.
  template <class T>
  absl::StatusOr<std::vector<const T*>> Find(const casework::Term& term) {
    ASSIGN_OR_RETURN(const auto* stored, FindStored(backend_.objects->Of<T>(), term));
    std::vector<const T*> found;
    for (const casework::Stored& one : *stored) found.push_back(static_cast<const T*>(one.object.get()));
    return found;
  }

 private:
  using All = std::vector<casework::Stored>;
  absl::StatusOr<const All*> FindStored(const casework::ObjectType& type, const casework::Term& term) {
    const auto key = std::make_pair(type.name, term);
    if (const auto known = known_.find(key); known != known_.end()) return &known->second;
    casework::ListQuery query;
    query.scopes = {"/"};
    query.terms = {term};
    query.limit = 200;
    ASSIGN_OR_RETURN(auto found, backend_.store.List(connection_, type, query));
    return &known_.emplace(key, std::move(found)).first->second;
  }

  const casework::Backend& backend_;
  mysql::Connection& connection_;
  std::map<std::pair<std::string, casework::Term>, All> known_;
};

}  // namespace sifa::enforcement
