#include "services/hotline/rating.h"

#include <algorithm>

#include "libs/casework/casework.h"
#include "libs/casework/service.h"
#include "libs/core/status.h"
#include "libs/statistics/counting.h"
#include "services/hotline/laws.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr calendar::Period kRatingTime = calendar::Days("PLS", 7);

absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}

std::string AnsweredOn(const WorkOrder& o) { return std::max(o.answered_on(), o.replied_on()); }
std::string VisitedOn(const WorkOrder& o) { return o.visits().empty() ? "" : o.visits(o.visits_size() - 1).on(); }

// Within so many days after one on which he was told something.
bool IsWithin(const std::string& told_on, const Facts& facts) {
  const int days = procedure::Adjusted(kRatingTime, "hotline.rating_days", facts).amount;
  return !told_on.empty() && facts.act_day <= DayIn(told_on) + days;
}

const Guard<Rating> kInTime = {.rule = "评价",
                               .reason = "RATING_CLOSED",
                               .text = "工单答复之日起七日内可以评价，现在不能评价",
                               .law = kPlatform,
                               .holds =
                                   [](const Rating&, const Facts& facts) {
                                     const auto* order = facts.One<WorkOrder>();
                                     return order != nullptr && IsWithin(AnsweredOn(*order), facts);
                                   },
                               .of_others = true};
const Guard<Rating> kRevisited = {.rule = "追评",
                                  .reason = "NOT_REVISITED",
                                  .text = "回访之日起七日内可以追加评价一次，现在不能追评",
                                  .law = kPlatform,
                                  .holds =
                                      [](const Rating& r, const Facts& facts) {
                                        const auto* order = facts.One<WorkOrder>();
                                        return order != nullptr && VisitedOn(*order) >= r.rated_on() &&
                                               IsWithin(VisitedOn(*order), facts);
                                      },
                                  .of_others = true};

const Row<Rating> kRows[] = {
    {.act = Rating::RATE_BY_KEY,
     .from = {Rating::STATE_UNSPECIFIED},
     .to = Rating::RATED,
     .indirect = true,
     .level = Level::kSystem,
     .law = kPlatform},
    {.act = Rating::RATE, .from = {Rating::STATE_UNSPECIFIED}, .to = Rating::RATED, .checks = {&kInTime}, .law = kPlatform},
    {.act = Rating::SUPPLEMENT, .from = {Rating::RATED}, .to = Rating::SUPPLEMENTED, .guards = {&kRevisited}, .law = kPlatform},
};

casework::Index IndexOf(const Rating& r) {
  casework::Index index{.day = r.rated_on(), .terms = {{"work_order", r.work_order()}}};
  if (r.state() != Rating::VOIDED) {
    index.unique.push_back({"work_order", r.work_order(),
                            Error(absl::StatusCode::kAlreadyExists, "ALREADY_RATED", "该工单已评价，每件工单评价一次")});
  }
  return index;
}

absl::Status Narrow(const v1::ListRatingsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.work_order().empty()) query->terms.push_back({"work_order", r.work_order()});
  query->day_from = r.day_from();
  query->day_to = r.day_to();
  return absl::OkStatus();
}

Rating RatingOf(const WorkOrder& order, Rating::Means means, const std::string& satisfaction, const std::string& on) {
  Rating rating;
  rating.set_organisation(order.organisation());
  rating.set_organisation_path(order.organisation_path());
  rating.set_region(order.region());
  rating.set_work_order(order.id());
  rating.set_centre(order.centre());
  rating.set_channel(order.channel());
  rating.set_topic(order.matter().topic());
  rating.set_target(order.target());
  rating.set_means(means);
  rating.set_satisfaction(satisfaction);
  rating.set_rated_on(on);
  return rating;
}

// Who is dissatisfied is called back.
absl::Status Follow(const Rating& rating, const Act& act) {
  if (!IsDissatisfied(rating.satisfaction())) return absl::OkStatus();
  return act.ActOnAny(act.neighbours().TypeOf<WorkOrder>(), WorkOrder::DISSATISFY, rating.work_order());
}

v1::RatingReceipt ReceiptOf(const Rating& rating) {
  v1::RatingReceipt receipt;
  receipt.set_satisfaction(rating.satisfaction());
  receipt.set_rated_on(rating.rated_on());
  receipt.set_supplement(rating.supplement());
  return receipt;
}

