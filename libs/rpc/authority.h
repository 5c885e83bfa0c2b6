// Who may do what: roles and peers from their files. Immutable after Load; thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sifa/casework/v1/roles.pb.h"

namespace sifa::rpc {

class Authority {
 public:
  // Reads roles.textproto and peers.textproto of `directory`; unknown fields and double names refuse.
  static absl::StatusOr<Authority> Load(const std::string& directory);

  bool RoleHolds(absl::string_view role, absl::string_view permission) const;
  const casework::v1::Role* FindRole(absl::string_view role) const;
  // `service`: a method that services alone call, without a person's token.
  bool PeerMayCall(absl::string_view peer, absl::string_view path, bool service) const;
  const casework::v1::RoleCatalogue& roles() const { return catalogue_; }

 private:
  casework::v1::RoleCatalogue catalogue_;
  std::map<std::string, const casework::v1::Role*> by_name_;
  std::map<std::string, casework::v1::Peer> peers_;
};

// "mediation.*" covers "mediation.case.accept".
bool Covers(absl::string_view pattern, absl::string_view permission);

}  // namespace sifa::rpc
