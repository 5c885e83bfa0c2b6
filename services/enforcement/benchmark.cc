#include "services/enforcement/benchmark.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/queries.h"
#include "libs/casework/service.h"
#include "libs/core/money.h"
#include "libs/core/status.h"
#include "services/enforcement/basis.h"
#include "services/enforcement/discretion.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/record.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

constexpr procedure::Law kDiscretion = Apl("34");
constexpr procedure::Law kFiling = {"国办发〔2022〕27号", "10"};

const Guard<Benchmark> kTiersInOrder = {"裁量",
                                        "TIERS_OUT_OF_ORDER",
                                        "裁量档次不符合法定幅度",
                                        kDiscretion,
                                        [](const Benchmark& b, const Facts&) { return WrongInTiers(b).empty(); },
                                        [](const Benchmark& b, const Facts&) { return WrongInTiers(b); }};
const Guard<Benchmark> kValidityInOrder = {
    "裁量", "BENCHMARK_REVERSED", "失效日期不能早于施行日期", kDiscretion,
    [](const Benchmark& b, const Facts&) { return b.valid_to().empty() || b.valid_from() <= b.valid_to(); }};
const Guard<Benchmark> kWithinSuperior = {
    "备案",
    "BEYOND_SUPERIOR",
    "下级的裁量基准不得超出上级的裁量幅度",
    kFiling,
    [](const Benchmark& b, const Facts&) { return b.superior().empty() || BeyondSuperior(b).empty(); },
    [](const Benchmark& b, const Facts&) { return BeyondSuperior(b); }};

absl::StatusOr<Benchmark> NewBenchmark(const v1::DrawUpBenchmarkRequest& r, const Asking& asking) {
  return AtOffice<Benchmark>(r, asking);
}

absl::Status DrawUp(Benchmark& b, const v1::DrawUpBenchmarkRequest& r, const Act& act) {
  if (!act.LoadUnchecked<Basis>(r.basis()).ok()) return InvalidField("basis", "BASIS_UNKNOWN", "没有登记这一执法依据");
  b.set_code(r.code());
  b.set_name(r.name());
  b.set_basis(r.basis());
  b.set_field(r.field());
  b.set_measure(r.measure());
  *b.mutable_statutory() = r.statutory();
  *b.mutable_tiers() = r.tiers();
  b.set_superior(r.superior());
  b.set_valid_from(r.valid_from());
  b.set_valid_to(r.valid_to());
  return absl::OkStatus();
}

// What the superior organ has published is set down as it is on this day, so that the comparison can be read later.
absl::Status File(Benchmark& b, const v1::FileBenchmarkRequest&, const Act& act) {
  b.set_filed_on(act.occurred_on());
  if (b.superior().empty()) return absl::OkStatus();
  const auto superior = act.LoadUnchecked<Benchmark>(b.superior());
  if (!superior.ok() || superior->state() != Benchmark::PUBLISHED || superior->measure() != b.measure()) {
    return InvalidField("superior", "SUPERIOR_UNKNOWN", "没有这一上级裁量基准，或者它没有公布、裁量方式不同");
  }
  *b.mutable_superior_tiers() = superior->tiers();
  return absl::OkStatus();
}

absl::Status Publish(Benchmark& b, const v1::PublishBenchmarkRequest&, const Act& act) {
  b.set_published_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Repeal(Benchmark& b, const v1::RepealBenchmarkRequest& r) {
  b.set_valid_to(r.valid_to());
  b.set_repeal_reason(r.reason());
  return absl::OkStatus();
}

const Row<Benchmark> kRows[] = {
    {.act = Benchmark::DRAW_UP,
     .from = {Benchmark::STATE_UNSPECIFIED},
     .to = Benchmark::DRAFT,
     .create = Create<NewBenchmark>,
     .apply = Apply<DrawUp>,
     .checks = {&kValidityInOrder, &kTiersInOrder},
     .law = kDiscretion},
    {.act = Benchmark::FILE,
     .from = {Benchmark::DRAFT},
     .to = Benchmark::FILED,
     .apply = Apply<File>,
     .checks = {&kWithinSuperior},
     .law = kFiling},
    {.act = Benchmark::PUBLISH,
     .from = {Benchmark::FILED},
     .to = Benchmark::PUBLISHED,
     .apply = Apply<Publish>,
     .law = kDiscretion},
    {.act = Benchmark::REPEAL,
     .from = {Benchmark::DRAFT, Benchmark::FILED, Benchmark::PUBLISHED},
     .to = Benchmark::REPEALED,
     .apply = Apply<Repeal>,
     .checks = {&kValidityInOrder},
     .law = kDiscretion},
};

casework::Index IndexOf(const Benchmark& b) {
  casework::Index index{.day = b.valid_from(), .terms = {{"code", b.code()}, {"field", b.field()}}};
  if (b.state() == Benchmark::PUBLISHED) {
    index.unique.push_back(
        {"code", absl::StrCat(b.organisation(), "/", b.code()),
         Error(absl::StatusCode::kAlreadyExists, "BENCHMARK_PUBLISHED", "该编号的裁量基准已经公布，请先废止")});
  }
  return index;
}

absl::Status Narrow(const v1::ListBenchmarksRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.code().empty()) query->terms.push_back({"code", r.code()});
  if (!r.field().empty()) query->terms.push_back({"field", r.field()});
  return absl::OkStatus();
}

