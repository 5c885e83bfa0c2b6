#include "libs/casework/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::casework {

std::string PageToken(const std::string& last, const std::string& digest) {
  return absl::WebSafeBase64Escape(absl::StrCat(last, ".", digest.substr(0, 6)));
}

absl::StatusOr<std::string> ReadPageToken(const std::string& token, const std::string& digest) {
  std::string text;
  const std::string tail = absl::StrCat(".", digest.substr(0, 6));
  if (!absl::WebSafeBase64Unescape(token, &text) || !absl::EndsWith(text, tail)) {
    return BadPageToken();
  }
  return text.substr(0, text.size() - tail.size());
}

absl::Status BadPageToken() { return InvalidField("page_token", "PAGE_TOKEN_INVALID", "翻页标记无效，请重新查询"); }

}  // namespace sifa::casework
