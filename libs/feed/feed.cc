#include "libs/feed/feed.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::feed {
namespace {

constexpr int kRounds = 100;  // of a Tick: then tokens are looked at again

using office::v1::Change;
using office::v1::FollowChangesRequest;
using office::v1::FollowChangesResponse;

bool Wants(const FollowChangesRequest& request, const Change& change) {
  if (!request.types().empty() && !absl::c_linear_search(request.types(), change.object_type())) return false;
  return request.organisation().empty() ||
         absl::StrContains(change.organisation_path(), absl::StrCat("/", request.organisation(), "/"));
}

}  // namespace

struct Feed::Subscriber {
  FollowChangesRequest request;
  std::shared_ptr<rpc::Outlet> outlet;
  int64_t position = 0;                        // up to which he has been told all
  absl::Time heard_at = absl::InfinitePast();  // of the last message
  absl::Time stuck_since = absl::InfiniteFuture();
  bool full = false;  // he takes nothing in this Tick
  bool lost = false;  // changes have passed him by: he is told so first

  bool Say(const FollowChangesResponse& message, absl::Time now) {
    if (!outlet->Offer(message)) {
      full = true;
      stuck_since = std::min(stuck_since, now);
      return false;
    }
    heard_at = now;
    stuck_since = absl::InfiniteFuture();
    return true;
  }
  bool SayPosition(absl::Time now, bool reset = false) {
    FollowChangesResponse message;
    message.set_position(position);
    message.set_reset(reset);
    return Say(message, now);
  }
};

Feed::Feed(mysql::Pool& pool, Translate translate, Limits limits)
    : pool_(pool),
      translate_(std::move(translate)),
      limits_(limits),
      open_(telemetry::Gauge("sifa_live_subscribers", "Streams of changes that are open")) {}

Feed::~Feed() = default;

absl::Status Feed::Subscribe(const FollowChangesRequest& request, std::shared_ptr<rpc::Outlet> outlet) {
  int64_t head = 0;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(head, journal::HeadPosition(connection));
    return absl::OkStatus();
  }));
  auto subscriber = std::make_unique<Subscriber>();
  subscriber->request = request;
  subscriber->outlet = std::move(outlet);
  subscriber->position = request.has_after_position() ? request.after_position() : head;
  // Ahead of the journal: of another database, or of what a restored one has lost.
  const bool reset = subscriber->position > head || head - subscriber->position > limits_.furthest;
  if (reset) subscriber->position = head;
  const std::string& account = subscriber->outlet->call().claims().sub();
  const absl::MutexLock lock(&mutex_);
  size_t& of_account = accounts_[account];
  if (count_ >= limits_.subscribers || of_account >= limits_.of_account) {
    if (of_account == 0) accounts_.erase(account);
    return Error(absl::StatusCode::kResourceExhausted, "LIVE_LIMIT_REACHED", "同时打开的实时动态过多，请关闭一些页面后再试");
  }
  ++of_account;
  open_.Set(static_cast<double>(++count_));
  subscriber->SayPosition(absl::InfinitePast(), reset);
  coming_.push_back(std::move(subscriber));
  return absl::OkStatus();
}

void Feed::TakeIn(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  for (const auto& subscriber : coming_) subscriber->heard_at = now;
  std::move(coming_.begin(), coming_.end(), std::back_inserter(subscribers_));
  coming_.clear();
}

void Feed::Sweep(absl::Time now) {
  const bool check = now - checked_at_ >= limits_.check;
  if (check) checked_at_ = now;
  for (const auto& subscriber : subscribers_) {
    rpc::Outlet& outlet = *subscriber->outlet;
    if (check) {
      if (const absl::Status good = outlet.CheckToken(); !good.ok()) outlet.End(good);
    }
    if (now - subscriber->stuck_since > limits_.patience) {
      outlet.End(Error(absl::StatusCode::kResourceExhausted, "LIVE_TOO_SLOW", "接收实时动态过慢，连接已断开"));
    }
  }
  const auto gone = std::stable_partition(subscribers_.begin(), subscribers_.end(),
                                          [](const auto& subscriber) { return !subscriber->outlet->over(); });
  if (gone == subscribers_.end()) return;
  const absl::MutexLock lock(&mutex_);
  for (auto at = gone; at != subscribers_.end(); ++at) {
    const auto account = accounts_.find((*at)->outlet->call().claims().sub());
    if (--account->second == 0) accounts_.erase(account);
    --count_;
  }
  open_.Set(static_cast<double>(count_));
  subscribers_.erase(gone, subscribers_.end());
}

absl::Status Feed::Tick(absl::Time now) {
  TakeIn(now);
  Sweep(now);
  for (const auto& subscriber : subscribers_) {
    subscriber->full = false;
    if (subscriber->lost && subscriber->SayPosition(now, /*reset=*/true)) subscriber->lost = false;
  }
  for (int round = 0; round < kRounds; ++round) {
    // Who is at the front is told first, whoever may be behind; these then come nearer by one batch.
    int64_t front = -1, last = -1;
    for (const auto& subscriber : subscribers_) {
      if (subscriber->full) continue;
      front = std::max(front, subscriber->position);
      last = last < 0 ? subscriber->position : std::min(last, subscriber->position);
    }
    if (front < 0) break;
    ASSIGN_OR_RETURN(bool more, Advance(front, now));
    if (last < front) {
      ASSIGN_OR_RETURN(const bool nearer, Advance(last, now));
      more = more || nearer;
    }
    if (!more) break;
  }
  int64_t front = 0;
  for (const auto& subscriber : subscribers_) front = std::max(front, subscriber->position);
  for (const auto& subscriber : subscribers_) {
    if (front - subscriber->position > limits_.furthest) {
      subscriber->position = front;
      subscriber->lost = true;
    }
    if (!subscriber->full && !subscriber->lost && now - subscriber->heard_at >= limits_.beat) subscriber->SayPosition(now);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Feed::Advance(int64_t after, absl::Time now) {
  std::vector<Told> told;
  int64_t end = 0;
  RETURN_IF_ERROR(pool_.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, journal::ReadSealed(connection, after, limits_.batch));
    end = rows.empty() ? 0 : rows.back().position;
    if (rows.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(told, translate_(connection, rows));
    return absl::OkStatus();
  }));
  if (end == 0) return false;
  for (const auto& subscriber : subscribers_) {
    if (subscriber->full || subscriber->position < after) continue;
    for (const Told& one : told) {
      if (one.position <= subscriber->position) continue;
      if (!Wants(subscriber->request, one.change) || !one.visible(subscriber->outlet->call())) continue;
      FollowChangesResponse message;
      message.set_position(one.position);
      *message.mutable_change() = one.change;
      if (!subscriber->Say(message, now)) break;
      subscriber->position = one.position;
    }
    if (!subscriber->full) subscriber->position = std::max(subscriber->position, end);
  }
  return true;
}

}  // namespace sifa::feed
