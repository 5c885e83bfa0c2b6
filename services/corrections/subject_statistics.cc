// What corrections counts of its subjects (law §2.8): who is there on a day, who was received, and how terms ended. Releases and
// terminations are apart, and what a rate divides by is told beside it.
#include "libs/procedure/clocks.h"
#include "libs/statistics/counting.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {
namespace {

using statistics::Cube;
using statistics::Dimension;
using statistics::Measure;
using statistics::Ratio;

template <auto f>
constexpr auto Text = &statistics::Text<Subject, f>;
template <auto f>
constexpr auto Number = &statistics::Number<Subject, f>;

std::string Category(const Subject& s) { return s.decision().category(); }
std::string Class(const Subject& s) { return s.management_class(); }
std::string Sex(const Subject& s) { return s.person().sex(); }
std::string RegisteredOn(const Subject& s) { return s.registered_on(); }
statistics::Whereabouts ReceivedAt(const Subject& s) { return {s.received_region(), s.received_path()}; }
std::string EndedOn(const Subject& s) { return s.ended_on(); }

bool There(const Subject& s) { return s.state() == Subject::REGISTERED || s.state() == Subject::ACTIVE; }
bool MinorThere(const Subject& s) { return There(s) && s.minor(); }
bool Received(const Subject& s) { return !s.registered_on().empty(); }
bool Late(const Subject& s) {
  const auto* limit = procedure::FindClock(s.clocks(), Subject::Limit_Name(Subject::REPORT_BY));
  return Received(s) && limit != nullptr && s.registered_on() > limit->due_on();
}
std::string SentencedOn(const Subject& s) { return s.reoffence().sentenced_on(); }
bool Reoffended(const Subject& s) { return s.has_reoffence(); }
bool Released(const Subject& s) { return s.state() == Subject::RELEASED; }
bool Terminated(const Subject& s) { return s.state() == Subject::TERMINATED; }
template <Subject::End kEnd>
bool EndedBy(const Subject& s) {
  return s.end() == kEnd;
}

constexpr Dimension kDimensions[] = {
    {"category", "矫正类别", "correction_category", "", Text<Category>},
    {"class", "管理类别", "management_class", "", Text<Class>},
    {"sex", "性别", "sex", "", Text<Sex>},
};
constexpr Measure kStock[] = {
    {"subjects", "在矫人数", "人", Number<There>},
    {"minors", "其中未成年人", "人", Number<MinorThere>, true},
};
constexpr Measure kReceptions[] = {
    {"received", "接收人数", "人", Number<Received>},
    {"late", "逾期报到人数", "人", Number<Late>},
};
constexpr Ratio kReceptionRatios[] = {{"late", "逾期报到率", "late", "received", 100, 2, "%", "分母为接收人数"}};
constexpr Measure kReoffences[] = {{"reoffended", "再犯罪人数", "人", Number<Reoffended>}};

// Of those who were there at the start or came: whoever has ended was one of them.
constexpr statistics::Base kThereOrCame[] = {{"corrections.subjects", "subjects", true}, {"corrections.receptions", "received"}};
constexpr absl::string_view kReoffended[] = {"reoffended"};
constexpr absl::string_view kRevoked[] = {"probation_revoked", "parole_revoked", "recalled"};
constexpr absl::string_view kSource = "law 2.8: 分母为期初在矫人数与本期接收人数之和";
constexpr statistics::Rate kReoffendingRates[] = {
    {"reoffending", "矫正期间再犯罪率", kReoffended, kThereOrCame, 100, 2, "%", kSource}};
constexpr statistics::Rate kRevocationRates[] = {{"revocation", "撤销、收监率", kRevoked, kThereOrCame, 100, 2, "%", kSource}};

constexpr Measure kEndings[] = {
    {"released", "解除人数", "人", Number<Released>},
    {"expired", "期满解除", "人", Number<EndedBy<Subject::EXPIRED>>},
    {"pardoned", "赦免解除", "人", Number<EndedBy<Subject::PARDONED>>},
    {"terminated", "终止人数", "人", Number<Terminated>},
    {"probation_revoked", "撤销缓刑", "人", Number<EndedBy<Subject::PROBATION_REVOKED>>},
    {"parole_revoked", "撤销假释", "人", Number<EndedBy<Subject::PAROLE_REVOKED>>},
    {"recalled", "收监执行", "人", Number<EndedBy<Subject::RECALLED>>},
    {"dead", "死亡", "人", Number<EndedBy<Subject::DEAD>>},
};

}  // namespace

constexpr Cube kSubjectsCube = {
    .id = 2,
    .name = "corrections.subjects",
    .label = "在矫人员",
    .dimensions = kDimensions,
    .measures = kStock,
    .share_of = "subjects",
    .stock = true,
};
constexpr Cube kReceptionsCube = {
    .id = 3,
    .name = "corrections.receptions",
    .label = "社区矫正接收",
    .day = Text<RegisteredOn>,
    .place = statistics::At<Subject, ReceivedAt>,
    .dimensions = kDimensions,
    .measures = kReceptions,
    .ratios = kReceptionRatios,
};
constexpr Cube kEndingsCube = {
    .id = 4,
    .name = "corrections.endings",
    .label = "社区矫正解除和终止",
    .day = Text<EndedOn>,
    .dimensions = kDimensions,
    .measures = kEndings,
    .rates = kRevocationRates,
};
constexpr Cube kReoffencesCube = {
    .id = 5,
    .name = "corrections.reoffences",
    .label = "矫正期间再犯罪",
    .day = Text<SentencedOn>,
    .dimensions = kDimensions,
    .measures = kReoffences,
    .rates = kReoffendingRates,
};
static_assert(IsSound(kSubjectsCube) && IsSound(kReceptionsCube) && IsSound(kEndingsCube) && IsSound(kReoffencesCube));

}  // namespace sifa::corrections
