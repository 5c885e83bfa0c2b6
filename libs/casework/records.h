// When somebody last looked after the data of this service from outside: checked its journal, backed it up. On one machine that is
// told by small files in one directory, since no cluster's own jobs tell it:
//
//     journal.verified    "<Unix time> <findings>" of the last check
//     backup.taken        "<Unix time>" of the last backup
//
// `tools/sifa` makes both with the first start of a suite; where they are not, nothing is measured and nothing written down.
#pragma once

#include <cstdint>
#include <string>

namespace sifa::casework {

// By the program that has checked the journal, in real time: a demonstration's clock does not make a check any younger. A record that
// cannot be written is logged; the check stays what it is.
void RecordVerified(const std::string& directory, int64_t findings);

// Sets the gauges of what the records say.
void MeasureRecords(const std::string& directory);

}  // namespace sifa::casework
