// What differs between two states of an object, field by field, fit to be shown: personal data masked by its
// kind, with the plain text beside it in fields that the door masks. Pure.
#pragma once

#include "libs/casework/object_type.h"
#include "sifa/casework/v1/correction.pb.h"

namespace sifa::casework {

// In order of field numbers. Clocks, papers, etag and times are left out: they have their own lists or say
// nothing.
void AddFieldChanges(const Message& before, const Message& after, RepeatedPtrField<v1::FieldChange>* changes);
void AddClockChanges(const RepeatedPtrField<v1::Clock>& before, const RepeatedPtrField<v1::Clock>& after,
                     RepeatedPtrField<v1::ClockChange>* changes);
// Papers of `there` that `here` does not have.
void AddMissingPapers(const RepeatedPtrField<v1::Paper>& there, const RepeatedPtrField<v1::Paper>& here,
                      RepeatedPtrField<v1::Paper>* missing);

}  // namespace sifa::casework
