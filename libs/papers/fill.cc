#include "libs/papers/fill.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/timestamp.pb.h"
#include "libs/contract/rules.h"
#include "libs/core/clock.h"
#include "libs/core/money.h"

namespace sifa::papers {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr absl::string_view kGap = "＿＿＿＿＿＿";

// A value of a message by its path; where the path ends nowhere, because something on its way is not set, no message.
struct Place {
  const Message* message = nullptr;
  const FieldDescriptor* field = nullptr;
};

Place Find(const Message& object, absl::string_view path, const Filling& filling) {
  Place place{&object};
  for (const absl::string_view step : absl::StrSplit(path, '.')) {
    if (place.field != nullptr) {
      if (place.field->message_type() != nullptr) {
        place.message = &place.message->GetReflection()->GetMessage(*place.message, place.field);
      } else {
        const auto found = filling.related.find(place.field->name());
        if (found == filling.related.end()) return {};
        place.message = found->second;
      }
    }
    place.field = place.message->GetDescriptor()->FindFieldByName(std::string(step));
  }
  return place;
}

bool NamesDivision(const FieldDescriptor& field) {
  return field.name() == "region" || absl::EndsWith(field.name(), "_region") ||
         contract::RuleOf(field).format() == options::v1::FORMAT_REGION;
}

std::string TextInWords(const std::string& text, const FieldDescriptor& field, const Filling& filling) {
  if (absl::CivilDay day; ParseDay(text, &day)) return DayInWords(day);
  const auto rule = contract::RuleOf(field);
  if (!rule.code_table().empty()) {
    const absl::string_view label = filling.codes.LabelOf(rule.code_table(), text);
    return label.empty() ? text : std::string(label);
  }
  if (NamesDivision(field)) {
    const auto code = RegionCode::Parse(text);
    const std::string name = code.ok() ? filling.regions.Path(*code, filling.day) : "";
    return name.empty() ? text : name;
  }
  return text;
}

std::string InstantInWords(const google::protobuf::Timestamp& instant) {
  const absl::CivilSecond time = absl::ToCivilSecond(absl::FromUnixSeconds(instant.seconds()), ChinaTime());
  return absl::StrCat(DayInWords(absl::CivilDay(time)), time.hour(), "时", time.minute(), "分");
}

bool HasSomething(const Place& place) {
  if (place.message == nullptr) return false;
  const auto& reflection = *place.message->GetReflection();
  return place.field->is_repeated() ? reflection.FieldSize(*place.message, place.field) > 0
                                    : reflection.HasField(*place.message, place.field);
}

// A value as a condition compares it.
std::string PlainValue(const Place& place) {
  const auto& reflection = *place.message->GetReflection();
  if (place.field->is_repeated()) return "";
  switch (place.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(*place.message, place.field)->name();
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(*place.message, place.field);
    default:
      return "";
  }
}

bool Holds(const Template::Condition& condition, const Filling& filling) {
  const Place place = Find(filling.object, condition.path, filling);
  if (condition.value.empty()) return HasSomething(place) == condition.holds;
  return (place.message != nullptr && PlainValue(place) == condition.value) == condition.holds;
}

// "county"; or of the division, or the organisation, whose code a field has: "county:to_region", "organ:inspector".
std::string WordOf(const std::string& word, const Message& object, const Filling& filling) {
  const size_t colon = word.find(':');
  if (colon == std::string::npos) {
    const auto known = filling.words.find(word);
    return known == filling.words.end() ? "" : known->second;
  }
  const Place place = Find(object, word.substr(colon + 1), filling);
  if (!HasSomething(place)) return "";
  const std::string code = PlainValue(place), organ = word.substr(0, colon);
  return organ == "organ" ? OrganOf(code, filling.day, filling.regions) : OrgansOf(code, filling.day, filling.regions)[organ];
}

std::string TextOf(const Template::Parts& parts, const Message& object, const Filling& filling, absl::string_view gap) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i % 2 == 0) {
      absl::StrAppend(&text, parts[i]);
      continue;
    }
    std::string value;
    if (parts[i][0] == '@') {
      value = WordOf(parts[i].substr(1), object, filling);
    } else if (const Place place = Find(object, parts[i], filling); HasSomething(place)) {
      value = ValueOf(*place.message, *place.field, filling);
    }
    absl::StrAppend(&text, value.empty() ? gap : value);
  }
  return text;
}

