#include "libs/papers/templates.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::papers {

absl::Status Templates::Load(const std::string& folder) {
  std::error_code missing;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, missing)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".txt") continue;
    const std::string name = absl::StrCat(path.parent_path().filename().string(), "/", path.filename().string());
    // ANNOUNCEMENT, or ANNOUNCEMENT.2027-01-01
    const std::filesystem::path stem = path.stem();
    absl::CivilDay from(1900, 1, 1);
    if (stem.has_extension() && !ParseDay(stem.extension().string().substr(1), &from))
      return Error(absl::StatusCode::kInvalidArgument, "PAPER_TEMPLATE_INVALID",
                   absl::StrCat("文书模板", name, "的文件名没有日期"));
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    ASSIGN_OR_RETURN(Template read, Template::Parse(text, name));
    templates_[{path.parent_path().filename().string(), stem.stem().string()}].emplace(from, std::move(read));
  }
  return absl::OkStatus();
}

const Template* Templates::Find(const std::string& object, const std::string& document, absl::CivilDay day) const {
  const auto found = templates_.find({object, document});
  if (found == templates_.end()) return nullptr;
  const auto later = found->second.upper_bound(day);
  return later == found->second.begin() ? nullptr : &std::prev(later)->second;
}

}  // namespace sifa::papers
