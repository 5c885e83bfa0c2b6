#include "services/enforcement/rules/parameters.h"

#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/core/clock.h"
#include "libs/core/csv.h"
#include "libs/core/status.h"

namespace sifa::enforcement::rules {
namespace {

absl::Status ReadDay(absl::string_view text, absl::CivilDay* day) {
  return text.empty() || ParseDay(text, day) ? absl::OkStatus() : Internal(absl::StrCat("no day: ", text));
}

// A division with all below it: 330000 is 33, 330700 is 3307.
absl::string_view Stem(absl::string_view region) {
  while (absl::EndsWith(region, "00")) region.remove_suffix(2);
  return region;
}

}  // namespace

absl::StatusOr<Parameters> Parameters::Load(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::string csv, ReadDataFile(directory + "/rule-parameters.csv"));
  return Parse(csv);
}

absl::StatusOr<Parameters> Parameters::Parse(absl::string_view csv) {
  Parameters parsed;
  RETURN_IF_ERROR(ReadCsv(csv, {"rule", "name", "field", "region", "value", "valid_from", "valid_to", "source"}, 8,
                          [&](absl::Span<const absl::string_view> fields) -> absl::Status {
                            Parameter& one = parsed.all_.emplace_back();
                            one.rule = std::string(fields[0]);
                            one.name = std::string(fields[1]);
                            one.field = std::string(fields[2]);
                            one.region = std::string(fields[3]);
                            if (!absl::SimpleAtoi(fields[4], &one.value)) return Internal(absl::StrCat("no number: ", fields[4]));
                            RETURN_IF_ERROR(ReadDay(fields[5], &one.from));
                            RETURN_IF_ERROR(ReadDay(fields[6], &one.to));
                            one.source = std::string(fields[7]);
                            return absl::OkStatus();
                          }));
  return parsed;
}

std::optional<int64_t> Parameters::Find(absl::string_view rule, absl::string_view name, absl::string_view field,
                                        absl::string_view region, absl::CivilDay day) const {
  const Parameter* best = nullptr;
  const auto weight = [](const Parameter& one) { return std::make_tuple(Stem(one.region).size(), !one.field.empty()); };
  for (const Parameter& one : all_) {
    const bool applies = one.rule == rule && one.name == name && one.from <= day && day <= one.to &&
                         (one.field.empty() || one.field == field) && absl::StartsWith(region, Stem(one.region));
    if (applies && (best == nullptr || weight(*best) <= weight(one))) best = &one;
  }
  return best == nullptr ? std::nullopt : std::optional(best->value);
}

Parameters Parameters::With(const std::vector<Parameter>& others) const {
  Parameters both = *this;
  both.all_.insert(both.all_.end(), others.begin(), others.end());
  return both;
}

}  // namespace sifa::enforcement::rules
