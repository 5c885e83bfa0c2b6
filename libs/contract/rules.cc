#include "libs/contract/rules.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "libs/contract/descriptor_cache.h"
#include "libs/core/phone.h"
#include "libs/core/text.h"

namespace sifa::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using options::v1::FieldRule;

// The supplied rules, parsed once; nullptr for a field that is none of those.
const FieldRule* SuppliedRuleOf(const FieldDescriptor& field) {
  static const auto& kRules = *new std::vector<FieldRule>([] {
    std::vector<FieldRule> rules;
    for (const KnownField& known : kKnownFields) {
      if (!google::protobuf::TextFormat::ParseFromString(std::string(known.rule), &rules.emplace_back())) std::abort();
    }
    return rules;
  }());
  if (field.is_repeated() || !absl::EndsWith(field.containing_type()->name(), "Request")) return nullptr;
  for (size_t i = 0; i < kRules.size(); ++i) {
    const KnownField& known = kKnownFields[i];
    if (known.name != field.name() || known.type != field.type()) continue;
    if (known.number == KnownField::kAnyNumber || known.number == field.number()) return &kRules[i];
  }
  return nullptr;
}

// Names that mean the same in every message.
const std::string* KnownLabelOf(const FieldDescriptor& field) {
  static const auto& kLabels = *new absl::flat_hash_map<std::string, std::string>{
      {"id", "编号"},
      {"etag", "版本"},
      {"organisation", "单位"},
      {"organisation_path", "单位路径"},
      {"region", "行政区划"},
      {"create_time", "登记时间"},
      {"update_time", "更新时间"},
      {"clocks", "期限"},
      {"papers", "文书"},
      {"next_page_token", "下一页标记"},
      {"object_type", "对象类型"},
      {"object", "对象编号"},
      {"object_id", "对象编号"},
      {"object_number", "对象案号"},
      {"assignee", "承办人"},
      {"acted_on", "最近办理日期"},
      {"permission", "权限"},
      {"law", "法律依据"},
      {"position", "日志位置"},
      {"journal_id", "日志编号"},
      {"rule_version", "规则版本"},
      {"kind", "种类"},
      {"state", "状态"},
      {"number", "案号"},
      {"name", "名称"},
      {"label", "名称"},
      {"level", "层级"},
      {"phone", "联系电话"},
      {"act", "办理行为"},
      {"cube", "统计主题"},
      {"day", "日期"},
      {"dimensions", "分类"},
      {"measures", "指标"},
      {"quarter_hour", "刻钟"},
  };
  if (!absl::StartsWith(field.file()->package(), "sifa.")) return nullptr;
  const auto at = kLabels.find(field.name());
  return at == kLabels.end() ? nullptr : &at->second;
}

constexpr size_t kMaxLength = 10000;
// A field that was given so much room is prose (facts, minutes, reasons), as is SENSITIVE_TEXT without a
// limit; any other is a single line.
constexpr uint32_t kProse = 500;

std::unique_ptr<const RE2> Compile(const std::string& pattern) {
  if (pattern.empty()) return nullptr;
  RE2::Options quiet;
  quiet.set_log_errors(false);
  return std::make_unique<const RE2>(pattern, quiet);
}

// The field whose rule it is: of a map, its values.
const FieldDescriptor& ValueOf(const FieldDescriptor& field) {
  return field.is_map() ? *field.message_type()->FindFieldByNumber(2) : field;
}

// What is no number stays as it was typed, and is refused.
std::string NormalPhoneOrText(absl::string_view text) { return NormalPhone(text).value_or(NormalLine(text)); }

using NormalForm = std::string (*)(absl::string_view);

NormalForm NormalFormOf(const FieldRule& rule, bool lines) {
  switch (rule.format()) {
    case options::v1::FORMAT_DATE:
    case options::v1::FORMAT_PAST_DATE:
    case options::v1::FORMAT_ID:
    case options::v1::FORMAT_REGION:
      return &NormalToken;
    case options::v1::FORMAT_CITIZEN_ID:
    case options::v1::FORMAT_CODE:
      return &NormalCode;
    case options::v1::FORMAT_PHONE:
      return &NormalPhoneOrText;
    case options::v1::FORMAT_NAME:
      return &NormalName;
    case options::v1::FORMAT_NUMBER:
      return &NormalNumber;
    default:
      break;
  }
  switch (rule.sensitive()) {
    case options::v1::SENSITIVE_NAME:
      return &NormalName;
    case options::v1::SENSITIVE_ID_NUMBER:
      return &NormalCode;
    case options::v1::SENSITIVE_SECRET:
      return nullptr;
    default:
      break;
  }
  if (!rule.code_table().empty() || !rule.pattern().empty()) return &NormalToken;
  return lines ? &NormalProse : &NormalLine;
}

bool HasMoreThanLabel(FieldRule rule) {
  rule.clear_label();
  return rule.ByteSizeLong() != 0;
}

// A plain bool or number has no limit unless its rule gives one.
bool HasLimits(const FieldDescriptor& field, const FieldRule& rule) {
  if (field.is_repeated() || HasMoreThanLabel(rule)) return true;
  return field.type() == FieldDescriptor::TYPE_STRING || field.type() == FieldDescriptor::TYPE_ENUM;
}

