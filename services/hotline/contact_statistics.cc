// What the hotline counts of its calls (law §5.5). A contact belongs to the quarter-hour in which it entered the queue, and is
// exactly one of answered, abandoned, message, callback asked, overflowed, lost or still open. Wait runs from the queue to the
// bridge. Targets are those of its day, kept with the contact.
#include "absl/strings/str_cat.h"
#include "libs/procedure/instant.h"
#include "libs/statistics/counting.h"
#include "services/hotline/contact.h"

namespace sifa::hotline {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Contact, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Contact, f>;

std::optional<absl::Time> QueuedAt(const google::protobuf::Message& message) {
  const auto& c = static_cast<const Contact&>(message);
  if (!Asked(c)) return std::nullopt;
  return TimeOf(c.queued_at());
}

std::string Channel(const Contact& c) { return c.channel(); }
std::string Language(const Contact& c) { return c.language(); }
std::string Group(const Contact& c) { return c.group_code(); }
std::string Agent(const Contact& c) { return c.agent_number(); }
std::string Topic(const Contact& c) { return c.topic(); }

// How long somebody waited who gave up.
absl::Duration PatienceOf(const Contact& c) { return TimeOf(c.ended_at()) - TimeOf(c.queued_at()); }
bool WaitedAtMost(const Contact& c, int64_t ms) {
  const auto wait = WaitOf(c);
  return wait.has_value() && *wait <= absl::Milliseconds(ms);
}

bool Request(const Contact&) { return true; }
// Also while it lasts: who talks has been answered.
bool Answered(const Contact& c) {
  return c.has_bridged_at() && (c.outcome() == Contact::ANSWERED || c.outcome() == Contact::OUTCOME_UNSPECIFIED);
}
template <Contact::Outcome kOutcome>
bool Ended(const Contact& c) {
  return c.outcome() == kOutcome;
}
bool Open(const Contact& c) { return c.outcome() == Contact::OUTCOME_UNSPECIFIED && !c.has_bridged_at(); }
bool Within(const Contact& c) { return Answered(c) && WaitedAtMost(c, c.target_ms()); }
bool WithinNational(const Contact& c) { return Answered(c) && WaitedAtMost(c, c.national_ms()); }
bool Short(const Contact& c) { return Ended<Contact::ABANDONED>(c) && PatienceOf(c) < absl::Milliseconds(c.short_ms()); }
bool NotShort(const Contact& c) { return !Short(c); }
bool Settled(const Contact& c) { return Answered(c) || Ended<Contact::ABANDONED>(c); }
bool SettledWithin(const Contact& c) {
  return Within(c) || (Ended<Contact::ABANDONED>(c) && PatienceOf(c) <= absl::Milliseconds(c.target_ms()));
}
int64_t WaitMs(const Contact& c) { return Answered(c) ? absl::ToInt64Milliseconds(*WaitOf(c)) : 0; }
int64_t TalkMs(const Contact& c) {
  return Answered(c) && c.has_ended_at() ? absl::ToInt64Milliseconds(TimeOf(c.ended_at()) - TimeOf(c.bridged_at())) : 0;
}

constexpr Dimension kDimensions[] = {
    {"channel", "渠道", "hotline_channel", "", Text<Channel>},
    {"language", "语言", "hotline_language", "", Text<Language>},
    {"group", "坐席组", "", "", Text<Group>},
    {"agent", "坐席", "", "", Text<Agent>},
    {"topic", "事项类别", "hotline_topic", "", Text<Topic>},
};
constexpr Measure kMeasures[] = {
    {"requests", "转人工请求数", "个", Number<Request>},
    {"answered", "接通数", "个", Number<Answered>},
    {"abandoned", "放弃数", "个", Number<Ended<Contact::ABANDONED>>},
    {"messages", "留言数", "个", Number<Ended<Contact::MESSAGE>>},
    {"callbacks_asked", "要求回拨数", "个", Number<Ended<Contact::CALLBACK_ASKED>>},
    {"overflowed", "溢出数", "个", Number<Ended<Contact::OVERFLOWED>>},
    {"lost", "中断数", "个", Number<Ended<Contact::LOST>>},
    {"open", "尚无结果数", "个", Number<Open>},
    {"within", "时限内接通数", "个", Number<Within>},
    {"short", "短时放弃数", "个", Number<Short>},
    {"offered", "除短时放弃外的请求数", "个", Number<NotShort>},
    {"settled", "接通与放弃数", "个", Number<Settled>},
    {"settled_within", "时限内接通与放弃数", "个", Number<SettledWithin>},
    {"within_national", "国家时限内接通数", "个", Number<WithinNational>},
    {"wait_ms", "接通等待时长", "毫秒", Number<WaitMs>},
    {"talk_ms", "通话时长", "毫秒", Number<TalkMs>},
};
constexpr Ratio kRatios[] = {
    {"answer_rate", "接通率", "answered", "requests", 100, 2, "%", "分母为转人工请求数"},
    {"abandon_rate", "放弃率", "abandoned", "requests", 100, 2, "%", "分母为转人工请求数"},
    {"sl_answered", "服务水平（接通）", "within", "answered", 100, 2, "%", "时限内接通数除以接通数"},
    {"sl_offered", "服务水平", "within", "offered", 100, 2, "%", "分母为除短时放弃外的请求数"},
    {"sl_all", "服务水平（全部请求）", "within", "requests", 100, 2, "%", "时限内接通数除以转人工请求数"},
    {"sl2", "服务水平（含时限内放弃）", "settled_within", "settled", 100, 2, "%", "时限内接通与放弃数除以接通与放弃数"},
    {"national", "国家标准及时接通率", "within_national", "requests", 100, 2, "%", "15秒内接通数除以转人工请求数"},
    {"asa", "平均等待时长", "wait_ms", "answered", 1, 0, "毫秒", "接通等待时长除以接通数"},
    {"aht", "平均通话时长", "talk_ms", "answered", 1, 0, "毫秒", "通话时长除以接通数"},
};

// Bounds of the histogram of waiting, from which percentiles are read.
constexpr int64_t kBounds[] = {1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600};  // seconds
std::string Bucket(const Contact& c) {
  const auto wait = WaitOf(c);
  if (!wait.has_value()) return "";
  for (const int64_t bound : kBounds) {
    if (*wait <= absl::Seconds(bound)) return absl::StrCat(bound);
  }
  return "600+";
}
constexpr Dimension kWaitingDimensions[] = {
    {"waited", "等待不超过（秒）", "", "", Text<Bucket>},
    {"channel", "渠道", "hotline_channel", "", Text<Channel>},
    {"group", "坐席组", "", "", Text<Group>},
};
constexpr Measure kWaitingMeasures[] = {{"requests", "转人工请求数", "个", Number<Request>},
                                        {"answered", "接通数", "个", Number<Answered>}};

}  // namespace

std::optional<absl::Duration> WaitOf(const Contact& c) {
  if (!c.has_queued_at() || !c.has_bridged_at()) return std::nullopt;
  return TimeOf(c.bridged_at()) - TimeOf(c.queued_at());
}

constexpr Cube kContactsCube = {.id = 2,
                                .name = "hotline.contacts",
                                .label = "来电",
                                .at = QueuedAt,
                                .dimensions = kDimensions,
                                .measures = kMeasures,
                                .ratios = kRatios,
                                .each = "requests",
                                .share_of = "requests",
                                .finest = statistics::PeriodKind::kQuarterHour};
static_assert(IsSound(kContactsCube));

constexpr Cube kWaitingCube = {.id = 3,
                               .name = "hotline.waiting",
                               .label = "等待时长分布",
                               .at = QueuedAt,
                               .dimensions = kWaitingDimensions,
                               .measures = kWaitingMeasures,
                               .each = "requests",
                               .share_of = "answered",
                               .finest = statistics::PeriodKind::kQuarterHour};
static_assert(IsSound(kWaitingCube));

}  // namespace sifa::hotline
