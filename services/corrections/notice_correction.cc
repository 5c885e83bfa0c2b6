// What may be corrected of a notice.
#include "libs/casework/correctable.h"
#include "services/corrections/notice.h"

namespace sifa::corrections {

const casework::Amendments<Notice> kNoticeAmendments = {
    .amendable =
        {
            {"kind"},
            casework::Given("receiver_name"),
            {"sent_on", true, Notice::SEND},
            {"delivered_on", true, Notice::DELIVER},
            {"signed_on", true, Notice::SIGN},
            casework::Given("signed_by"),
            {"sent_back_on", true, Notice::SEND_BACK},
            casework::Given("sent_back_reason"),
        },
};

}  // namespace sifa::corrections