absl::StatusOr<WorkOrder> OrderBy(const casework::Backend& backend, const std::string& code) {
  ASSIGN_OR_RETURN(const casework::Answer answer,
                   casework::FindByBlind(backend, backend.objects->Of<WorkOrder>(), {"code", code}));
  return static_cast<const WorkOrder&>(*answer);
}

casework::ListQuery RatingsOf(const WorkOrder& order) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.terms = {{"work_order", order.id()}};
  query.states = {Rating::RATED, Rating::SUPPLEMENTED};
  query.limit = 1;
  return query;
}

// NOT_FOUND where the order has not been rated.
absl::StatusOr<Rating> RatingOf(const casework::Backend& backend, const WorkOrder& order) {
  const casework::ObjectType& type = backend.objects->Of<Rating>();
  std::vector<casework::Stored> found;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(found, backend.store.List(connection, type, RatingsOf(order)));
    return absl::OkStatus();
  }));
  if (found.empty()) return NotFound(type.label);
  return static_cast<const Rating&>(*found[0].object);
}

std::string RatedOn(const Rating& r) { return r.rated_on(); }
std::string Channel(const Rating& r) { return r.channel(); }
std::string Topic(const Rating& r) { return r.topic(); }
std::string Target(const Rating& r) { return r.target(); }
bool One(const Rating&) { return true; }
bool Satisfied(const Rating& r) { return !IsDissatisfied(r.satisfaction()); }
template <char kLevel>
bool Of(const Rating& r) {
  return r.satisfaction()[1] == kLevel;
}
bool Supplemented(const Rating& r) { return !r.supplement().empty(); }
bool SupplementSatisfied(const Rating& r) { return Supplemented(r) && !IsDissatisfied(r.supplement()); }

template <auto f>
constexpr auto Number = &statistics::Number<Rating, f>;
template <auto f>
constexpr auto Text = &statistics::Text<Rating, f>;
constexpr statistics::Dimension kDimensions[] = {{"channel", "渠道", "hotline_channel", "", Text<Channel>},
                                                 {"topic", "事项类别", "hotline_topic", "", Text<Topic>},
                                                 {"target", "承办类别", "hotline_target", "", Text<Target>}};
constexpr statistics::Measure kMeasures[] = {
    {"rated", "参评数", "件", Number<One>},
    {"satisfied", "满意数", "件", Number<Satisfied>},
    {"very_satisfied", "非常满意数", "件", Number<Of<'1'>>},
    {"plainly_satisfied", "评价为满意数", "件", Number<Of<'2'>>},
    {"fairly_satisfied", "基本满意数", "件", Number<Of<'3'>>},
    {"dissatisfied", "不满意数", "件", Number<Of<'4'>>},
    {"very_dissatisfied", "非常不满意数", "件", Number<Of<'5'>>},
    {"supplemented", "追评数", "件", Number<Supplemented>},
    {"supplement_satisfied", "追评满意数", "件", Number<SupplementSatisfied>},
};
constexpr statistics::Ratio kRatios[] = {
    {"satisfied", "满意率", "satisfied", "rated", 100, 2, "%", "分母为参评数，未评价的不计"},
    {"supplement_satisfied", "追评满意率", "supplement_satisfied", "supplemented", 100, 2, "%", "分母为追评数"},
};

}  // namespace

absl::Status RateByKey(const std::string& work_order, const std::string& satisfaction, const Act& act) {
  ASSIGN_OR_RETURN(const WorkOrder order, act.LoadUnchecked<WorkOrder>(work_order));
  if (order.state() == WorkOrder::VOIDED) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto before,
                   act.backend().store.List(act.connection(), act.neighbours().TypeOf<Rating>(), RatingsOf(order)));
  if (!before.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Rating rating,
                   act.Open<Rating>(Rating::RATE_BY_KEY, RatingOf(order, Rating::KEY, satisfaction, act.occurred_on())));
  return Follow(rating, act);
}

absl::StatusOr<v1::RatingReceipt> Rate(const casework::Backend& backend, rpc::Call& call, const v1::RateRequest& r) {
  const auto prepare = [&]() -> absl::StatusOr<Rating> {
    ASSIGN_OR_RETURN(const WorkOrder order, OrderBy(backend, r.code()));
    Rating rating = RatingOf(order, Rating::CODE, r.satisfaction(), FormatDay(call.today()));
    rating.set_words(r.words());
    return rating;
  };
  ASSIGN_OR_RETURN(const Rating rating,
                   casework::Casework<Rating>(backend).Create(call, Rating::RATE, r, prepare,
                                                              [](Rating& made, const Act& act) { return Follow(made, act); }));
  return ReceiptOf(rating);
}

