#include "libs/casework/organisation_names.h"

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "libs/rpc/channel.h"
#include "sifa/identity/v1/organisation.pb.h"

namespace sifa::casework {
namespace {

constexpr absl::Duration kFresh = absl::Minutes(1);
constexpr absl::Duration kAgain = absl::Seconds(5);  // where identity did not answer
constexpr absl::Duration kPatience = absl::Milliseconds(500);

// Of "/33/3307/330783/" "330783".
std::string CodeOf(const std::string& path) {
  const std::vector<std::string> steps = absl::StrSplit(path, '/', absl::SkipEmpty());
  return steps.empty() ? "" : steps.back();
}

}  // namespace

std::string OrganisationNames::Of(const std::string& path) {
  const absl::Time now = absl::Now();
  {
    const absl::MutexLock lock(&mutex_);
    const auto found = by_path_.find(path);
    if (found != by_path_.end() && now < found->second.until) return found->second.name;
  }
  identity::v1::ResolveOrganisationRequest request;
  request.set_code(CodeOf(path));
  identity::v1::ResolvedOrganisation resolved;
  const absl::Status asked =
      rpc::Invoke(*identity_, "/sifa.identity.v1.OrganisationService/ResolveOrganisation", request, &resolved, kPatience);
  const bool answered = asked.ok() || absl::IsNotFound(asked);
  const absl::MutexLock lock(&mutex_);
  Known& known = by_path_[path];
  if (answered) known.name = resolved.name();
  known.until = now + (answered ? kFresh : kAgain);
  return known.name;
}

}  // namespace sifa::casework
