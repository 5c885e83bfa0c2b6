#include <algorithm>

#include "libs/procedure/clocks.h"
#include "services/hotline/laws.h"
#include "services/hotline/work_order.h"
#include "services/hotline/work_order_acts.h"

namespace sifa::hotline {
namespace {

using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;
using procedure::Start;

constexpr int kReturnsToDecide = 2;  // an order returned so often is the centre's to decide about

absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}
absl::CivilDay AcceptedOn(const WorkOrder& o) { return DayIn(o.accepted_on()); }
absl::CivilDay SuperviseOn(const WorkOrder& o) { return DayIn(o.supervise_on()); }
absl::CivilDay ExtendedUntil(const WorkOrder& o) { return DayIn(o.extended_until()); }

bool IsMessage(const WorkOrder& o) { return o.channel() == kByMessage; }
bool IsStillDissatisfied(const WorkOrder& o) {
  return o.visits_size() > 0 && IsDissatisfied(o.visits(o.visits_size() - 1).satisfaction());
}
// Rated badly, and not called back since.
bool IsUnvisited(const WorkOrder& o) {
  return !o.dissatisfied_on().empty() && std::none_of(o.visits().begin(), o.visits().end(), [&](const v1::OrderVisit& visit) {
    return visit.on() >= o.dissatisfied_on();
  });
}
bool IsUnsettled(const WorkOrder& o) {
  return o.state() == WorkOrder::CREATED || o.state() == WorkOrder::RETURNED || o.state() == WorkOrder::REOPENED;
}

const Guard<WorkOrder> kRecorded = {"记录", "ORDER_NOT_RECORDED", "尚未记录诉求事项，应当先行记录", kPlatform,
                                    [](const WorkOrder& o, const Facts&) { return o.has_matter(); }};
// 公证、司法鉴定、仲裁、律师 are paid for: whoever calls is told of them and chooses himself (law §5.4 H3).
const Guard<WorkOrder> kNotToPaidService = {
    "转办", "PAID_SERVICE_GUIDANCE_ONLY", "公证、司法鉴定、仲裁、律师等收费服务只能引导，由来电人自行选择，不能转办", kPlatform,
    [](const WorkOrder& o, const Facts&) {
      return o.target() != kToNotary && o.target() != kToAppraisal && o.target() != kToArbitration && o.target() != kToLawyer;
    }};
const Guard<WorkOrder> kNotToPolice = {"转办", "EMERGENCY_BY_CALL", "紧急情况应当立即将来电转接110，不能以工单转办", kPlatform,
                                       [](const WorkOrder& o, const Facts&) { return o.target() != kToPolice; }};
// An application names who applies (人民调解工作若干规定 §23).
const Guard<WorkOrder> kNamed = {"移送", "CALLER_UNNAMED", "移送调解应当记录申请人的姓名", kPlatform,
                                 [](const WorkOrder& o, const Facts&) { return !o.caller().name().empty(); }};
const Guard<WorkOrder> kAgentRoutes = {"退回", "CENTRE_DECIDES", "该工单已两次被退回，应当由热线中心指定承办单位", kPlatform,
                                       [](const WorkOrder& o, const Facts&) { return o.returns_size() < kReturnsToDecide; }};
const Guard<WorkOrder> kCentreDecides = {"退回", "NOT_RETURNED_TWICE", "该工单未满两次退回，由坐席人员转办", kPlatform,
                                         [](const WorkOrder& o, const Facts&) { return o.returns_size() >= kReturnsToDecide; }};
const Guard<WorkOrder> kNotDesignated = {"退回", "ORDER_DESIGNATED", "该工单由热线中心指定承办，不能退回", kPlatform,
                                         [](const WorkOrder& o, const Facts&) { return !o.designated(); }};
const Guard<WorkOrder> kMayStillReturn = {
    "退回", "RETURN_TOO_LATE", "退回期限已过，应当签收办理", kPlatform, [](const WorkOrder& o, const Facts& facts) {
      const auto* limit = procedure::FindClock(o.clocks(), WorkOrder::Limit_Name(WorkOrder::RETURN_BY));
      return limit == nullptr || !procedure::IsPast(*limit, facts.act_day);
    }};
const Guard<WorkOrder> kNotExtended = {"延期", "ALREADY_EXTENDED", "办理期限只能延长一次", kPlatform,
                                       [](const WorkOrder& o, const Facts&) { return o.extended_until().empty(); }};
const Guard<WorkOrder> kOfSource = {"来源平台", "NO_SOURCE_ORDER", "该工单不是其他平台转来的", kPlatform,
                                    [](const WorkOrder& o, const Facts&) { return !o.source_number().empty(); }};
// What 12345 sent is answered there.
const Guard<WorkOrder> kSourceAnswered = {
    "来源平台", "SOURCE_NOT_ANSWERED", "其他平台转来的工单应当先回复来源平台", kPlatform,
    [](const WorkOrder& o, const Facts&) { return o.source_number().empty() || !o.source_answered_on().empty(); }};
// A call that asked nothing and a repeat have no answer of their own.
const Guard<WorkOrder> kSettled = {
    "办结", "ORDER_NOT_ANSWERED", "尚未答复或者回复的工单，应当关联首次工单或者说明办结理由", kPlatform,
    [](const WorkOrder& o, const Facts&) { return !IsUnsettled(o) || !o.repeat_of().empty() || !o.close_reason().empty(); }};
const Guard<WorkOrder> kOfAnotherOrder = {"关联", "REPEAT_OF_ITSELF", "不能关联工单本身", kPlatform,
                                          [](const WorkOrder& o, const Facts&) { return o.repeat_of() != o.id(); }};

// 法律援助法 §38: of litigation where the organ that handles the case is, otherwise where the dispute is handled or arose.
const Guard<WorkOrder> kAidWhereItBelongs = {
    "法律援助",
    "LEGAL_AID_PLACE",
    "诉讼事项向办案机关所在地申请，非诉讼事项向争议处理机关所在地或者事由发生地申请",
    {"法律援助法", "38"},
    [](const WorkOrder& o, const Facts&) { return o.legal_aid().litigation() == (o.legal_aid().basis() == "01"); }};
// Also after the answer: what was said is often written down then.
constexpr procedure::States kWithAgent = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED,
                                          WorkOrder::ANSWERED_ON_SPOT};

