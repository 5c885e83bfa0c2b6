// What may be corrected of a report of who may not leave the country.
#include "services/corrections/exit_ban.h"
#include "services/corrections/record_correction.h"

namespace sifa::corrections {

const casework::Amendments<ExitBan> kExitBanAmendments = {
    .amendable =
        {
            casework::Given("documents"),
            {"recorded_on", true, ExitBan::RECORD},
            casework::Given("police"),
            {"reported_on", true, ExitBan::REPORT},
            {"lifted_on", true, ExitBan::LIFT},
        },
    .mirror = MirrorRecord<ExitBan>,
};

}  // namespace sifa::corrections
