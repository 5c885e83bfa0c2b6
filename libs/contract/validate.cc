#include "libs/contract/validate.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/contract/mask.h"
#include "libs/contract/rules.h"
#include "libs/core/clock.h"
#include "libs/core/id.h"
#include "libs/core/identifiers.h"
#include "libs/core/json_path.h"
#include "libs/core/phone.h"
#include "libs/core/region.h"
#include "libs/core/status.h"
#include "libs/core/text.h"

namespace sifa::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using options::v1::FieldRule;

constexpr int kMaxViolations = 20;

// Where the check stands; becomes text only for a violation.
struct Place {
  const Place* up = nullptr;
  const FieldDescriptor* field = nullptr;
  int index = -1;   // in a list
  std::string key;  // in a map

  std::string Path() const {
    std::string path =
        up == nullptr || up->field == nullptr ? field->name() : absl::StrCat(up->Path(), ".", field->name());
    if (field->is_map() && index >= 0) return absl::StrCat(path, "[\"", key, "\"]");
    return index >= 0 ? absl::StrCat(path, "[", index, "]") : path;
  }
};

size_t CharactersOf(absl::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
}

// OK, or why people cannot read what the text holds. `lines`: it may have several.
absl::Status CheckReadable(bool lines, absl::string_view text) {
  const auto refuse = [](absl::string_view reason, absl::string_view message) {
    return Error(absl::StatusCode::kInvalidArgument, reason, message);
  };
  bool blank = !text.empty();
  for (absl::string_view rest = text; !rest.empty();) {
    const char32_t c = NextCharacter(&rest);
    blank = blank && (IsWhiteSpace(c) || IsInvisible(c));
    if (!IsControl(c) || (lines && (c == '\n' || c == '\t'))) continue;
    return refuse("FIELD_CHARACTER", !lines && IsWhiteSpace(c) ? "只能填写一行，不能含有换行或制表符" : "不能含有控制字符或改变书写方向的字符");
  }
  return blank ? refuse("FIELD_BLANK", "不能只填空格") : absl::OkStatus();
}

// A citizen's number, which only a field that is masked may hold.
bool IsCitizenId(absl::string_view text) {
  constexpr size_t kShortest = 18;
  return text.size() >= kShortest && CheckCitizenId(NormalCode(text)) == CitizenIdVerdict::kValid;
}

class Validator {
 public:
  // `tolerated`: of a stored object; nullptr: a request.
  Validator(absl::CivilDay today, const CodeTables* tables, const std::set<std::string>* tolerated)
      : today_(today), tables_(tables), tolerated_(tolerated), stored_(tolerated != nullptr) {}

  void Check(const TypeRules& rules, const Message& message, const Place* up) {
    for (const FieldCheck& check : rules.checks) {
      if (count_ >= kMaxViolations) return;
      const Place place{up, check.field};
      if (check.field->is_map()) {
        CheckMap(check, message, place);
      } else if (check.field->is_repeated()) {
        CheckList(check, message, place);
      } else {
        CheckSingle(check, message, place);
      }
    }
  }

  absl::Status Take() { return std::move(status_); }

 private:
  void Violate(const Place& place, absl::string_view reason, absl::string_view message) {
    if (count_ >= kMaxViolations) return;
    if (stored_ && !tolerated_->empty() && tolerated_->contains(JsonPath(place.Path()))) return;
    if (++count_ == 1) {
      status_ = InvalidField(place.Path(), reason, message);
    } else {
      AddFieldViolation(status_, place.Path(), message);
    }
  }