class Builder {
 public:
  using Map = DescriptorCache<TypeRules>::Map;

  explicit Builder(Map* map) : map_(map) {}

  const TypeRules* Build(const Descriptor* type) {
    Enter(type);
    DropIdle();
    return map_->at(type);
  }

 private:
  TypeRules* Enter(const Descriptor* type) {
    auto* rules = new TypeRules;  // kept for the life of the process
    map_->emplace(type, rules);
    built_.push_back(rules);
    if (absl::StartsWith(type->full_name(), "google.protobuf.")) return rules;  // values, not forms
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor& field = *type->field(i);
      FieldCheck check;
      check.field = &field;
      check.rule = RuleOf(field);
      const bool is_bytes = ValueOf(field).type() == FieldDescriptor::TYPE_BYTES;
      check.max_length = check.rule.max_length() != 0 ? check.rule.max_length()
                         : is_bytes ? std::numeric_limits<size_t>::max()  // the call's own limit
                                    : kMaxLength;
      check.max_items = MaxItemsOf(check.rule);
      check.lines = check.rule.max_length() >= kProse ||
                    (check.rule.max_length() == 0 && check.rule.sensitive() == options::v1::SENSITIVE_TEXT);
      if (ValueOf(field).type() == FieldDescriptor::TYPE_STRING) {
        const FieldRule& rule = check.rule;
        check.normal = NormalFormOf(rule, check.lines);
        check.name = check.normal == &NormalName;
        check.exposed = rule.sensitive() == options::v1::SENSITIVE_UNSPECIFIED &&
                        (check.name || check.normal == &NormalNumber || check.normal == &NormalLine);
      }
      check.pattern = Compile(check.rule.pattern());
      if (const Descriptor* inner = ValueOf(field).message_type(); inner != nullptr) {
        const auto at = map_->find(inner);
        check.inner = at != map_->end() ? at->second : Enter(inner);
      }
      rules->checks.push_back(std::move(check));
    }
    return rules;
  }

  // Keeps the checks that check something, here or further in. Types may be cyclic, so what is worth keeping
  // is found from those with limits of their own outwards; types of earlier builds are final already.
  void DropIdle() {
    for (bool changed = true; changed;) {
      changed = false;
      for (TypeRules* rules : built_) {
        if (rules->checks_any) continue;
        rules->checks_any = std::any_of(rules->checks.begin(), rules->checks.end(), &Checks);
        changed |= rules->checks_any;
      }
    }
    for (TypeRules* rules : built_) {
      std::erase_if(rules->checks, [](const FieldCheck& check) { return !Checks(check); });
      for (FieldCheck& check : rules->checks) {
        if (check.inner != nullptr && !check.inner->checks_any) check.inner = nullptr;
      }
    }
  }

  static bool Checks(const FieldCheck& check) {
    return HasLimits(*check.field, check.rule) || (check.inner != nullptr && check.inner->checks_any);
  }

  Map* const map_;
  std::vector<TypeRules*> built_;
};

}  // namespace

FieldRule RuleOf(const FieldDescriptor& field) {
  const FieldRule& own = field.options().GetExtension(options::v1::field);
  const FieldRule* supplied = SuppliedRuleOf(field);
  FieldRule rule = supplied == nullptr ? FieldRule() : *supplied;
  if (const std::string* label = KnownLabelOf(field); rule.label().empty() && label != nullptr) rule.set_label(*label);
  if (own.format() != options::v1::FORMAT_UNSPECIFIED || !own.pattern().empty() || own.max_length() != 0) {
    rule.clear_format();
    rule.clear_pattern();
    rule.clear_max_length();
  }
  rule.MergeFrom(own);
  return rule;
}

int MaxItemsOf(const FieldRule& rule) {
  constexpr int kMaxItems = 1000;
  return rule.max_items() != 0 ? static_cast<int>(rule.max_items()) : kMaxItems;
}

const TypeRules& FieldRulesOf(const Descriptor* type) {
  static auto& cache = *new DescriptorCache<TypeRules>;
  return cache.Get(type, [](const Descriptor* root, Builder::Map* map) { return Builder(map).Build(root); });
}

std::string MistakeOf(const FieldDescriptor& field, const FieldRule& rule) {
  const FieldDescriptor& value = ValueOf(field);
  const bool is_string = value.type() == FieldDescriptor::TYPE_STRING;
  const auto pattern = Compile(rule.pattern());
  if (pattern != nullptr && !pattern->ok()) return absl::StrCat("pattern: ", pattern->error());
  if ((pattern != nullptr || !rule.code_table().empty() ||
       rule.format() != options::v1::FORMAT_UNSPECIFIED) &&
      !is_string)
    return "pattern, code_table and format are for strings";
  if (rule.required() && rule.output_only()) return "both required and output_only";
  if (rule.required() && value.type() == FieldDescriptor::TYPE_BOOL && !field.has_presence() &&
      !field.is_repeated())
    return "a required bool needs `optional`, or false could not be sent";
  return "";
}

}  // namespace sifa::contract
