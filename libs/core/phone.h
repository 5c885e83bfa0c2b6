// Telephone numbers as they are dialled in the country, brought to one form.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace sifa {

// The number in the form in which it is kept and compared, or nothing where it is none: a mobile number as its 11 digits; a fixed
// line with its area code, "0579-86620001", an extension behind it "0579-86620001转801"; 400 and 800 numbers of 10 digits; short
// codes (110, 12348, 95588); one of another country as "+85221234567" (ITU-T E.164). Spaces, brackets, dashes, full width, the
// country's own code 86 and invisible characters may stand in what is typed. A prefix of the numbering plan is not looked up:
// operators open new ones every year.
std::optional<std::string> NormalPhone(absl::string_view typed);

}  // namespace sifa
