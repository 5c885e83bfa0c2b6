// What a file is, told from its content: attachments may only be of types that a dossier needs, and must be
// what they are said to be. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/casework/content_forms.h"
#include "libs/core/encoding.h"

namespace sifa::casework {

// Looks at content as it comes. The first piece must hold the first 64 KB (or all) of the content, and decides the type where a
// beginning can; packages and compound files are known at the end only.
class ContentInspector {
 public:
  // `declared`: media type as the caller gives it, or empty; `file_name`: its ending must fit the type.
  ContentInspector(absl::string_view declared, absl::string_view file_name);

  // INVALID_ARGUMENT "ATTACHMENT_TYPE_REFUSED" where the type is not allowed (programs, scripts, web pages,
  // documents with macros), or is not what was declared; the message says what the content is.
  absl::Status Take(absl::string_view piece);
  absl::Status Finish();

  // As recognised; after Finish.
  const std::string& content_type() const { return type_; }

 private:
  absl::Status Recognise(absl::string_view head);
  absl::Status TakeText(absl::string_view piece, bool last);
  // The type is known: is it allowed, and what was said?
  absl::Status Settle(absl::string_view type);

  std::string declared_;
  std::string ending_;
  std::string found_;  // of the first piece: a media type
  std::string type_;
  PackageReader package_;
  CompoundReader compound_;
  std::unique_ptr<TextDecoder> decoder_;  // of text; not before something beyond ASCII tells its encoding
  size_t text_seen_ = 0;                  // bytes
};

}  // namespace sifa::casework
