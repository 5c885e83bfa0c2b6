// 所居住的市、县 (实施办法 §26; law §2.5 R1): the districts of one city are one area; a county and a county-level city are areas
// of their own, wherever they belong.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace sifa::corrections {

// The area in which a division lies, as the digits that all divisions in it begin with. "330702" → "3307", "330783118" →
// "330783". A city as a whole lies where its districts do. REQUIRES: a division's code.
std::string AreaOf(const std::string& region);

// The path of the county whose office (司法所) has this one: "/33/3307/330783/330783118-05/" → "/33/3307/330783/".
std::string CountyOf(absl::string_view office_path);
// At which the person's own account is given its post (identity: Post.person), so that he reaches his records wherever in the county.
std::string OwnPath(absl::string_view office_path, absl::string_view subject);

}  // namespace sifa::corrections
