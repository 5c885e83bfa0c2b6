#include "services/gateway/worklist.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/escaping.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::gateway {
namespace {

using casework::v1::ListWorkRequest;
using casework::v1::WorkItem;
using gateway::v1::WorklistPlace;

constexpr int kDefaultPage = 50;

absl::Status BadToken() { return InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询"); }

std::string LatestMove(const WorkItem& item) {
  std::string latest;
  for (const auto& moved : item.moved()) latest = std::max(latest, moved.moved_on());
  return latest;
}

// The end of the item's next limit; where it has none, after all.
absl::Time EndOf(const WorkItem& item) {
  if (item.has_due_at()) return absl::FromUnixSeconds(item.due_at().seconds());
  absl::CivilDay day;
  return ParseDay(item.due_on(), &day) ? absl::FromCivil(day + 1, ChinaTime()) : absl::InfiniteFuture();
}

// Whether `a` stands before `b`, as each service sorts its own list.
bool Before(ListWorkRequest::Kind kind, const WorkItem& a, const WorkItem& b) {
  switch (kind) {
    case ListWorkRequest::DONE:
      return std::tuple(a.acted_at().seconds(), a.acted_at().nanos(), a.object_id()) >
             std::tuple(b.acted_at().seconds(), b.acted_at().nanos(), b.object_id());
    case ListWorkRequest::MOVED:
      return std::tuple(LatestMove(a), a.object_id()) > std::tuple(LatestMove(b), b.object_id());
    default:
      return std::tuple(EndOf(a), a.object_id()) < std::tuple(EndOf(b), b.object_id());
  }
}

bool RefusesCaller(const absl::Status& status) { return absl::IsPermissionDenied(status) || absl::IsNotFound(status); }

// The caller's own mistake, which is the answer of the whole.
bool IsOfCaller(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsUnauthenticated(status) || absl::IsFailedPrecondition(status);
}

bool HasMore(const Worklist::Part& part, int taken) {
  if (RefusesCaller(part.status)) return false;
  return !part.status.ok() || taken < part.response.items_size() || !part.response.next_page_token().empty();
}

}  // namespace

absl::StatusOr<Worklist> Worklist::Begin(const gateway::v1::ListAllWorkRequest& request,
                                         const std::vector<contract::RegisteredService>& services) {
  const auto is_known = [&](const WorklistPlace::Service& one) {
    return std::any_of(services.begin(), services.end(), [&](const auto& service) { return service.name == one.name(); });
  };
  WorklistPlace place;
  if (std::string bytes; !request.page_token().empty()) {
    if (!absl::WebSafeBase64Unescape(request.page_token(), &bytes) || !place.ParseFromString(bytes)) return BadToken();
    if (place.kind() != request.kind() || place.mine() != request.mine()) return BadToken();
    if (place.services().empty() || !std::all_of(place.services().begin(), place.services().end(), is_known)) return BadToken();
  }
  Worklist list;
  list.request_ = request;
  for (const contract::RegisteredService& service : services) {
    const auto at = std::find_if(place.services().begin(), place.services().end(),
                                 [&](const WorklistPlace::Service& one) { return one.name() == service.name; });
    if (at != place.services().end() && at->ended()) {
      list.ended_.push_back(service.name);
      continue;
    }
    Part& part = list.parts_.emplace_back();
    part.service = service.name;
    part.label = service.label;
    part.request.set_kind(request.kind());
    part.request.set_mine(request.mine());
    part.request.set_counts(request.counts());
    part.request.set_page_size(request.page_size() == 0 ? kDefaultPage : request.page_size());
    if (at != place.services().end()) part.request.set_page_token(at->page_token());
  }
  return list;
}

Worklist::Taken Worklist::Take(gateway::v1::ListAllWorkResponse* page) const {
  Taken taken(parts_.size(), 0);
  const int size = request_.page_size() == 0 ? kDefaultPage : request_.page_size();
  while (page->items_size() < size) {
    const WorkItem* first = nullptr;
    size_t from = 0;
    for (size_t i = 0; i < parts_.size(); ++i) {
      if (taken[i] == parts_[i].response.items_size()) continue;
      const WorkItem& head = parts_[i].response.items(taken[i]);
      if (first != nullptr && !Before(request_.kind(), head, *first)) continue;
      first = &head;
      from = i;
    }
    if (first == nullptr) break;
    *page->add_items() = *first;
    ++taken[from];
  }
  return taken;
}

// Empty where only services that are missing may have more: the next page would be as empty as this one.
std::string Worklist::TokenAfter(const Taken& taken) const {
  WorklistPlace place;
  place.set_kind(request_.kind());
  place.set_mine(request_.mine());
  for (const std::string& name : ended_) {
    auto* at = place.add_services();
    at->set_name(name);
    at->set_ended(true);
  }
  bool more = false;
  for (size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    auto* at = place.add_services();
    at->set_name(part.service);
    at->set_page_token(taken[i] == 0 ? part.request.page_token() : part.response.items(taken[i] - 1).page_token_after());
    at->set_ended(!HasMore(part, taken[i]));
    more = more || (part.status.ok() && !at->ended());
  }
  return more ? absl::WebSafeBase64Escape(place.SerializeAsString()) : "";
}

absl::StatusOr<gateway::v1::ListAllWorkResponse> Worklist::Merge() const {
  gateway::v1::ListAllWorkResponse page;
  for (const Part& part : parts_) {
    if (IsOfCaller(part.status)) return part.status;
    if (!part.status.ok() && !RefusesCaller(part.status)) {
      auto* missing = page.add_missing();
      missing->set_service(part.service);
      missing->set_label(part.label);
    }
    page.mutable_counts()->MergeFrom(part.response.counts());
  }
  page.set_next_page_token(TokenAfter(Take(&page)));
  return page;
}

}  // namespace sifa::gateway
