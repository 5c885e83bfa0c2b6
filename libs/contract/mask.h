// Masks personal data in answers, by the kind that the contract gives each field (docs/glossary.md).
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::contract {

// Masks every sensitive field in place, at all depths:
//   name 张*; ID number 330***********1X; phone 138****5678; address: its first six characters, then ***;
//   text, health, minor: ***; position: cleared; secret: cleared.
// A sensitive field that is not a string, or a sensitive message, is cleared, whatever its kind.
void Mask(google::protobuf::Message* answer);

// Clears secrets only: what must never leave, whoever asks.
void MaskSecrets(google::protobuf::Message* answer);

// Clears what whom it concerns is not shown of his own record (FieldRule.office_only), at all depths.
void ClearOfficeOnly(google::protobuf::Message* answer);

// What the journal does not keep of a request: clears secrets and bytes (contents of files), at all depths. IsKeptWhole: the type
// has neither.
void ClearNotKept(google::protobuf::Message* request);
bool IsKeptWhole(const google::protobuf::Descriptor* type);

// The sensitive fields, at all depths, in which a message has something: {"phone", "party_name"}.
std::vector<std::string> SensitiveIn(const google::protobuf::Message& message);

// True where the text is what Mask makes of a field of this kind: somebody who saw no more is about to write it back.
bool LooksMasked(options::v1::Sensitive kind, absl::string_view text);

// True where the type, or one that it reaches, has a sensitive field or is google.protobuf.Any. Prebuilt: one
// look-up.
bool HasSensitive(const google::protobuf::Descriptor* type);

}  // namespace sifa::contract
