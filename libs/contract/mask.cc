#include "libs/contract/mask.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "libs/contract/descriptor_cache.h"
#include "libs/contract/rules.h"
#include "sifa/options/v1/options.pb.h"

namespace sifa::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using options::v1::Sensitive;

// The sensitive fields of a type, and those that lead to others.
struct TypeMask {
  struct Field {
    const FieldDescriptor* field = nullptr;
    Sensitive kind = options::v1::SENSITIVE_UNSPECIFIED;
    const TypeMask* inner = nullptr;  // where the kind is unspecified
  };
  bool is_any = false;     // may hold any type, which is looked into in each answer
  bool sensitive = false;  // here or further in
  std::vector<Field> fields;
};

using KindOf = Sensitive (*)(const FieldDescriptor&);

class Builder {
 public:
  using Map = DescriptorCache<TypeMask>::Map;

  Builder(KindOf kind_of, Map* map) : kind_of_(kind_of), map_(map) {}

  const TypeMask* Build(const Descriptor* type) {
    Enter(type);
    // Types may be cyclic: found from the sensitive ones outwards. Types of earlier builds are final already.
    for (bool changed = true; changed;) {
      changed = false;
      for (TypeMask* mask : built_) {
        if (mask->sensitive) continue;
        mask->sensitive = mask->is_any || std::any_of(mask->fields.begin(), mask->fields.end(), &Leads);
        changed |= mask->sensitive;
      }
    }
    for (TypeMask* mask : built_) {
      std::erase_if(mask->fields, [](const TypeMask::Field& field) { return !Leads(field); });
    }
    return map_->at(type);
  }

 private:
  static bool Leads(const TypeMask::Field& field) { return field.inner == nullptr || field.inner->sensitive; }

  TypeMask* Enter(const Descriptor* type) {
    auto* mask = new TypeMask;  // kept for the life of the process
    map_->emplace(type, mask);
    built_.push_back(mask);
    mask->is_any = type->full_name() == "google.protobuf.Any";
    if (absl::StartsWith(type->full_name(), "google.protobuf.")) return mask;
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      const Sensitive kind = kind_of_(*field);
      if (kind != options::v1::SENSITIVE_UNSPECIFIED) {
        mask->fields.push_back({field, kind, nullptr});
        continue;
      }
      const Descriptor* inner = field->is_map() ? field->message_type()->FindFieldByNumber(2)->message_type()
                                                : field->message_type();
      if (inner == nullptr) continue;
      const auto at = map_->find(inner);
      mask->fields.push_back({field, kind, at != map_->end() ? at->second : Enter(inner)});
    }
    return mask;
  }

  const KindOf kind_of_;
  Map* const map_;
  std::vector<TypeMask*> built_;
};

Sensitive DeclaredKind(const FieldDescriptor& field) { return RuleOf(field).sensitive(); }

const TypeMask& MaskOf(const Descriptor* type) {
  static auto& cache = *new DescriptorCache<TypeMask>;
  return cache.Get(type, [](const Descriptor* root, Builder::Map* map) { return Builder(&DeclaredKind, map).Build(root); });
}

// Secrets, and as if they were: bytes, which are contents of files.
Sensitive KindNotKept(const FieldDescriptor& field) {
  const bool secret = field.type() == FieldDescriptor::TYPE_BYTES || DeclaredKind(field) == options::v1::SENSITIVE_SECRET;
  return secret ? options::v1::SENSITIVE_SECRET : options::v1::SENSITIVE_UNSPECIFIED;
}

const TypeMask& NotKept(const Descriptor* type) {
  static auto& cache = *new DescriptorCache<TypeMask>;
  return cache.Get(type, [](const Descriptor* root, Builder::Map* map) { return Builder(&KindNotKept, map).Build(root); });
}

Sensitive KindOfOffice(const FieldDescriptor& field) {
  return RuleOf(field).office_only() ? options::v1::SENSITIVE_SECRET : options::v1::SENSITIVE_UNSPECIFIED;
}

const TypeMask& OfOffice(const Descriptor* type) {
  static auto& cache = *new DescriptorCache<TypeMask>;
  return cache.Get(type, [](const Descriptor* root, Builder::Map* map) { return Builder(&KindOfOffice, map).Build(root); });
}

// The first `keep` characters; all of a shorter text.
absl::string_view Head(absl::string_view text, size_t keep) {
  size_t at = 0;
  while (at < text.size() && keep > 0) {
    do ++at;
    while (at < text.size() && (text[at] & 0xc0) == 0x80);
    --keep;
  }
  return text.substr(0, at);
}

// Head and tail in the clear, stars between. Numbers are ASCII; anything else in such a field is hidden
// whole.
std::string Between(absl::string_view number, size_t head, size_t tail, size_t stars) {
  const bool is_ascii = std::all_of(number.begin(), number.end(), [](char c) { return (c & 0x80) == 0; });
  if (!is_ascii || number.size() < head + tail + 4) return "***";
  return absl::StrCat(number.substr(0, head), std::string(stars, '*'), number.substr(number.size() - tail));
}

