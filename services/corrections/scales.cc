#include "services/corrections/scales.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/core/csv.h"
#include "libs/core/rounding.h"
#include "libs/core/status.h"

namespace sifa::corrections {
namespace {

using Fields = absl::Span<const absl::string_view>;
using Case = v1::PsychologyCase;

absl::StatusOr<int> NumberOf(absl::string_view text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number)) return Internal(absl::StrCat("not a number: ", text));
  return number;
}

absl::Status ReadTable(const std::string& path, absl::Span<const absl::string_view> columns, CsvRow row) {
  ASSIGN_OR_RETURN(const std::string text, ReadDataFile(path));
  return ReadCsv(text, columns, columns.size(), row);
}

absl::StatusOr<ScaleItem::Kind> KindOf(absl::string_view text) {
  if (text == "plain") return ScaleItem::kPlain;
  if (text == "reverse") return ScaleItem::kReverse;
  if (text == "lie") return ScaleItem::kLie;
  return Internal(absl::StrCat("no kind of item: ", text));
}

absl::Status Check(const Scale& scale) {
  const auto scored =
      std::count_if(scale.items.begin(), scale.items.end(), [](const auto& i) { return i.kind != ScaleItem::kLie; });
  const bool levels_rise = std::is_sorted(scale.levels.begin(), scale.levels.end(),
                                          [](const ScaleLevel& a, const ScaleLevel& b) { return a.at_least < b.at_least; });
  if (scored > scale.most_missing && scale.answers.size() > 1 && !scale.levels.empty() && scale.levels[0].at_least == 0 &&
      levels_rise)
    return absl::OkStatus();
  return Internal(absl::StrCat("scale cannot be scored: ", scale.code, " ", scale.version));
}

}  // namespace

absl::StatusOr<Scales> Scales::Load(const std::string& directory) {
  Scales scales;
  const auto table = [&](const char* name) { return absl::StrCat(directory, "/", name, ".csv"); };
  RETURN_IF_ERROR(ReadTable(table("scales"), {"scale", "version", "name", "valid_from", "most_missing", "most_lies"},
                            [&](Fields fields) -> absl::Status {
                              Scale& scale = scales.scales_.emplace_back();
                              scale.code = std::string(fields[0]);
                              ASSIGN_OR_RETURN(scale.version, NumberOf(fields[1]));
                              scale.name = std::string(fields[2]);
                              scale.valid_from = std::string(fields[3]);
                              ASSIGN_OR_RETURN(scale.most_missing, NumberOf(fields[4]));
                              ASSIGN_OR_RETURN(scale.most_lies, NumberOf(fields[5]));
                              return absl::OkStatus();
                            }));
  const auto scale_of = [&](Fields fields) -> absl::StatusOr<Scale*> {
    for (Scale& scale : scales.scales_) {
      if (scale.code == fields[0] && absl::StrCat(scale.version) == fields[1]) return &scale;
    }
    return Internal(absl::StrCat("no scale: ", fields[0], " ", fields[1]));
  };
  RETURN_IF_ERROR(
      ReadTable(table("scale-answers"), {"scale", "version", "answer", "label", "score"}, [&](Fields fields) -> absl::Status {
        ASSIGN_OR_RETURN(Scale * scale, scale_of(fields));
        ScaleAnswer& answer = scale->answers.emplace_back(ScaleAnswer{std::string(fields[2]), std::string(fields[3])});
        ASSIGN_OR_RETURN(answer.score, NumberOf(fields[4]));
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(
      ReadTable(table("scale-items"), {"scale", "version", "item", "kind", "text"}, [&](Fields fields) -> absl::Status {
        ASSIGN_OR_RETURN(Scale * scale, scale_of(fields));
        if (absl::StrCat(scale->items.size() + 1) != fields[2]) return Internal(absl::StrCat("items out of order: ", fields[2]));
        ScaleItem& item = scale->items.emplace_back();
        ASSIGN_OR_RETURN(item.kind, KindOf(fields[3]));
        item.text = std::string(fields[4]);
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(ReadTable(table("scale-levels"), {"scale", "version", "at_least", "level", "amend_plan", "warn"},
                            [&](Fields fields) -> absl::Status {
                              ASSIGN_OR_RETURN(Scale * scale, scale_of(fields));
                              ScaleLevel& level = scale->levels.emplace_back();
                              ASSIGN_OR_RETURN(level.at_least, NumberOf(fields[2]));
                              if (!Case::Level_Parse(std::string(fields[3]), &level.level))
                                return Internal(absl::StrCat("no level: ", fields[3]));
                              level.amend_plan = fields[4] == "1";
                              level.warn = fields[5] == "1";
                              return absl::OkStatus();
                            }));
  for (const Scale& scale : scales.scales_) RETURN_IF_ERROR(Check(scale));
  return scales;
}

const Scale* Scales::Find(absl::string_view code, absl::string_view day) const {
  const Scale* found = nullptr;
  for (const Scale& scale : scales_) {
    if (scale.code == code && scale.valid_from <= day && (found == nullptr || found->version < scale.version)) found = &scale;
  }
  return found;
}

std::vector<const Scale*> Scales::On(absl::string_view day) const {
  std::vector<const Scale*> found;
  for (const Scale& scale : scales_) {
    if (Find(scale.code, day) == &scale) found.push_back(&scale);
  }
  return found;
}

Scored Score(const Scale& scale, absl::Span<const int> answers) {
  const int least = scale.answers.front().score, most = scale.answers.back().score;
  Scored scored;
  int answered = 0;
  for (size_t i = 0; i < scale.items.size(); ++i) {
    const int chosen = i < answers.size() ? answers[i] : kNoAnswer;
    const ScaleItem::Kind kind = scale.items[i].kind;
    if (kind == ScaleItem::kLie) {
      scored.lies += chosen != kNoAnswer && scale.answers[chosen].score == most;
    } else if (chosen == kNoAnswer) {
      ++scored.missing;
    } else {
      ++answered;
      const int score = scale.answers[chosen].score;
      scored.score += kind == ScaleItem::kReverse ? least + most - score : score;
    }
  }
  if (answered > 0) scored.score = static_cast<int>(RoundHalfUp(int64_t{scored.score} * (answered + scored.missing), answered));
  scored.valid = answered > 0 && scored.missing <= scale.most_missing && scored.lies <= scale.most_lies;
  for (const ScaleLevel& level : scale.levels) {
    if (scored.score >= level.at_least) scored.level = &level;
  }
  return scored;
}

}  // namespace sifa::corrections