  static bool IsMessage(const FieldCheck& check) { return check.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

  // True where the list may be looked into.
  bool CheckSize(const FieldCheck& check, int size, const Place& place) {
    const FieldRule& rule = check.rule;
    if (rule.output_only() && (!stored_ || IsMessage(check))) {
      if (size > 0 && !stored_) Violate(place, "FIELD_OUTPUT_ONLY", "由系统填写，不能提交");
      return false;
    }
    if (rule.required() && size == 0) {
      Violate(place, "FIELD_REQUIRED", "不能为空");
    } else if (static_cast<uint32_t>(size) < rule.min_items()) {
      Violate(place, "TOO_FEW_ITEMS", absl::StrCat("至少", rule.min_items(), "项"));
    }
    if (size <= check.max_items) return true;
    Violate(place, "TOO_MANY_ITEMS", absl::StrCat("最多", check.max_items, "项"));
    return false;
  }

  void CheckMap(const FieldCheck& check, const Message& message, Place place) {
    const Reflection& reflection = *message.GetReflection();
    const int size = reflection.FieldSize(message, check.field);
    if (!CheckSize(check, size, place)) return;
    const FieldDescriptor* key = check.field->message_type()->FindFieldByNumber(1);
    const FieldDescriptor* value = check.field->message_type()->FindFieldByNumber(2);
    for (int i = 0; i < size; ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, check.field, i);
      const Reflection& inside = *entry.GetReflection();
      place.index = i;
      place.key = KeyOf(entry, key);
      if (key->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        if (place.key.size() > check.max_length) Violate(place, "FIELD_TOO_LONG", "键过长");
        if (!CheckCharacters(false, place.key, place)) continue;
      }
      if (value->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        CheckValue(check, entry, value, -1, place);
      } else if (check.inner != nullptr) {
        Check(*check.inner, inside.GetMessage(entry, value), &place);
      }
    }
  }

  static std::string KeyOf(const Message& entry, const FieldDescriptor* key) {
    const Reflection& reflection = *entry.GetReflection();
    switch (key->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.GetString(entry, key);
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.GetBool(entry, key) ? "true" : "false";
      case FieldDescriptor::CPPTYPE_INT32:
        return absl::StrCat(reflection.GetInt32(entry, key));
      case FieldDescriptor::CPPTYPE_INT64:
        return absl::StrCat(reflection.GetInt64(entry, key));
      case FieldDescriptor::CPPTYPE_UINT32:
        return absl::StrCat(reflection.GetUInt32(entry, key));
      default:
        return absl::StrCat(reflection.GetUInt64(entry, key));
    }
  }

  void CheckList(const FieldCheck& check, const Message& message, Place place) {
    const Reflection& reflection = *message.GetReflection();
    const int size = reflection.FieldSize(message, check.field);
    if (!CheckSize(check, size, place)) return;
    for (int i = 0; i < size; ++i) {
      place.index = i;
      if (check.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        CheckValue(check, message, check.field, i, place);
      } else if (check.inner != nullptr) {
        Check(*check.inner, reflection.GetRepeatedMessage(message, check.field, i), &place);
      }
    }
  }

