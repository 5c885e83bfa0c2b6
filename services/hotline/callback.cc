#include "services/hotline/callback.h"

#include "libs/core/status.h"
#include "libs/procedure/instant.h"
#include "libs/statistics/counting.h"
#include "services/hotline/laws.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using procedure::Level;
using procedure::Row;

absl::Status Cancel(Callback& callback, const v1::CancelCallbackRequest&, const Act& act) {
  *callback.mutable_closed_at() = StampOf(act.now());
  return absl::OkStatus();
}

const Row<Callback> kRows[] = {
    {.act = Callback::OPEN_CALLBACK,
     .from = {Callback::STATE_UNSPECIFIED},
     .to = Callback::OPEN,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = Callback::ATTEMPT, .from = {Callback::OPEN}, .level = Level::kSystem, .law = kPlatform},
    {.act = Callback::REACH, .from = {Callback::OPEN}, .to = Callback::DONE, .level = Level::kSystem, .law = kPlatform},
    {.act = Callback::GIVE_UP, .from = {Callback::OPEN}, .to = Callback::UNREACHED, .level = Level::kSystem, .law = kPlatform},
    {.act = Callback::CALL_AGAIN,
     .from = {Callback::OPEN},
     .to = Callback::CALLED_AGAIN,
     .level = Level::kSystem,
     .law = kPlatform},
    // A bridge told late shows that he was answered after all.
    {.act = Callback::DROP, .from = {Callback::OPEN}, .to = Callback::NOT_NEEDED, .level = Level::kSystem, .law = kPlatform},
    {.act = Callback::CANCEL, .from = {Callback::OPEN}, .to = Callback::CANCELLED, .apply = Apply<Cancel>, .law = kPlatform},
};

casework::Index IndexOf(const Callback& callback) {
  casework::Index index{.terms = {{"centre", callback.centre()}}};
  if (callback.has_opened_at()) index.day = FormatDay(DayOf(TimeOf(callback.opened_at())));
  index.blind = {{"number", callback.number_called()}};
  if (callback.state() == Callback::OPEN) index.terms.push_back({"open", callback.centre()});
  return index;
}

absl::Status Narrow(const v1::ListCallbacksRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.centre().empty()) query->terms.push_back({"centre", r.centre()});
  if (!r.number_called().empty()) query->blind.push_back({"number", r.number_called()});
  return absl::OkStatus();
}

// 回拨 is counted on its own, never among the requests: on the quarter-hour in which it fell due.
std::optional<absl::Time> DueAt(const google::protobuf::Message& message) {
  const auto& callback = static_cast<const Callback&>(message);
  if (!callback.has_enters_at()) return std::nullopt;
  return TimeOf(callback.enters_at());
}
bool Due(const Callback&) { return true; }
bool Done(const Callback& c) { return c.state() == Callback::DONE; }
bool WithinAnHour(const Callback& c) { return Done(c) && TimeOf(c.closed_at()) - TimeOf(c.enters_at()) <= absl::Hours(1); }
bool Unreached(const Callback& c) { return c.state() == Callback::UNREACHED; }
bool CalledAgain(const Callback& c) { return c.state() == Callback::CALLED_AGAIN; }

template <auto f>
constexpr auto Number = &statistics::Number<Callback, f>;
constexpr statistics::Dimension kDimensions[] = {
    {"language", "语言", "hotline_language", "", &statistics::Text<Callback, [](const Callback& c) { return c.language(); }>}};
constexpr statistics::Measure kMeasures[] = {
    {"due", "应回拨数", "个", Number<Due>},
    {"done", "已回拨数", "个", Number<Done>},
    {"within_hour", "一小时内回拨数", "个", Number<WithinAnHour>},
    {"unreached", "未能接通数", "个", Number<Unreached>},
    {"called_again", "已再次来电数", "个", Number<CalledAgain>},
};
constexpr statistics::Ratio kRatios[] = {
    {"done_rate", "回拨率", "done", "due", 100, 2, "%", "分母为应回拨数"},
    {"hour_rate", "一小时内回拨率", "within_hour", "due", 100, 2, "%", "分母为应回拨数"},
};

}  // namespace

constexpr statistics::Cube kCallbacksCube = {.id = 4,
                                             .name = "hotline.callbacks",
                                             .label = "回拨",
                                             .at = DueAt,
                                             .dimensions = kDimensions,
                                             .measures = kMeasures,
                                             .ratios = kRatios,
                                             .each = "due",
                                             .finest = statistics::PeriodKind::kQuarterHour};
static_assert(IsSound(kCallbacksCube));

const procedure::Procedure<Callback> kCallbackProcedure = {
    .name = "回拨",
    .rows = kRows,
    .terminal = {Callback::DONE, Callback::UNREACHED, Callback::CALLED_AGAIN, Callback::NOT_NEEDED, Callback::CANCELLED,
                 Callback::VOIDED},
    .states = Callback::State_descriptor,
    .acts = Callback::Act_descriptor,
    .clock_kinds = Callback::Limit_descriptor,
    .papers = Callback::Document_descriptor,
};

const casework::Definition<Callback> kCallback = {
    .procedure = &kCallbackProcedure,
    .index = IndexOf,
    .cubes = {&kCallbacksCube},
    .list = casework::ListOf<Narrow>,
    .references = {{"centre", "Centre", "CENTRE_HAS_CALLBACKS", "该中心已有回拨记录，不能作废"}},
};

}  // namespace sifa::hotline
