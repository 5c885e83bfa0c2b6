// What a file is, told from its content: attachments may only be of types that a dossier needs, and must be
// what they are said to be. Pure.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sifa::casework {

// Looks at content as it comes. The first piece decides the type and must hold the first 64 KB (or all) of
// the content; the others are looked through for what the type does not allow.
class ContentInspector {
 public:
  // `declared`: media type as the caller gives it, or empty; `file_name`: its ending must fit the type.
  ContentInspector(absl::string_view declared, absl::string_view file_name);

  // INVALID_ARGUMENT "ATTACHMENT_TYPE_REFUSED" where the type is not allowed (programs, scripts, web pages,
  // documents with macros), or is not what was declared.
  absl::Status Take(absl::string_view piece);
  absl::Status Finish();

  // As recognised; after the first piece.
  const std::string& content_type() const { return type_; }

 private:
  absl::Status Recognise(absl::string_view head);
  absl::Status TakeText(absl::string_view piece);

  std::string declared_;
  std::string ending_;
  std::string type_;
  std::string tail_;  // of the last piece: a mark or character may lie across two
};

}  // namespace sifa::casework
