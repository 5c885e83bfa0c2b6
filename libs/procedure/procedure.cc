#include "libs/procedure/procedure.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::procedure {

absl::string_view LevelName(Level level) {
  switch (level) {
    case Level::kOwner: return "承办单位";
    case Level::kProvince: return "省级";
    case Level::kCity: return "市级";
    case Level::kCounty: return "县级";
    case Level::kTownship: return "乡镇街道";
    case Level::kVillage: return "村居";
    case Level::kSystem: return "系统";
  }
  return "";
}

bool Law::HoldsOn(absl::CivilDay day) const {
  const std::string text = FormatDay(day);
  return (valid_from.empty() || valid_from <= text) && (valid_to.empty() || text <= valid_to);
}

bool Laws::HoldOn(absl::CivilDay day) const {
  return std::any_of(begin(), end(), [&](const Law& law) { return law.HoldsOn(day); });
}

const Law& Laws::On(absl::CivilDay day) const {
  const auto held = std::find_if(begin(), end(), [&](const Law& law) { return law.HoldsOn(day); });
  return held == end() ? Present() : *held;
}

std::string Laws::ArticleOn(absl::CivilDay day) const {
  if (empty()) return "";
  const Law& law = On(day);
  return law.instrument == Present().instrument ? std::string(law.article) : law.ToString();
}

std::string Law::ToString() const {
  if (article.empty()) return absl::StrCat("《", instrument, "》");
  return absl::StrCat("《", instrument, "》第", article, "条");
}

std::string LabelOf(const google::protobuf::EnumDescriptor* type, int number) {
  const auto* value = type->FindValueByNumber(number);
  if (value == nullptr) return absl::StrCat(number);
  const std::string& label = value->options().GetExtension(options::v1::label);
  return label.empty() ? value->name() : label;
}

std::string NameOf(const google::protobuf::EnumDescriptor* type, int number) {
  const auto* value = type->FindValueByNumber(number);
  return value == nullptr ? absl::StrCat(number) : value->name();
}

absl::Status NotInForce(const Laws& laws, absl::string_view act, absl::CivilDay day) {
  const std::string on = FormatDay(day);
  for (const Law& law : laws) {
    if (on >= law.valid_from) continue;
    return Refused("LAW_NOT_IN_FORCE",
                   absl::StrCat(law.ToString(), "自", law.valid_from, "起施行，", on, "尚不能“", act, "”"),
                   {law.instrument, law.article});
  }
  const Law& law = laws.Present();
  return Refused("LAW_NOT_IN_FORCE", absl::StrCat(law.ToString(), "自", law.valid_to, "后失效，", on, "不能再“", act, "”"),
                 {law.instrument, law.article});
}

}  // namespace sifa::procedure
