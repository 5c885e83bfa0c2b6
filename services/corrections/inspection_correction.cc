// What may be corrected of an inspection.
#include "libs/casework/correctable.h"
#include "services/corrections/inspection.h"

namespace sifa::corrections {

const casework::Amendments<Inspection> kInspectionAmendments = {
    .amendable =
        {
            {"topics"},
            casework::Given("viewed"),
            casework::Given("findings"),
            {"inspected_on", true, Inspection::INSPECT},
            casework::Given("measures"),
            {"replied_on", true, Inspection::REPLY},
            casework::Given("return_reason"),
            casework::Given("conclusion"),
            {"closed_on", true, Inspection::CLOSE},
        },
};

}  // namespace sifa::corrections
