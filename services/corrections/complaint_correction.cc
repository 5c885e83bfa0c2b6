// What may be corrected of a complaint.
#include "libs/casework/correctable.h"
#include "services/corrections/complaint.h"

namespace sifa::corrections {

const casework::Amendments<Complaint> kComplaintAmendments = {
    .amendable =
        {
            {"kind"},
            casework::Given("content"),
            {"filed_on", true, Complaint::FILE},
            {"accepted_on", true, Complaint::ACCEPT},
            casework::Given("refusal_reason"),
            casework::Given("outcome"),
            casework::Given("answer"),
            {"answered_on", true, Complaint::ANSWER},
        },
};

}  // namespace sifa::corrections
