// The new content of an amendment: read, bounded to what may be amended, and checked by the rules of the
// contract. Pure.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "libs/casework/correctable.h"
#include "libs/contract/validate.h"
#include "sifa/casework/v1/correction.pb.h"

namespace sifa::casework {

// Puts the masked fields of correction.content into *object. INVALID_ARGUMENT for paths that may not be
// amended
// ("FIELD_NOT_AMENDABLE"), for content that is not JSON of the type, for dates that are none or lie ahead.
absl::Status ReplaceContent(const Correctable& type, const v1::Correction& correction, absl::CivilDay today,
                            Message* object);

// Sets the field that holds the day of an act and adds it to the mask. INVALID_ARGUMENT "DATES_DIFFER" where the content has set
// it otherwise.
absl::Status SetDateOfAct(const std::string& path, const std::string& day, Message* object, google::protobuf::FieldMask* mask);

// INVALID_ARGUMENT for what breaks a field rule after an amendment and did not before.
absl::Status CheckAmended(const Message& before, const Message& after, absl::CivilDay today,
                          const contract::CodeTables* codes);

}  // namespace sifa::casework