void AddLine(const Template::Line& line, const Message& object, const Filling& filling, Sheet* sheet) {
  const absl::string_view gap = line.kind == Block::Kind::kRow || line.kind == Block::Kind::kCentred ? "" : kGap;
  Block block{.kind = line.kind};
  for (const auto& parts : line.texts) block.texts.push_back(TextOf(parts, object, filling, gap));
  if (line.is_title) {
    sheet->title = block.texts[0];
  } else if (line.kind == Block::Kind::kParagraph) {
    // What people wrote in several lines is as many paragraphs.
    for (const absl::string_view text : absl::StrSplit(block.texts[0], '\n', absl::SkipWhitespace())) {
      sheet->blocks.push_back({Block::Kind::kParagraph, {std::string(text)}});
    }
  } else {
    sheet->blocks.push_back(std::move(block));
  }
}

}  // namespace

std::string DayInWords(absl::CivilDay day) { return absl::StrCat(day.year(), "年", day.month(), "月", day.day(), "日"); }

std::string ValueOf(const Message& message, const FieldDescriptor& field, const Filling& filling) {
  const auto& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    std::vector<std::string> values;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        values.push_back(TextInWords(reflection.GetRepeatedString(message, &field, i), field, filling));
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
        values.push_back(reflection.GetRepeatedEnum(message, &field, i)->options().GetExtension(options::v1::label));
    }
    return absl::StrJoin(values, "、");
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return TextInWords(reflection.GetString(message, &field), field, filling);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(message, &field)->options().GetExtension(options::v1::label);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "是" : "否";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64: {
      const int64_t number = reflection.GetInt64(message, &field);
      return absl::EndsWith(field.name(), "_fen") ? absl::StrCat(FormatYuan(number), "元") : absl::StrCat(number);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return InstantInWords(static_cast<const google::protobuf::Timestamp&>(reflection.GetMessage(message, &field)));
    default:
      return "";
  }
}

Sheet Fill(const Template& paper, const Filling& filling) {
  Sheet sheet;
  const auto holds = [&](const Template::Line& line) {
    return std::all_of(line.conditions.begin(), line.conditions.end(), [&](const auto& c) { return Holds(c, filling); });
  };
  const auto& lines = paper.lines();
  for (auto line = lines.begin(); line != lines.end();) {
    const auto next = std::find_if(line + 1, lines.end(), [&](const auto& other) {
      return line->each.empty() || other.each != line->each || other.last != line->last;
    });
    const Place list = line->each.empty() ? Place{} : Find(filling.object, line->each, filling);
    const int elements = list.message == nullptr ? 0 : list.message->GetReflection()->FieldSize(*list.message, list.field);
    if (line->each.empty() && holds(*line)) AddLine(*line, filling.object, filling, &sheet);
    for (int i = line->last ? std::max(0, elements - 1) : 0; i < elements; ++i) {
      const Message& element = list.message->GetReflection()->GetRepeatedMessage(*list.message, list.field, i);
      std::for_each(line, next, [&](const Template::Line& of) {
        if (holds(of)) AddLine(of, element, filling, &sheet);
      });
    }
    line = next;
  }
  return sheet;
}

std::string OrganOf(absl::string_view organisation, absl::CivilDay day, const RegionTable& regions) {
  const absl::string_view digits = organisation.substr(0, organisation.find_first_not_of("0123456789"));
  const auto code = RegionCode::ParsePrefix(digits);
  if (!code.ok()) return "";
  const absl::string_view name = regions.NameOf(*code, day);
  if (name.empty()) return "";
  return absl::StrCat(name, digits.size() == 2 ? "司法厅" : digits.size() <= 6 ? "司法局" : "司法所");
}

std::map<std::string, std::string> OrgansOf(absl::string_view region, absl::CivilDay day, const RegionTable& regions) {
  const auto county = RegionCode::ParsePrefix(region.substr(0, 6));
  return {{"province", OrganOf(region.substr(0, 2), day, regions)},
          {"city", OrganOf(region.substr(0, 4), day, regions)},
          {"county", OrganOf(region.substr(0, 6), day, regions)},
          {"office", OrganOf(region.substr(0, 9), day, regions)},
          {"district", county.ok() ? std::string(regions.NameOf(*county, day)) : ""}};
}

}  // namespace sifa::papers
