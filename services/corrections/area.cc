#include "services/corrections/area.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

namespace sifa::corrections {

// GB/T 2260: the third pair is 01–20 of a district, 21–80 of a county or banner, 81–99 of a county-level city. Of 直辖市 all that
// is under 01 are districts; what is under 90 belongs to the province itself and has no districts.
std::string AreaOf(const std::string& region) {
  constexpr std::array<const char*, 4> kMunicipalities = {"11", "12", "31", "50"};
  const std::string city = region.substr(0, 4), below = region.substr(4, 2);
  const bool municipality = std::count(kMunicipalities.begin(), kMunicipalities.end(), city.substr(0, 2)) > 0;
  const bool all_districts = municipality && city.substr(2) == "01";
  return all_districts || (city.substr(2) != "90" && below <= "20") ? city : region.substr(0, 6);
}

std::string CountyOf(absl::string_view office_path) {
  office_path.remove_suffix(1);
  return std::string(office_path.substr(0, office_path.rfind('/') + 1));
}

std::string OwnPath(absl::string_view office_path, absl::string_view subject) {
  return absl::StrCat(CountyOf(office_path), subject, "/");
}

}  // namespace sifa::corrections
