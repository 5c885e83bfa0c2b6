// What the hotline counts of its work orders (law §5.5): orders by the day on which they came, and what became of them; visits
// due by the day on which somebody was dissatisfied.
#include "libs/statistics/counting.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<WorkOrder, f>;
template <auto f>
constexpr auto Number = &statistics::Number<WorkOrder, f>;

std::string ReceivedOn(const WorkOrder& o) { return o.received_on(); }
std::string DissatisfiedOn(const WorkOrder& o) { return o.dissatisfied_on(); }

std::string Channel(const WorkOrder& o) { return o.channel(); }
std::string Topic(const WorkOrder& o) { return o.matter().topic(); }
std::string Target(const WorkOrder& o) { return o.target(); }
std::string SpecialGroup(const WorkOrder& o) { return o.caller().special_group(); }

bool One(const WorkOrder&) { return true; }
bool Routed(const WorkOrder& o) { return !o.routed_on().empty(); }
bool Closed(const WorkOrder& o) { return o.state() == WorkOrder::CLOSED; }
bool Repeat(const WorkOrder& o) { return !o.repeat_of().empty(); }
bool Returned(const WorkOrder& o) { return o.returns_size() > 0; }
bool Supervised(const WorkOrder& o) { return o.supervisions_size() > 0; }
bool Reopened(const WorkOrder& o) { return o.reopenings() > 0; }

// The visit that answered the dissatisfaction.
const v1::OrderVisit* VisitDue(const WorkOrder& o) {
  for (const auto& visit : o.visits()) {
    if (visit.on() >= o.dissatisfied_on()) return &visit;
  }
  return nullptr;
}
bool Visited(const WorkOrder& o) { return VisitDue(o) != nullptr; }
bool VisitedInTime(const WorkOrder& o) { return Visited(o) && !VisitDue(o)->late(); }
bool Reconciled(const WorkOrder& o) { return Visited(o) && !IsDissatisfied(VisitDue(o)->satisfaction()); }

constexpr Dimension kDimensions[] = {
    {"channel", "渠道", "hotline_channel", "", Text<Channel>},
    {"topic", "事项类别", "hotline_topic", "", Text<Topic>},
    {"target", "承办类别", "hotline_target", "", Text<Target>},
    {"special_group", "优先人群", "hotline_special_group", "", Text<SpecialGroup>},
};
constexpr Measure kOrders[] = {
    {"orders", "工单数", "件", Number<One>},
    {"on_spot", "即时答复数", "件", Number<IsAnsweredOnSpot>},
    {"routed", "转办数", "件", Number<Routed>},
    {"returned", "被退回数", "件", Number<Returned>},
    {"supervised", "督办数", "件", Number<Supervised>},
    {"reopened", "重新办理数", "件", Number<Reopened>},
    {"repeats", "重复工单数", "件", Number<Repeat>},
    {"closed", "办结数", "件", Number<Closed>},
};
constexpr Ratio kOrderRatios[] = {
    {"on_spot", "一次办结率", "on_spot", "orders", 100, 2, "%", "分母为工单数"},
    {"closed", "办结率", "closed", "orders", 100, 2, "%", "分母为工单数"},
};
constexpr Measure kVisits[] = {
    {"due", "应回访数", "件", Number<One>},
    {"visited", "已回访数", "件", Number<Visited>},
    {"in_time", "期限内回访数", "件", Number<VisitedInTime>},
    {"reconciled", "回访后满意数", "件", Number<Reconciled>},
};
constexpr Ratio kVisitRatios[] = {
    {"visited", "回访率", "visited", "due", 100, 2, "%", "分母为应回访数，即评价为不满意的工单数"},
    {"in_time", "及时回访率", "in_time", "due", 100, 2, "%", "分母为应回访数"},
};

}  // namespace

constexpr Cube kWorkOrdersCube = {.id = 11,
                                  .name = "hotline.orders",
                                  .label = "话务工单",
                                  .day = Text<ReceivedOn>,
                                  .dimensions = kDimensions,
                                  .measures = kOrders,
                                  .ratios = kOrderRatios,
                                  .each = "orders",
                                  .share_of = "orders"};
constexpr Cube kVisitsCube = {.id = 12,
                              .name = "hotline.visits",
                              .label = "不满意回访",
                              .day = Text<DissatisfiedOn>,
                              .dimensions = kDimensions,
                              .measures = kVisits,
                              .ratios = kVisitRatios,
                              .each = "due"};
static_assert(IsSound(kWorkOrdersCube) && IsSound(kVisitsCube));

}  // namespace sifa::hotline