// Of what is published, for anybody.
absl::StatusOr<v1::FineCalculation> Calculate(const casework::Backend& backend, rpc::Call& call,
                                              const v1::CalculateBenchmarkRequest& r) {
  const auto refused = NotFound("已公布的裁量基准");
  const auto found = casework::LoadObject(backend, backend.objects->Of<Benchmark>(), r.id());
  if (!found.ok()) return refused;
  const auto& b = static_cast<const Benchmark&>(**found);
  const std::string day = r.conduct_on().empty() ? FormatDay(call.today()) : r.conduct_on();
  const bool published = b.state() == Benchmark::PUBLISHED || (b.state() == Benchmark::REPEALED && !b.published_on().empty());
  if (!published) return refused;
  if (day < b.valid_from() || (!b.valid_to().empty() && day > b.valid_to())) {
    return InvalidField("conduct_on", "BENCHMARK_NOT_IN_FORCE", "违法行为发生时，该裁量基准尚未施行或者已经失效");
  }
  const v1::Tier* tier = FindTier(b.tiers(), r.tier());
  if (tier == nullptr) return InvalidField("tier", "TIER_UNKNOWN", "该裁量基准没有这一档次");
  v1::FineCalculation answer;
  answer.set_name(b.name());
  answer.set_tier(tier->tier());
  answer.set_grounds(tier->grounds());
  if (!tier->has_band()) {
    answer.set_explanation("不予处罚");
    return answer;
  }
  const std::optional<int64_t> goods = r.goods_fen() > 0 ? std::optional(r.goods_fen()) : std::nullopt;
  const auto fine = InMoney(b, tier->band(), goods);
  if (!fine) return InvalidField("goods_fen", "GOODS_VALUE_MISSING", "该裁量基准按货值金额的倍数计算，请填写货值金额");
  answer.set_least_fen(fine->least);
  answer.set_most_fen(fine->most);
  answer.set_explanation(b.measure() == Benchmark::AMOUNT ? Describe(*fine)
                                                          : absl::StrCat("货值金额", FormatYuan(*goods), "元，",
                                                                         Describe(b, tier->band()), "，即", Describe(*fine)));
  return answer;
}

void ServeCalculation(casework::Service& service, rpc::DescribedService& methods) {
  methods.On("CalculateBenchmark", service.backend(), &Calculate);
}

}  // namespace

const casework::Amendments<Benchmark> kBenchmarkAmendments = {.amendable = {{"name"},
                                                                            {"valid_from", true},
                                                                            {"valid_to", true},
                                                                            {"filed_on", true, Benchmark::FILE},
                                                                            {"published_on", true, Benchmark::PUBLISH}}};

const procedure::Procedure<Benchmark> kBenchmarkProcedure = {
    .name = "行政处罚裁量基准",
    .rows = kRows,
    .terminal = {Benchmark::REPEALED, Benchmark::VOIDED},
    .states = Benchmark::State_descriptor,
    .acts = Benchmark::Act_descriptor,
    .clock_kinds = Benchmark::Limit_descriptor,
    .papers = Benchmark::Document_descriptor,
};

const casework::Definition<Benchmark> kBenchmark = {
    .procedure = &kBenchmarkProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kBenchmarkAmendments,
    .project = JudgeOfficeAgain<Benchmark>,
    .handlers = ServeCalculation,
};

}  // namespace sifa::enforcement
