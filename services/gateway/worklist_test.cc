// The worklist over all services, as far as it is a matter of lists: services that page by their own tokens, merged and paged.
#include "services/gateway/worklist.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/core/status.h"

namespace sifa::gateway {
namespace {

using casework::v1::ListWorkRequest;
using casework::v1::ListWorkResponse;
using casework::v1::WorkItem;
using gateway::v1::ListAllWorkRequest;
using gateway::v1::ListAllWorkResponse;

// A service whose work lies in its order; a token is the place after an item.
struct Office {
  std::string name;
  std::vector<WorkItem> work;
  absl::Status status;

  ListWorkResponse List(const ListWorkRequest& request) const {
    ListWorkResponse page;
    const std::string& after = request.page_token();
    for (const WorkItem& item : work) {
      if (!after.empty() && absl::StrCat(item.due_on().empty() ? "9" : item.due_on(), item.object_id()) <= after) continue;
      if (page.items_size() == request.page_size()) {
        page.set_next_page_token(page.items().rbegin()->page_token_after());
        break;
      }
      *page.add_items() = item;
    }
    return page;
  }

  void Add(const std::string& due_on, const std::string& id) {
    WorkItem item;
    item.set_service(name);
    item.set_due_on(due_on);
    item.set_object_id(id);
    item.set_page_token_after(absl::StrCat(due_on.empty() ? "9" : due_on, id));
    work.push_back(item);
    std::sort(work.begin(), work.end(),
              [](const WorkItem& a, const WorkItem& b) { return a.page_token_after() < b.page_token_after(); });
  }
};

std::vector<contract::RegisteredService> Registered(const std::vector<Office>& offices) {
  std::vector<contract::RegisteredService> services;
  for (const Office& office : offices) services.push_back({office.name, absl::StrCat("业务", office.name)});
  return services;
}

absl::StatusOr<ListAllWorkResponse> PageOf(const std::vector<Office>& offices, const ListAllWorkRequest& request) {
  auto list = Worklist::Begin(request, Registered(offices));
  if (!list.ok()) return list.status();
  for (Worklist::Part& part : list->parts()) {
    const auto office = std::find_if(offices.begin(), offices.end(), [&](const Office& one) { return one.name == part.service; });
    part.status = office->status;
    if (part.status.ok()) part.response = office->List(part.request);
  }
  return list->Merge();
}

// Ids over all pages.
std::vector<std::string> Walk(
    std::vector<Office>& offices, int size, const std::function<void(int page)>& between = [](int) {}) {
  std::vector<std::string> ids;
  ListAllWorkRequest request;
  request.set_page_size(size);
  for (int page = 1;; ++page) {
    const auto answer = PageOf(offices, request);
    REQUIRE(answer.ok());
    REQUIRE(answer->items_size() <= size);
    for (const WorkItem& item : answer->items()) ids.push_back(item.object_id());
    if (answer->next_page_token().empty()) return ids;
    REQUIRE(answer->items_size() == size);
    request.set_page_token(answer->next_page_token());
    between(page);
  }
}

// Three services with many limits on the same days, and work without one.
std::vector<Office> Three() {
  std::vector<Office> offices = {{"a", {}, {}}, {"b", {}, {}}, {"c", {}, {}}};
  std::mt19937 random(7);
  for (int i = 0; i < 100; ++i) {
    const int day = static_cast<int>(random() % 12);
    offices[random() % 3].Add(day == 0 ? "" : absl::StrFormat("2024-09-%02d", day), absl::StrFormat("%03d", i));
  }
  return offices;
}

std::vector<std::string> InOrder(const std::vector<Office>& offices) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Office& office : offices)
    for (const WorkItem& item : office.work) all.emplace_back(item.page_token_after(), item.object_id());
  std::sort(all.begin(), all.end());
  std::vector<std::string> ids;
  for (const auto& [place, id] : all) ids.push_back(id);
  return ids;
}

}  // namespace

TEST_CASE("the work of all services comes by due date and id, what has no limit last, each once over pages of any size") {
  std::vector<Office> offices = Three();
  for (const int size : {1, 2, 7, 33, 99, 100, 200}) {
    INFO("pages of " << size);
    CHECK(Walk(offices, size) == InOrder(offices));
  }
  std::vector<Office> none;
  CHECK(Walk(none, 5).empty());
}

TEST_CASE("what is added and done while somebody pages is neither lost nor doubled") {
  std::vector<Office> offices = Three();
  const auto at_first = InOrder(offices);
  std::set<std::string> gone;
  int added = 0;
  const auto ids = Walk(offices, 9, [&](int page) {
    offices[page % 3].Add("2024-08-01", absl::StrCat("early", ++added));  // before what was read: seen when read again
    auto& work = offices[(page + 1) % 3].work;
    if (work.size() < 3) return;
    gone.insert(work[work.size() / 2].object_id());
    work.erase(work.begin() + static_cast<long>(work.size() / 2));
  });
  CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
  for (const std::string& id : at_first) {
    if (!gone.contains(id)) CHECK(std::count(ids.begin(), ids.end(), id) == 1);
  }
}