constexpr Start<WorkOrder> kAnswerBy = {.clock = WorkOrder::ANSWER_BY,
                                        .period = calendar::WorkingDays("PLS", 1),
                                        .when = IsMessage,
                                        .parameter = "hotline.order_answer_days"};
constexpr Start<WorkOrder> kSignBy = {
    .clock = WorkOrder::SIGN_BY, .period = calendar::WorkingDays("PLS", 1), .parameter = "hotline.order_sign_days"};
constexpr Start<WorkOrder> kReturnBy = {
    .clock = WorkOrder::RETURN_BY, .period = calendar::WorkingDays("PLS", 1), .parameter = "hotline.order_return_days"};
constexpr Start<WorkOrder> kVisitBy = {.clock = WorkOrder::VISIT_BY,
                                       .period = calendar::WorkingDays("PLS", 1),
                                       .when = IsUnvisited,
                                       .parameter = "hotline.order_visit_days"};
constexpr Start<WorkOrder> kSuperviseOn = {.clock = WorkOrder::SUPERVISE_ON, .from = AcceptedOn, .until = SuperviseOn};

const Row<WorkOrder> kRows[] = {
    {.act = WorkOrder::ARRIVE,
     .from = {WorkOrder::STATE_UNSPECIFIED},
     .to = WorkOrder::CREATED,
     .indirect = true,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = WorkOrder::CREATE,
     .from = {WorkOrder::STATE_UNSPECIFIED},
     .to = WorkOrder::CREATED,
     .create = Create<NewWorkOrder>,
     .apply = Apply<Describe>,
     .starts = {kAnswerBy},
     .law = kPlatform},
    {.act = WorkOrder::LEAVE_MESSAGE,
     .from = {WorkOrder::CREATED},
     .indirect = true,
     .level = Level::kSystem,
     .apply = Apply<LeaveMessage>,
     .starts = {kAnswerBy},
     .law = kPlatform},
    {.act = WorkOrder::RECORD,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED},
     .apply = Apply<Record>,
     .law = kPlatform},
    {.act = WorkOrder::ANSWER,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED},
     .to = WorkOrder::ANSWERED_ON_SPOT,
     .fork = {WorkOrder::DISSATISFIED, IsUnvisited},
     .guards = {&kRecorded},
     .apply = Apply<Answer>,
     .starts = {kVisitBy},
     .stops = {WorkOrder::ANSWER_BY, WorkOrder::RECTIFY_BY},
     .papers = {WorkOrder::ORDER},
     .law = kPlatform},
    {.act = WorkOrder::ROUTE,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED},
     .to = WorkOrder::ROUTED,
     .guards = {&kRecorded, &kAgentRoutes},
     .checks = {&kNotToPaidService, &kNotToPolice},
     .starts = {kSignBy, kReturnBy},
     .stops = {WorkOrder::ANSWER_BY},
     .papers = {WorkOrder::ROUTING},
     .law = kPlatform},
    {.act = WorkOrder::DESIGNATE,
     .from = {WorkOrder::RETURNED, WorkOrder::REOPENED},
     .to = WorkOrder::ROUTED,
     .guards = {&kCentreDecides},
     .checks = {&kNotToPaidService, &kNotToPolice},
     .starts = {kSignBy},
     .papers = {WorkOrder::ROUTING},
     .law = kPlatform},
    {.act = WorkOrder::TRANSFER_TO_MEDIATION,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED},
     .to = WorkOrder::TRANSFERRING,
     .guards = {&kRecorded, &kNamed},
     .apply = Apply<TransferToMediation>,
     .stops = {WorkOrder::ANSWER_BY},
     .papers = {WorkOrder::TRANSFER_LETTER},
     .law = kPlatform},
    {.act = WorkOrder::RECORD_CASE,
     .from = {WorkOrder::TRANSFERRING},
     .to = WorkOrder::HANDLING,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = WorkOrder::REFUSE_TRANSFER,
     .from = {WorkOrder::TRANSFERRING, WorkOrder::HANDLING},
     .to = WorkOrder::RETURNED,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = WorkOrder::FOLLOW_CASE, .from = {WorkOrder::HANDLING}, .aside = true, .level = Level::kSystem, .law = kPlatform},
    {.act = WorkOrder::CONCLUDE_CASE,
     .from = {WorkOrder::HANDLING},
     .to = WorkOrder::REPLIED,
     .fork = {WorkOrder::DISSATISFIED, IsUnvisited},
     .level = Level::kSystem,
     .starts = {kVisitBy},
     .stops = {WorkOrder::RECTIFY_BY},
     .law = kPlatform},
    {.act = WorkOrder::FILE_COMPLAINT,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED},
     .to = WorkOrder::HANDLING,
     .indirect = true,
     .guards = {&kRecorded},
     .stops = {WorkOrder::ANSWER_BY},
     .law = kPlatform},
    {.act = WorkOrder::CONCLUDE_COMPLAINT,
     .from = {WorkOrder::HANDLING},
     .to = WorkOrder::REPLIED,
     .fork = {WorkOrder::DISSATISFIED, IsUnvisited},
     .indirect = true,
     .starts = {kVisitBy},
     .stops = {WorkOrder::RECTIFY_BY},
     .law = kPlatform},
    {.act = WorkOrder::ACCEPT,
     .from = {WorkOrder::ROUTED},
     .to = WorkOrder::ACCEPTED,
     .apply = Apply<Accept>,
     .starts = {{.clock = WorkOrder::HANDLE_BY, .period = kHandlingTime, .parameter = kHandlingDays}, kSuperviseOn},
     .stops = {WorkOrder::SIGN_BY, WorkOrder::RETURN_BY},
     .law = kPlatform},
    {.act = WorkOrder::RETURN,
     .from = {WorkOrder::ROUTED},
     .to = WorkOrder::RETURNED,
     .guards = {&kNotDesignated, &kMayStillReturn},
     .apply = Apply<Return>,
     .stops = {WorkOrder::SIGN_BY, WorkOrder::RETURN_BY},
     .papers = {WorkOrder::RETURN_SLIP},
     .law = kPlatform},
    {.act = WorkOrder::HANDLE,
     .from = {WorkOrder::ACCEPTED, WorkOrder::HANDLING},
     .to = WorkOrder::HANDLING,
     .apply = Apply<Handle>,
     .law = kPlatform},
    {.act = WorkOrder::REPLY,
     .from = {WorkOrder::ACCEPTED, WorkOrder::HANDLING},
     .to = WorkOrder::REPLIED,
     .fork = {WorkOrder::DISSATISFIED, IsUnvisited},
     .apply = Apply<Reply>,
     .starts = {kVisitBy},
     .stops = {WorkOrder::HANDLE_BY, WorkOrder::SUPERVISE_ON, WorkOrder::RECTIFY_BY},
     .papers = {WorkOrder::REPLY_SLIP},
     .law = kPlatform},
    {.act = WorkOrder::EXTEND,
     .from = {WorkOrder::ACCEPTED, WorkOrder::HANDLING},
     .guards = {&kNotExtended},
     .apply = Apply<Extend>,
     .starts = {kSuperviseOn},
     .extends = {{WorkOrder::HANDLE_BY, ExtendedUntil}},
     .papers = {WorkOrder::EXTENSION},
     .law = kPlatform},
    {.act = WorkOrder::PROPOSE_SUPERVISION,
     .from = {WorkOrder::ACCEPTED, WorkOrder::HANDLING},
     .aside = true,
     .level = Level::kSystem,
     .apply = Apply<ProposeSupervision>,
     .stops = {WorkOrder::SUPERVISE_ON},
     .law = kPlatform},
    {.act = WorkOrder::SUPERVISE,
     .from = {WorkOrder::ROUTED, WorkOrder::ACCEPTED, WorkOrder::HANDLING},
     .apply = Apply<Supervise>,
     .papers = {WorkOrder::SUPERVISION},
     .law = kPlatform},
    {.act = WorkOrder::ANSWER_SOURCE,
     .from = {WorkOrder::ANSWERED_ON_SPOT, WorkOrder::REPLIED, WorkOrder::VISITED},
     .guards = {&kOfSource},
     .apply = Apply<AnswerSource>,
     .law = kPlatform},
    // By his rating, which may come when all is closed.
    {.act = WorkOrder::DISSATISFY,
     .from = {WorkOrder::ANSWERED_ON_SPOT, WorkOrder::REPLIED, WorkOrder::VISITED, WorkOrder::CLOSED},
     .to = WorkOrder::DISSATISFIED,
     .indirect = true,
     .apply = Apply<Dissatisfy>,
     .starts = {kVisitBy},
     .law = kPlatform},
    // By a key while the order is still open: he is called back once it is answered.
    {.act = WorkOrder::DISSATISFY,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED, WorkOrder::ROUTED, WorkOrder::ACCEPTED,
              WorkOrder::HANDLING, WorkOrder::TRANSFERRING},
     .indirect = true,
     .aside = true,
     .apply = Apply<Dissatisfy>,
     .law = kPlatform},
    {.act = WorkOrder::VISIT,
     .from = {WorkOrder::ANSWERED_ON_SPOT, WorkOrder::REPLIED, WorkOrder::DISSATISFIED},
     .to = WorkOrder::VISITED,
     .fork = {WorkOrder::REOPENED, IsStillDissatisfied},
     .apply = Apply<Visit>,
     .starts = {{.clock = WorkOrder::RECTIFY_BY,
                 .period = calendar::Days("PLS", 15),
                 .when = IsStillDissatisfied,
                 .parameter = "hotline.order_rectify_days"}},
     .stops = {WorkOrder::VISIT_BY},
     .papers = {WorkOrder::VISIT_RECORD},
     .law = kPlatform},
    {.act = WorkOrder::CLOSE,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED, WorkOrder::ANSWERED_ON_SPOT, WorkOrder::REPLIED,
              WorkOrder::VISITED},
     .to = WorkOrder::CLOSED,
     .guards = {&kSourceAnswered},
     .apply = Apply<Close>,
     .checks = {&kSettled},
     .stops = {WorkOrder::ANSWER_BY, WorkOrder::RECTIFY_BY},
     .law = kPlatform},
    {.act = WorkOrder::REOPEN, .from = {WorkOrder::CLOSED}, .to = WorkOrder::REOPENED, .apply = Apply<Reopen>, .law = kPlatform},
    {.act = WorkOrder::LINK,
     .from = {WorkOrder::CREATED, WorkOrder::RETURNED, WorkOrder::REOPENED, WorkOrder::ROUTED, WorkOrder::ACCEPTED,
              WorkOrder::HANDLING, WorkOrder::ANSWERED_ON_SPOT, WorkOrder::REPLIED, WorkOrder::VISITED},
     .aside = true,
     .apply = Apply<Link>,
     .checks = {&kOfAnotherOrder},
     .law = kPlatform},
    {.act = WorkOrder::RECORD_LEGAL_AID,
     .from = kWithAgent,
     .aside = true,
     .apply = Apply<RecordLegalAid>,
     .checks = {&kAidWhereItBelongs},
     .law = {"法律援助法", "38"}},
    {.act = WorkOrder::ATTACH_SNIPPET, .from = kWithAgent, .aside = true, .apply = Apply<AttachSnippet>, .law = kPlatform},
};

const procedure::ClockKind kClocks[] = {
    {.clock = WorkOrder::ANSWER_BY, .warn_days = 0},
    {.clock = WorkOrder::SIGN_BY, .warn_days = 0},
    {.clock = WorkOrder::RETURN_BY, .warn_days = 0, .lapses = true},
    {.clock = WorkOrder::HANDLE_BY, .warn_days = 1},
    {.clock = WorkOrder::SUPERVISE_ON, .warn_days = 0, .target = true, .then = WorkOrder::PROPOSE_SUPERVISION},
    {.clock = WorkOrder::VISIT_BY, .warn_days = 0},
    {.clock = WorkOrder::RECTIFY_BY, .warn_days = 3},
};

}  // namespace

const procedure::Procedure<WorkOrder> kWorkOrderProcedure = {
    .name = "话务工单",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {WorkOrder::CLOSED, WorkOrder::VOIDED},
    .states = WorkOrder::State_descriptor,
    .acts = WorkOrder::Act_descriptor,
    .clock_kinds = WorkOrder::Limit_descriptor,
    .papers = WorkOrder::Document_descriptor,
};

}  // namespace sifa::hotline
