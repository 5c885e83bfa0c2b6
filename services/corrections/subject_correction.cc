// What may be corrected of subjects.
#include "libs/casework/correctable.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "services/corrections/subject.h"

namespace sifa::corrections {
namespace {

// The term is changed by its own act, which names the decider's document; of a team the members may be described better, not
// changed.
absl::Status Settle(const casework::Backend& backend, const Subject& before, Subject* after) {
  if (after->decision().term_from() != before.decision().term_from() ||
      after->decision().term_to() != before.decision().term_to()) {
    return InvalidField("content.decision", "TERM_FIXED", "矫正期限应当依据决定机关的文书办理变更，不能直接更正");
  }
  if (after->team_size() != before.team_size()) {
    return InvalidField("content.team", "ITEMS_OF_ACTS", "矫正小组的成员由组建矫正小组产生，更正只改内容");
  }
  if (after->region() != before.region() && before.received_region() == before.region())
    after->set_received_region(after->region());
  return casework::KnownRegion(*backend.regions, after->region()).status();
}

}  // namespace

const casework::Amendments<Subject> kSubjectAmendments = {
    .amendable =
        {
            {"region"},
            {"decision"},
            {"person"},
            {"team"},
            {"missing_documents"},
            {"documents_received_on", true, Subject::RECEIVE_DOCUMENTS},
            {"registered_on", true, Subject::REGISTER},
            {"announced_on", true, Subject::ANNOUNCE},
            {"end_document"},
            {"ended_on", true, Subject::PARDON},
            {"ended_on", true, Subject::RECORD_DEATH},
            {"ended_on", true, Subject::RECORD_REVOKED},
            {"ended_on", true, Subject::RECORD_TERM_SERVED},
        },
    .settle = Settle,
};

}  // namespace sifa::corrections