absl::StatusOr<v1::RatingReceipt> SupplementRating(const casework::Backend& backend, rpc::Call& call,
                                                   const v1::SupplementRatingRequest& r) {
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(const WorkOrder order, OrderBy(backend, r.code()));
    ASSIGN_OR_RETURN(const Rating rating, RatingOf(backend, order));
    return ParseId(rating.id());
  };
  ASSIGN_OR_RETURN(const Rating rating, casework::Casework<Rating>(backend).ActOn(call, Rating::SUPPLEMENT, r, prepare,
                                                                                  [&](Rating& made, const Act& act) {
                                                                                    made.set_supplement(r.satisfaction());
                                                                                    made.set_supplement_words(r.words());
                                                                                    made.set_supplemented_on(act.occurred_on());
                                                                                    return absl::OkStatus();
                                                                                  }));
  return ReceiptOf(rating);
}

absl::StatusOr<v1::Progress> GetProgress(const casework::Backend& backend, rpc::Call&, const v1::GetProgressRequest& r) {
  ASSIGN_OR_RETURN(const WorkOrder o, OrderBy(backend, r.code()));
  v1::Progress progress;
  progress.set_state(WorkOrder::State_Name(o.state()));
  progress.set_state_label(procedure::LabelOf(WorkOrder::State_descriptor(), o.state()));
  progress.set_number(o.number());
  progress.set_topic_label(std::string(backend.codes->LabelOf("hotline_topic", o.matter().topic())));
  progress.set_case_number(o.case_number());
  progress.set_case_state_label(o.case_state_label());
  progress.set_rated(RatingOf(backend, o).ok());
  const auto step = [&](const char* label, const std::string& on) {
    if (on.empty()) return;
    v1::ProgressStep* one = progress.add_steps();
    one->set_label(label);
    one->set_on(on);
  };
  step("收到", o.received_on());
  step("即时答复", o.answered_on());
  step("转办", o.routed_on());
  step("签收", o.accepted_on());
  step("回复", o.replied_on());
  step("回访", VisitedOn(o));
  step("办结", o.closed_on());
  return progress;
}

absl::StatusOr<v1::Code> GetCode(const casework::Backend& backend, rpc::Call& call, const v1::GetCodeRequest& r) {
  ASSIGN_OR_RETURN(const casework::Answer answer, casework::GetObject(backend, backend.objects->Of<WorkOrder>(), call, r.id()));
  const auto& order = static_cast<const WorkOrder&>(*answer);
  v1::Code code;
  code.set_phone(order.caller().phone());
  code.set_code(order.code());
  return code;
}

constexpr statistics::Cube kRatingsCube = {.id = 14,
                                           .name = "hotline.ratings",
                                           .label = "满意度",
                                           .day = Text<RatedOn>,
                                           .dimensions = kDimensions,
                                           .measures = kMeasures,
                                           .ratios = kRatios,
                                           .each = "rated"};
static_assert(IsSound(kRatingsCube));

const procedure::Procedure<Rating> kRatingProcedure = {
    .name = "满意度评价",
    .rows = kRows,
    .terminal = {Rating::RATED, Rating::SUPPLEMENTED, Rating::VOIDED},
    .states = Rating::State_descriptor,
    .acts = Rating::Act_descriptor,
    .clock_kinds = Rating::Limit_descriptor,
    .papers = Rating::Document_descriptor,
};

const casework::Definition<Rating> kRating = {
    .procedure = &kRatingProcedure,
    .index = IndexOf,
    .cubes = {&kRatingsCube},
    .list = casework::ListOf<Narrow>,
    .references = {{.field = "work_order",
                    .to = "WorkOrder",
                    .reason = "ORDER_IS_RATED",
                    .sentence = "该工单已有评价，不能作废",
                    .looked_at = true},
                   {"centre", "Centre", "CENTRE_HAS_RATINGS", "该中心已有评价，不能作废"}},
    .handlers =
        [](casework::Service& service, rpc::DescribedService& methods) {
          methods.On("Rate", service.backend(), &Rate);
          methods.On("SupplementRating", service.backend(), &SupplementRating);
          methods.On("GetProgress", service.backend(), &GetProgress);
          methods.On("GetCode", service.backend(), &GetCode);
        },
};

}  // namespace sifa::hotline