  void CheckSingle(const FieldCheck& check, const Message& message, const Place& place) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor* field = check.field;
    const bool present = reflection.HasField(message, field);  // without presence: is not the default
    if (!present || IsEmptyText(message, field)) {
      if (!check.rule.required()) return;
      const bool choose = field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
      return Violate(place, choose ? "ENUM_UNKNOWN" : "FIELD_REQUIRED", choose ? "请选择一项" : "不能为空");
    }
    if (check.rule.output_only() && !stored_) return Violate(place, "FIELD_OUTPUT_ONLY", "由系统填写，不能提交");
    if (check.rule.output_only() && IsMessage(check)) return;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      CheckValue(check, message, field, -1, place);
    } else if (check.inner != nullptr) {
      Check(*check.inner, reflection.GetMessage(message, field), &place);
    }
  }

  static bool IsEmptyText(const Message& message, const FieldDescriptor* field) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
    std::string scratch;
    return message.GetReflection()->GetStringReference(message, field, &scratch).empty();
  }

  // A single value, or the index-th of a list. `field` is the check's own or, of a map, that of its values.
  void CheckValue(const FieldCheck& check, const Message& message, const FieldDescriptor* field, int index,
                  const Place& place) {
    const Reflection& r = *message.GetReflection();
    const bool one = index < 0;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        std::string scratch;
        const std::string& text = one ? r.GetStringReference(message, field, &scratch)
                                      : r.GetRepeatedStringReference(message, field, index, &scratch);
        return field->type() == FieldDescriptor::TYPE_BYTES ? CheckBytes(check, text, place)
                                                            : CheckText(check, text, place);
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(check, field,
                         one ? r.GetEnumValue(message, field) : r.GetRepeatedEnumValue(message, field, index),
                         place);
      case FieldDescriptor::CPPTYPE_INT32:
        return CheckRange(check, one ? r.GetInt32(message, field) : r.GetRepeatedInt32(message, field, index),
                          place);
      case FieldDescriptor::CPPTYPE_INT64:
        return CheckRange(check, one ? r.GetInt64(message, field) : r.GetRepeatedInt64(message, field, index),
                          place);
      case FieldDescriptor::CPPTYPE_UINT32:
        return CheckRange(
            check, one ? r.GetUInt32(message, field) : r.GetRepeatedUInt32(message, field, index), place);
      case FieldDescriptor::CPPTYPE_UINT64:
        return CheckRange(
            check, one ? r.GetUInt64(message, field) : r.GetRepeatedUInt64(message, field, index), place);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return CheckRange(check, one ? r.GetFloat(message, field) : r.GetRepeatedFloat(message, field, index),
                          place);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return CheckRange(
            check, one ? r.GetDouble(message, field) : r.GetRepeatedDouble(message, field, index), place);
      default:
        return;
    }
  }

  template <class Number>
  void CheckRange(const FieldCheck& check, Number value, const Place& place) {
    const FieldRule& rule = check.rule;
    // Written so that NaN is outside.
    if (rule.has_minimum() && !AtLeast(value, rule.minimum()))
      return Violate(place, "FIELD_RANGE", absl::StrCat("不能小于", rule.minimum()));
    if (rule.has_maximum() && !AtMost(value, rule.maximum()))
      return Violate(place, "FIELD_RANGE", absl::StrCat("不能大于", rule.maximum()));
  }
  static bool AtLeast(uint64_t value, int64_t bound) {
    return bound <= 0 || value >= static_cast<uint64_t>(bound);
  }
  static bool AtMost(uint64_t value, int64_t bound) {
    return bound >= 0 && value <= static_cast<uint64_t>(bound);
  }
  template <class Number>
  static bool AtLeast(Number value, int64_t bound) {
    return value >= static_cast<Wide<Number>>(bound);
  }
  template <class Number>
  static bool AtMost(Number value, int64_t bound) {
    return value <= static_cast<Wide<Number>>(bound);
  }
  template <class Number>
  using Wide = std::conditional_t<std::is_floating_point_v<Number>, double, int64_t>;

  void CheckEnum(const FieldCheck& check, const FieldDescriptor* field, int number, const Place& place) {
    if (number == 0 && check.rule.required()) return Violate(place, "ENUM_UNKNOWN", "请选择一项");
    if (field->enum_type()->FindValueByNumber(number) == nullptr)
      Violate(place, "ENUM_UNKNOWN", "没有这个代码");
  }

  void CheckBytes(const FieldCheck& check, absl::string_view bytes, const Place& place) {
    if (bytes.size() > check.max_length)
      Violate(place, "FIELD_TOO_LONG", absl::StrCat("不能超过", check.max_length, "字节"));
  }

  bool CheckCharacters(bool lines, absl::string_view text, const Place& place) {
    const absl::Status readable = CheckReadable(lines, text);
    if (!readable.ok()) Violate(place, ReasonOf(readable), readable.message());
    return readable.ok();
  }

  void CheckText(const FieldCheck& check, absl::string_view text, const Place& place) {
    if (text.empty() || !CheckCharacters(check.lines, text, place)) return;
    if (text.size() > check.max_length && CharactersOf(text) > check.max_length)
      return Violate(place, "FIELD_TOO_LONG", absl::StrCat("不能超过", check.max_length, "个字"));
    if (check.pattern != nullptr &&
        !RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *check.pattern))
      return Violate(place, "FIELD_PATTERN", "格式不符合要求");
    if (LooksMasked(check.rule.sensitive(), text))
      return Violate(place, "FIELD_MASKED", "这是脱敏后的内容，请注明事由读取原文后再提交");
    if (check.name && FoldName(text).empty()) return Violate(place, "FIELD_BLANK", "名称应当有文字");
    if (check.exposed && !stored_ && IsCitizenId(text)) {
      return Violate(place, "CITIZEN_ID_MISPLACED", "这是公民身份号码，应当填写在证件号码一栏");
    }
    if (check.rule.format() != options::v1::FORMAT_UNSPECIFIED) CheckFormat(check.rule.format(), text, place);
    const std::string& table = check.rule.code_table();
    if (tables_ != nullptr && !table.empty() && !tables_->Has(table, text))
      Violate(place, "CODE_UNKNOWN", "没有这个代码，请从代码表中选择");
  }

  void CheckFormat(options::v1::Format format, absl::string_view text, const Place& place) {
    switch (format) {
      case options::v1::FORMAT_DATE:
        CheckDate(text, place);
        break;
      case options::v1::FORMAT_PAST_DATE:
        if (CheckDate(text, place) > today_) Violate(place, "FIELD_DATE_FUTURE", "日期不能晚于今天");
        break;
      case options::v1::FORMAT_ID:
        if (!ParseId(text).ok()) Violate(place, "FIELD_ID", "标识符应为26位编码");
        break;
      case options::v1::FORMAT_REGION:
        if (!RegionCode::Parse(text).ok()) Violate(place, "FIELD_REGION", "行政区划代码应为6、9或12位数字");
        break;
      case options::v1::FORMAT_CITIZEN_ID:
        if (const auto id = ParseCitizenId(text, today_); !id.ok())
          Violate(place, "CITIZEN_ID_INVALID", id.status().message());
        break;
      case options::v1::FORMAT_PHONE:
        if (!NormalPhone(text)) {
          Violate(place, "FIELD_PHONE", "电话号码有误：手机号为11位，固定电话请写区号，如0579-86620001");
        }
        break;
      default:
        break;
    }
  }

  // The date, or the first day of all where it is none.
  absl::CivilDay CheckDate(absl::string_view text, const Place& place) {
    absl::CivilDay day;
    if (ParseDay(text, &day) && day >= absl::CivilDay(1900, 1, 1)) return day;
    Violate(place, "FIELD_DATE", "应为1900年以后真实存在的日期，例如2024-09-27");
    return absl::CivilDay::min();
  }

  const absl::CivilDay today_;
  const CodeTables* const tables_;
  const std::set<std::string>* const tolerated_;
  const bool stored_;
  absl::Status status_;
  int count_ = 0;
};

absl::Status CheckAll(const Message& message, absl::CivilDay today, const CodeTables* tables,
                      const std::set<std::string>* tolerated) {
  const TypeRules& rules = FieldRulesOf(message.GetDescriptor());
  if (rules.checks.empty()) return absl::OkStatus();
  Validator validator(today, tables, tolerated);
  validator.Check(rules, message, nullptr);
  return validator.Take();
}

}  // namespace

absl::Status ValidateLine(absl::string_view text) { return CheckReadable(false, text); }

absl::Status Validate(const Message& request, absl::CivilDay today, const CodeTables* tables) {
  return CheckAll(request, today, tables, nullptr);
}

absl::Status ValidateStored(const Message& object, absl::CivilDay today, const CodeTables* tables,
                            const std::set<std::string>& tolerated) {
  return CheckAll(object, today, tables, &tolerated);
}

}  // namespace sifa::contract
