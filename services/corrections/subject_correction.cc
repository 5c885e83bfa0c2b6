// What may be corrected of subjects.
#include "libs/casework/correctable.h"
#include "libs/casework/past.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "services/corrections/record_correction.h"
#include "services/corrections/revocation.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {
namespace {

// The term is changed by its own act, which names the decider's document.
absl::Status Settle(const casework::Backend& backend, const Subject& before, Subject* after) {
  if (after->decision().term_from() != before.decision().term_from() ||
      after->decision().term_to() != before.decision().term_to()) {
    return InvalidField("content.decision", "TERM_FIXED", "矫正期限应当依据决定机关的文书办理变更，不能直接更正");
  }
  if (after->region() != before.region() && before.received_region() == before.region())
    after->set_received_region(after->region());
  return casework::KnownRegion(*backend.regions, after->region()).status();
}

// How the term ended by an act on another record follows that one: a ruling takes effect on its own day.
absl::Status Mirror(const casework::Past& past, const casework::Look& look, Subject* s) {
  RETURN_IF_ERROR(casework::UndoParts(past, s));
  const casework::PastAct* latest = past.Latest();
  if (latest == nullptr || latest->act != Subject::TERMINATE) return absl::OkStatus();
  ASSIGN_OR_RETURN(const casework::Reading ruling, look({"Revocation", latest->part_of.object()}));
  s->set_ended_on(FormatDay(past.DayOf(*latest)));
  s->set_end_document(static_cast<const Revocation&>(*ruling.object).ruling_number());
  return absl::OkStatus();
}

}  // namespace

const casework::Amendments<Subject> kSubjectAmendments = {
    .amendable =
        {
            {"region"},
            {"decision"},
            {"person"},
            casework::Given("team"),
            {"missing_documents"},
            {"documents_received_on", true, Subject::RECEIVE_DOCUMENTS},
            {"registered_on", true, Subject::REGISTER},
            {"announced_on", true, Subject::ANNOUNCE},
            {"reoffence.sentenced_on", true, Subject::RECORD_REOFFENCE},
            casework::Given("reoffence"),
            {"end_document"},
            {"ended_on", true, Subject::PARDON},
            {"ended_on", true, Subject::RECORD_DEATH},
            {"ended_on", true, Subject::RECORD_REVOKED},
            {"ended_on", true, Subject::RECORD_TERM_SERVED},
        },
    .settle = Settle,
    .mirrored = {"state", "end", "ended_on", "end_document"},
    .mirror = Mirror,
    .kin_by = EndedWithTerm(),
};

}  // namespace sifa::corrections
