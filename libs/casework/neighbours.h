// Other objects that the acts of one transaction look at. Each is read once for all of them: cases that come at once are mostly
// of a few committees.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/objects.h"
#include "libs/core/status.h"

namespace sifa::casework {

// Of one transaction and its thread. Borrows backend and connection.
class Neighbours {
 public:
  Neighbours(const Backend& backend, mysql::Connection& connection) : backend_(backend), connection_(connection) {}

  const Backend& backend() const { return backend_; }
  mysql::Connection& connection() const { return connection_; }
  template <class T>
  const ObjectType& TypeOf() const {
    return backend_.objects->Of<T>();
  }

  // An object as it is, whatever the actor's reach; NOT_FOUND where it is not there. With kShared nobody changes it before the
  // transaction ends.
  template <class T>
  absl::StatusOr<T> Load(const std::string& id_text, Lock lock = Lock::kNone) {
    ASSIGN_OR_RETURN(const Id id, ParseId(id_text));
    auto seen = seen_.find(id);
    if (seen == seen_.end() || seen->second.lock < lock) {
      ASSIGN_OR_RETURN(Stored stored, Read(TypeOf<T>(), id, lock));
      seen = seen_.insert_or_assign(id, Seen{lock, std::move(stored.object)}).first;
    }
    return static_cast<const T&>(*seen->second.object);
  }

  // Reads what will be asked for in one statement; what is not there is refused when it is asked for.
  template <class T>
  absl::Status LoadAhead(const std::vector<std::string>& id_texts, Lock lock) {
    std::set<Id> ids;
    for (const std::string& text : id_texts) {
      if (const auto id = ParseId(text); id.ok()) ids.insert(*id);
    }
    ASSIGN_OR_RETURN(auto found, backend_.store.LoadMany(connection_, TypeOf<T>(), {ids.begin(), ids.end()}, lock));
    for (auto& [id, stored] : found) seen_.insert_or_assign(id, Seen{lock, std::move(stored.object)});
    return absl::OkStatus();
  }

  // Locked to be changed: it is read anew by whoever looks at it afterwards. All changes of other objects begin here.
  absl::StatusOr<Stored> LoadToChange(const ObjectType& type, const std::string& id_text) {
    ASSIGN_OR_RETURN(const Id id, ParseId(id_text));
    seen_.erase(id);
    return Read(type, id, Lock::kExclusive);
  }

 private:
  struct Seen {
    Lock lock;
    std::unique_ptr<google::protobuf::Message> object;
  };

  absl::StatusOr<Stored> Read(const ObjectType& type, const Id& id, Lock lock) const {
    ASSIGN_OR_RETURN(auto stored, backend_.store.Load(connection_, type, id, lock));
    if (!stored) return NotFound(type.label);
    return *std::move(stored);
  }

  const Backend& backend_;
  mysql::Connection& connection_;
  std::map<Id, Seen> seen_;
};

}  // namespace sifa::casework
