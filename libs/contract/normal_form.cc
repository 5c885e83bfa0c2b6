#include "libs/contract/normal_form.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "libs/contract/rules.h"
#include "libs/core/text.h"

namespace sifa::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A word of ASCII is its own normal form, unless its case or hyphens matter.
bool IsNormal(const FieldCheck& check, absl::string_view text) {
  if (check.normal != &NormalToken && check.normal != &NormalLine && check.normal != &NormalProse && check.normal != &NormalName) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), absl::ascii_isgraph);
}

void Apply(const TypeRules& rules, Message* message);

void ApplyToTexts(const FieldCheck& check, Message* message) {
  if (check.normal == nullptr || check.field->is_map()) return;
  const Reflection& reflection = *message->GetReflection();
  std::string scratch;
  if (!check.field->is_repeated()) {
    const std::string& text = reflection.GetStringReference(*message, check.field, &scratch);
    if (IsNormal(check, text)) return;
    if (std::string normal = check.normal(text); normal != text) reflection.SetString(message, check.field, std::move(normal));
    return;
  }
  for (int i = 0; i < reflection.FieldSize(*message, check.field); ++i) {
    const std::string& text = reflection.GetRepeatedStringReference(*message, check.field, i, &scratch);
    if (IsNormal(check, text)) continue;
    if (std::string normal = check.normal(text); normal != text) {
      reflection.SetRepeatedString(message, check.field, i, std::move(normal));
    }
  }
}

void ApplyInside(const FieldCheck& check, Message* message) {
  if (check.inner == nullptr) return;
  const Reflection& reflection = *message->GetReflection();
  if (!check.field->is_repeated()) {
    if (reflection.HasField(*message, check.field)) Apply(*check.inner, reflection.MutableMessage(message, check.field));
    return;
  }
  for (int i = 0; i < reflection.FieldSize(*message, check.field); ++i) {
    Message* item = reflection.MutableRepeatedMessage(message, check.field, i);
    if (check.field->is_map()) {
      item = item->GetReflection()->MutableMessage(item, check.field->message_type()->FindFieldByNumber(2));
    }
    Apply(*check.inner, item);
  }
}

void Apply(const TypeRules& rules, Message* message) {
  for (const FieldCheck& check : rules.checks) {
    check.field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? ApplyInside(check, message) : ApplyToTexts(check, message);
  }
}

}  // namespace

void ToNormalForm(Message* message) { Apply(FieldRulesOf(message->GetDescriptor()), message); }

}  // namespace sifa::contract
