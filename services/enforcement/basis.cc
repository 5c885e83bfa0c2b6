#include "services/enforcement/basis.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
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

constexpr procedure::Law kBases = Apl("16");
constexpr procedure::Law kMilder = Apl("37");

const Guard<Basis> kValidityInOrder = {
    "依据", "BASIS_REVERSED", "失效日期不能早于施行日期", Apl("37"),
    [](const Basis& b, const Facts&) { return b.valid_to().empty() || b.valid_from() <= b.valid_to(); }};
// 规章以下的规范性文件不得设定行政处罚.
const Guard<Basis> kMaySetPenalties = {"依据", "BASIS_TOO_LOW",
                                       "法律、法规、规章以外的规范性文件不得设定行政处罚，不能作为处罚依据公布", kBases,
                                       [](const Basis& b, const Facts&) { return b.rank() != Basis::OTHER; }};

absl::StatusOr<Basis> NewBasis(const v1::DrawUpBasisRequest& r, const Asking& asking) { return AtOffice<Basis>(r, asking); }

absl::Status DrawUp(Basis& b, const v1::DrawUpBasisRequest& r) {
  b.set_title(r.title());
  b.set_rank(r.rank());
  b.set_issued_as(r.issued_as());
  b.set_article(r.article());
  b.set_paragraph(r.paragraph());
  b.set_item(r.item());
  b.set_text(r.text());
  b.set_valid_from(r.valid_from());
  b.set_valid_to(r.valid_to());
  return absl::OkStatus();
}

absl::Status Publish(Basis& b, const v1::PublishBasisRequest&, const Act& act) {
  b.set_published_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status MarkMilder(Basis& b, const v1::MarkBasisMilderRequest& r, const Act& act) {
  b.set_milder_since(act.occurred_on());
  b.set_milder_reason(r.reason());
  return absl::OkStatus();
}

absl::Status End(Basis& b, const v1::EndBasisRequest& r) {
  b.set_valid_to(r.valid_to());
  return absl::OkStatus();
}

const Row<Basis> kRows[] = {
    {.act = Basis::DRAW_UP,
     .from = {Basis::STATE_UNSPECIFIED},
     .to = Basis::DRAFT,
     .create = Create<NewBasis>,
     .apply = Apply<DrawUp>,
     .checks = {&kValidityInOrder},
     .law = kBases},
    {.act = Basis::PUBLISH,
     .from = {Basis::DRAFT},
     .to = Basis::PUBLISHED,
     .guards = {&kMaySetPenalties},
     .apply = Apply<Publish>,
     .law = Apl("39")},
    {.act = Basis::MARK_MILDER,
     .from = {Basis::PUBLISHED, Basis::ENDED},
     .aside = true,
     .apply = Apply<MarkMilder>,
     .law = kMilder},
    {.act = Basis::END,
     .from = {Basis::DRAFT, Basis::PUBLISHED},
     .to = Basis::ENDED,
     .apply = Apply<End>,
     .checks = {&kValidityInOrder},
     .law = kMilder},
};

casework::Index IndexOf(const Basis& b) { return {.day = b.valid_from(), .terms = {ArticleTerm(b.title(), b.article())}}; }

absl::Status Narrow(const v1::ListBasesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (r.title().empty() != (r.article() == 0)) {
    return InvalidField("article", "TITLE_AND_ARTICLE", "按法律文件查询时，文件名称和条要一并给出");
  }
  if (!r.title().empty()) query->terms.push_back(ArticleTerm(r.title(), r.article()));
  return absl::OkStatus();
}

}  // namespace

casework::Term ArticleTerm(absl::string_view title, int article) {
  const std::string bare = absl::StrReplaceAll(title, {{"《", ""}, {"》", ""}, {"中华人民共和国", ""}, {" ", ""}});
  return {"article", crypto::Hex(crypto::Sha256(absl::StrCat(bare, "/", article))).substr(0, 32)};
}

bool HoldsOn(const Basis& basis, const std::string& day) {
  return basis.valid_from() <= day && (basis.valid_to().empty() || day <= basis.valid_to());
}

const casework::Amendments<Basis> kBasisAmendments = {.amendable = {{"title"},
                                                                    {"rank"},
                                                                    {"issued_as"},
                                                                    {"article"},
                                                                    {"paragraph"},
                                                                    {"item"},
                                                                    {"text"},
                                                                    {"valid_from", true},
                                                                    {"valid_to", true},
                                                                    {"published_on", true, Basis::PUBLISH}}};

const procedure::Procedure<Basis> kBasisProcedure = {
    .name = "执法依据",
    .rows = kRows,
    .terminal = {Basis::ENDED, Basis::VOIDED},
    .states = Basis::State_descriptor,
    .acts = Basis::Act_descriptor,
    .clock_kinds = Basis::Limit_descriptor,
    .papers = Basis::Document_descriptor,
};

const casework::Definition<Basis> kBasis = {
    .procedure = &kBasisProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .amendments = &kBasisAmendments,
    .project = JudgeOfficeAgain<Basis>,
};

}  // namespace sifa::enforcement
