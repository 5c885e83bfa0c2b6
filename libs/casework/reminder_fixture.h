// Reminders of the tests (testdata/caseworktest.proto): a type whose rules look at its letter and at what else stands on it, whose
// limit the suite follows by itself, and which ends with its letter. A letter has at most two that are set.
#pragma once

#include "libs/casework/letter_fixture.h"

namespace sifa::casework {

using test::Reminder;

extern const Definition<Reminder> kReminder;

}  // namespace sifa::casework
