#include "services/hotline/snippet.h"

#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "services/hotline/laws.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

const Guard<Snippet> kInOrder = {
    "参考答复", "VALIDITY_MALFORMED", "失效日期不能早于生效日期", kPlatform,
    [](const Snippet& s, const Facts&) { return s.valid_to().empty() || s.valid_from() <= s.valid_to(); }};

absl::StatusOr<Snippet> NewSnippet(const v1::DraftSnippetRequest& r, const Asking& asking) {
  Snippet snippet;
  snippet.set_organisation(r.office());
  ASSIGN_OR_RETURN(*snippet.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  snippet.set_region(region.ToString());
  snippet.set_topic(r.topic());
  snippet.set_drafted_on(asking.occurred_on());
  return snippet;
}

template <class Request>
absl::Status Describe(Snippet& snippet, const Request& r, const Act&) {
  snippet.set_version(snippet.version() + 1);
  snippet.set_title(r.title());
  snippet.set_text(r.text());
  snippet.set_text_mongolian(r.text_mongolian());
  *snippet.mutable_laws() = r.laws();
  snippet.set_valid_from(r.valid_from());
  snippet.set_valid_to(r.valid_to());
  return absl::OkStatus();
}

// What agents have read out stays to be seen.
absl::Status Revise(Snippet& snippet, const v1::ReviseSnippetRequest& r, const Act& act) {
  v1::SnippetVersion* earlier = snippet.add_earlier();
  earlier->set_version(snippet.version());
  earlier->set_title(snippet.title());
  earlier->set_text(snippet.text());
  earlier->set_text_mongolian(snippet.text_mongolian());
  *earlier->mutable_laws() = snippet.laws();
  earlier->set_valid_from(snippet.valid_from());
  earlier->set_valid_to(snippet.valid_to());
  earlier->set_replaced_on(act.occurred_on());
  return Describe(snippet, r, act);
}

absl::Status Publish(Snippet& snippet, const v1::PublishSnippetRequest&, const Act& act) {
  snippet.set_published_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Retire(Snippet& snippet, const v1::RetireSnippetRequest&, const Act& act) {
  snippet.set_retired_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Snippet> kRows[] = {
    {.act = Snippet::DRAFT_SNIPPET,
     .from = {Snippet::STATE_UNSPECIFIED},
     .to = Snippet::DRAFT,
     .create = Create<NewSnippet>,
     .apply = Apply<Describe<v1::DraftSnippetRequest>>,
     .checks = {&kInOrder},
     .law = kPlatform},
    {.act = Snippet::PUBLISH, .from = {Snippet::DRAFT}, .to = Snippet::PUBLISHED, .apply = Apply<Publish>, .law = kPlatform},
    {.act = Snippet::REVISE,
     .from = {Snippet::DRAFT, Snippet::PUBLISHED},
     .apply = Apply<Revise>,
     .checks = {&kInOrder},
     .law = kPlatform},
    {.act = Snippet::RETIRE,
     .from = {Snippet::DRAFT, Snippet::PUBLISHED},
     .to = Snippet::RETIRED,
     .apply = Apply<Retire>,
     .law = kPlatform},
};

casework::Index IndexOf(const Snippet& snippet) {
  return {.day = snippet.drafted_on(), .terms = {{"topic", snippet.topic()}}, .names = {snippet.title(), snippet.text()}};
}

absl::Status Narrow(const v1::ListSnippetsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.topic().empty()) query->terms.push_back({"topic", r.topic()});
  query->name = r.words();
  query->name_field = "words";
  return absl::OkStatus();
}

}  // namespace

absl::Status RequireValidOn(const Snippet& snippet, const std::string& day) {
  const bool valid = snippet.state() == Snippet::PUBLISHED && snippet.valid_from() <= day &&
                     (snippet.valid_to().empty() || day <= snippet.valid_to());
  return valid ? absl::OkStatus()
               : Error(absl::StatusCode::kFailedPrecondition, "SNIPPET_NOT_VALID", "该参考答复未发布，或者当日不适用");
}

const procedure::Procedure<Snippet> kSnippetProcedure = {
    .name = "参考答复",
    .rows = kRows,
    .terminal = {Snippet::RETIRED, Snippet::VOIDED},
    .states = Snippet::State_descriptor,
    .acts = Snippet::Act_descriptor,
    .clock_kinds = Snippet::Limit_descriptor,
    .papers = Snippet::Document_descriptor,
};

const casework::Amendments<Snippet> kSnippetAmendments = {.amendable = {{"drafted_on", true, Snippet::DRAFT_SNIPPET},
                                                                        {"published_on", true, Snippet::PUBLISH},
                                                                        {"retired_on", true, Snippet::RETIRE}}};

const casework::Definition<Snippet> kSnippet = {
    .procedure = &kSnippetProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .amendments = &kSnippetAmendments,
};

}  // namespace sifa::hotline