// Empty where the field is to be cleared.
std::string Masked(Sensitive kind, absl::string_view text) {
  if (text.empty()) return "";
  switch (kind) {
    case options::v1::SENSITIVE_NAME:
      return absl::StrCat(Head(text, 1).size() < text.size() ? Head(text, 1) : "", "*");
    // Six leading digits would tell the county, fourteen the birthday: three and two only recognise.
    case options::v1::SENSITIVE_ID_NUMBER:
      return Between(text, 3, 2, text.size() < 5 ? 0 : text.size() - 5);
    case options::v1::SENSITIVE_PHONE:
      return Between(text, 3, 4, 4);
    case options::v1::SENSITIVE_ADDRESS:
      return absl::StrCat(Head(text, 6).size() < text.size() ? Head(text, 6) : "", "***");
    case options::v1::SENSITIVE_TEXT:
    case options::v1::SENSITIVE_HEALTH:
    case options::v1::SENSITIVE_MINOR:
      return "***";
    default:
      return "";
  }
}

class Masker {
 public:
  explicit Masker(bool secrets_only) : secrets_only_(secrets_only) {}

  void Apply(const TypeMask& mask, Message* message) const {
    if (mask.is_any) return ApplyInAny(message);
    const Reflection& reflection = *message->GetReflection();
    for (const TypeMask::Field& field : mask.fields) {
      if (field.inner != nullptr) {
        ApplyInside(field, reflection, message);
      } else if (!secrets_only_ || field.kind == options::v1::SENSITIVE_SECRET) {
        Hide(field, reflection, message);
      }
    }
  }

 private:
  void ApplyInside(const TypeMask::Field& field, const Reflection& reflection, Message* message) const {
    if (!field.field->is_repeated()) {
      if (reflection.HasField(*message, field.field))
        Apply(*field.inner, reflection.MutableMessage(message, field.field));
      return;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field.field); ++i) {
      Message* item = reflection.MutableRepeatedMessage(message, field.field, i);
      if (field.field->is_map()) {
        item = item->GetReflection()->MutableMessage(item, field.field->message_type()->FindFieldByNumber(2));
      }
      Apply(*field.inner, item);
    }
  }

  static void Hide(const TypeMask::Field& field, const Reflection& reflection, Message* message) {
    const FieldDescriptor* descriptor = field.field;
    if (descriptor->type() != FieldDescriptor::TYPE_STRING) return reflection.ClearField(message, descriptor);
    if (!descriptor->is_repeated()) {
      if (!reflection.HasField(*message, descriptor)) return;
      std::string masked = Masked(field.kind, reflection.GetString(*message, descriptor));
      if (masked.empty()) return reflection.ClearField(message, descriptor);
      return reflection.SetString(message, descriptor, std::move(masked));
    }
    if (Masked(field.kind, "x").empty()) return reflection.ClearField(message, descriptor);
    for (int i = 0; i < reflection.FieldSize(*message, descriptor); ++i) {
      const std::string text = reflection.GetRepeatedString(*message, descriptor, i);
      reflection.SetRepeatedString(message, descriptor, i, Masked(field.kind, text));
    }
  }

  // Types that this process does not know are left: none of its own fields are in them.
  void ApplyInAny(Message* any) const {
    const FieldDescriptor* url = any->GetDescriptor()->FindFieldByNumber(1);
    const FieldDescriptor* value = any->GetDescriptor()->FindFieldByNumber(2);
    const Reflection& reflection = *any->GetReflection();
    const std::string type_url = reflection.GetString(*any, url);
    const Descriptor* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
        type_url.substr(type_url.rfind('/') + 1));
    if (type == nullptr || !MaskOf(type).sensitive) return;
    const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
    std::unique_ptr<Message> inner(prototype->New());
    if (!inner->ParseFromString(reflection.GetString(*any, value))) return reflection.ClearField(any, value);
    Apply(MaskOf(type), inner.get());
    reflection.SetString(any, value, inner->SerializeAsString());
  }

  const bool secrets_only_;
};

void Apply(bool secrets_only, Message* answer) {
  const TypeMask& mask = MaskOf(answer->GetDescriptor());
  if (mask.sensitive) Masker(secrets_only).Apply(mask, answer);
}

}  // namespace

void Mask(Message* answer) { Apply(false, answer); }
void MaskSecrets(Message* answer) { Apply(true, answer); }
bool IsKeptWhole(const Descriptor* type) { return !NotKept(type).sensitive; }
void ClearOfficeOnly(Message* answer) {
  const TypeMask& mask = OfOffice(answer->GetDescriptor());
  if (mask.sensitive) Masker(true).Apply(mask, answer);
}
void ClearNotKept(Message* request) {
  const TypeMask& mask = NotKept(request->GetDescriptor());
  if (mask.sensitive) Masker(true).Apply(mask, request);
}
bool LooksMasked(options::v1::Sensitive kind, absl::string_view text) {
  return absl::StrContains(text, '*') && Masked(kind, text) == text;
}

namespace {

void AddSensitive(const Message& message, std::vector<std::string>* fields) {
  const Reflection& reflection = *message.GetReflection();
  for (const auto& [field, kind, inner] : MaskOf(message.GetDescriptor()).fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : reflection.HasField(message, field);
    if (inner == nullptr) {
      if (count > 0) fields->push_back(field->name());
      continue;
    }
    for (int i = 0; i < count; ++i) {
      AddSensitive(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i) : reflection.GetMessage(message, field), fields);
    }
  }
}

}  // namespace

std::vector<std::string> SensitiveIn(const Message& message) {
  std::vector<std::string> fields;
  AddSensitive(message, &fields);
  return fields;
}

bool HasSensitive(const Descriptor* type) { return MaskOf(type).sensitive; }

}  // namespace sifa::contract