TEST_CASE("a service that refuses the caller is not there; one that fails is missing, and comes with a later page") {
  std::vector<Office> offices = Three();
  offices[1].status = Error(absl::StatusCode::kPermissionDenied, "PERMISSION_MISSING", "您的岗位没有此项权限");
  offices[2].status = Unavailable("SERVICE_UNAVAILABLE", "无法连接");
  ListAllWorkRequest request;
  request.set_page_size(10);
  const auto page = *PageOf(offices, request);
  CHECK(page.items_size() == 10);
  for (const WorkItem& item : page.items()) CHECK(item.service() == "a");
  REQUIRE(page.missing_size() == 1);
  CHECK(page.missing(0).service() == "c");
  CHECK(page.missing(0).label() == "业务c");
  offices[2].status = absl::OkStatus();
  request.set_page_token(page.next_page_token());
  const auto next = *PageOf(offices, request);
  CHECK(next.missing().empty());
  CHECK(next.items(0).object_id() == offices[2].work[0].object_id());
}

TEST_CASE("paging ends where only services that are missing may have more") {
  std::vector<Office> offices = Three();
  offices[0].status = absl::DeadlineExceededError("slow");
  const std::vector<std::string> expected = InOrder({offices[1], offices[2]});
  ListAllWorkRequest request;
  request.set_page_size(200);
  const auto page = *PageOf(offices, request);
  CHECK(page.items_size() == static_cast<int>(expected.size()));
  CHECK(page.next_page_token().empty());
  CHECK(page.missing_size() == 1);
}

TEST_CASE("a mistake of the caller's is the answer of the whole") {
  std::vector<Office> offices = Three();
  offices[1].status = Error(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED", "请重新登录");
  CHECK(ReasonOf(PageOf(offices, {}).status()) == "TOKEN_EXPIRED");
  offices[1].status = InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效");
  CHECK(ReasonOf(PageOf(offices, {}).status()) == "PAGE_TOKEN_INVALID");
}

TEST_CASE("a token of another list, of services that are not there, or made up is refused") {
  std::vector<Office> offices = Three();
  ListAllWorkRequest request;
  request.set_page_size(10);
  const std::string token = PageOf(offices, request)->next_page_token();
  const auto refused = [&](const std::string& with, ListWorkRequest::Kind kind = ListWorkRequest::TODO, bool mine = false) {
    ListAllWorkRequest r;
    r.set_kind(kind);
    r.set_mine(mine);
    r.set_page_token(with);
    return ReasonOf(PageOf(offices, r).status());
  };
  CHECK(refused(token).empty());
  CHECK(refused(token, ListWorkRequest::OVERDUE) == "PAGE_TOKEN_INVALID");
  CHECK(refused(token, ListWorkRequest::TODO, true) == "PAGE_TOKEN_INVALID");
  CHECK(refused("nonsense") == "PAGE_TOKEN_INVALID");
  CHECK(refused("!") == "PAGE_TOKEN_INVALID");
  gateway::v1::WorklistPlace empty, unknown;
  empty.set_mine(false);
  unknown.add_services()->set_name("d");
  CHECK(refused(absl::WebSafeBase64Escape(empty.SerializeAsString() + std::string("\x10\x00", 2))) == "PAGE_TOKEN_INVALID");
  CHECK(refused(absl::WebSafeBase64Escape(unknown.SerializeAsString())) == "PAGE_TOKEN_INVALID");
}

TEST_CASE("what was done and what has moved comes with the latest first") {
  const auto acted = [](const std::string& id, int64_t seconds) {
    WorkItem item;
    item.set_object_id(id);
    item.mutable_acted_at()->set_seconds(seconds);
    return item;
  };
  const auto moved = [](const std::string& id, const std::string& day) {
    WorkItem item;
    item.set_object_id(id);
    item.add_moved()->set_moved_on("2024-01-01");
    item.add_moved()->set_moved_on(day);
    return item;
  };
  const auto merged = [](ListWorkRequest::Kind kind, const std::vector<std::vector<WorkItem>>& lists) {
    ListAllWorkRequest request;
    request.set_kind(kind);
    auto list = *Worklist::Begin(request, {{"a", ""}, {"b", ""}});
    for (size_t i = 0; i < lists.size(); ++i)
      for (const WorkItem& item : lists[i]) *list.parts()[i].response.add_items() = item;
    std::string ids;
    const auto page = *list.Merge();
    for (const WorkItem& item : page.items()) ids += item.object_id();
    return ids;
  };
  CHECK(merged(ListWorkRequest::DONE, {{acted("1", 9), acted("2", 5)}, {acted("3", 7), acted("4", 5)}}) == "1342");
  CHECK(merged(ListWorkRequest::MOVED, {{moved("1", "2024-03-01")}, {moved("2", "2024-04-01"), moved("3", "2024-02-01")}}) ==
        "213");
}

}  // namespace sifa::gateway
