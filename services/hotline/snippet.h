// 参考答复: what agents may say on a matter, in versions, with the law behind it and the days for which it holds.
#pragma once

#include "libs/casework/definition.h"
#include "sifa/hotline/v1/snippet.pb.h"

namespace sifa::hotline {

using v1::Snippet;

extern const procedure::Procedure<Snippet> kSnippetProcedure;
extern const casework::Amendments<Snippet> kSnippetAmendments;
extern const casework::Definition<Snippet> kSnippet;

// FAILED_PRECONDITION "SNIPPET_NOT_VALID".
absl::Status RequireValidOn(const Snippet& snippet, const std::string& day);

}  // namespace sifa::hotline
