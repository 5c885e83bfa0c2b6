#include "libs/casework/difference.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "libs/contract/mask.h"

namespace sifa::casework {
namespace {

using google::protobuf::FieldDescriptor;

constexpr char kHidden[] = "***";

// The values of an object by their paths, in order of field numbers (paths are kept in the order they were
// met).
struct Leaves {
  std::vector<std::string> order;
  std::map<std::string, std::string> text;

  std::string At(const std::string& path) const {
    const auto found = text.find(path);
    return found == text.end() ? "" : found->second;
  }
};

bool LeftOut(const FieldDescriptor& field) {
  static const auto* const names =
      new std::set<std::string>{"etag", "create_time", "update_time", "clocks", "papers"};
  return names->contains(field.name());
}

std::string TextOf(const Message& object, const FieldDescriptor* field, int index) {
  const auto* reflection = object.GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    std::string scratch;
    return index < 0 ? reflection->GetStringReference(object, field, &scratch)
                     : reflection->GetRepeatedStringReference(object, field, index, &scratch);
  }
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(object, field, index, &text);
  return text;
}

void Collect(const Message& object, const std::string& prefix, Leaves* leaves);

void CollectValue(const Message& object, const FieldDescriptor* field, int index, const std::string& path,
                  Leaves* leaves) {
  const auto* reflection = object.GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    Collect(index < 0 ? reflection->GetMessage(object, field)
                      : reflection->GetRepeatedMessage(object, field, index),
            absl::StrCat(path, "."), leaves);
    return;
  }
  leaves->order.push_back(path);
  leaves->text[path] = TextOf(object, field, index);
}

void Collect(const Message& object, const std::string& prefix, Leaves* leaves) {
  std::vector<const FieldDescriptor*> fields;
  object.GetReflection()->ListFields(object, &fields);
  for (const FieldDescriptor* field : fields) {
    if (prefix.empty() && LeftOut(*field)) continue;
    const std::string path = prefix + field->json_name();
    if (!field->is_repeated()) {
      CollectValue(object, field, -1, path, leaves);
      continue;
    }
    for (int i = 0; i < object.GetReflection()->FieldSize(object, field); ++i) {
      CollectValue(object, field, i, absl::StrCat(path, "[", i, "]"), leaves);
    }
  }
}

struct Shown {
  Leaves plain, masked;

  explicit Shown(const Message& object) {
    Collect(object, "", &plain);
    const std::unique_ptr<Message> copy(object.New());
    copy->CopyFrom(object);
    contract::Mask(copy.get());
    Collect(*copy, "", &masked);
  }
  // As everybody may see it: a masked text, or *** for what masking removes.
  std::string At(const std::string& path) const {
    if (plain.At(path).empty()) return "";
    const std::string text = masked.At(path);
    return text.empty() ? kHidden : text;
  }
};

}  // namespace

void AddFieldChanges(const Message& before, const Message& after,
                     RepeatedPtrField<v1::FieldChange>* changes) {
  const Shown was(before), is(after);
  std::vector<std::string> paths = was.plain.order;
  for (const std::string& path : is.plain.order) {
    if (!was.plain.text.contains(path)) paths.push_back(path);
  }
  for (const std::string& path : paths) {
    const std::string old_text = was.plain.At(path), new_text = is.plain.At(path);
    if (old_text == new_text) continue;
    v1::FieldChange* change = changes->Add();
    change->set_path(path);
    change->set_before(was.At(path));
    change->set_after(is.At(path));
    if (change->before() == old_text && change->after() == new_text) continue;
    change->set_before_plain(old_text);
    change->set_after_plain(new_text);
  }
}

void AddClockChanges(const RepeatedPtrField<v1::Clock>& before, const RepeatedPtrField<v1::Clock>& after,
                     RepeatedPtrField<v1::ClockChange>* changes) {
  const auto find = [](const RepeatedPtrField<v1::Clock>& clocks,
                       const std::string& kind) -> const v1::Clock* {
    const auto found =
        std::find_if(clocks.begin(), clocks.end(), [&](const auto& clock) { return clock.kind() == kind; });
    return found == clocks.end() ? nullptr : &*found;
  };
  std::set<std::string> kinds;
  for (const auto* clocks : {&before, &after}) {
    for (const auto& clock : *clocks) kinds.insert(clock.kind());
  }
  for (const std::string& kind : kinds) {
    const v1::Clock* was = find(before, kind);
    const v1::Clock* is = find(after, kind);
    if (was != nullptr && is != nullptr && was->SerializeAsString() == is->SerializeAsString()) continue;
    v1::ClockChange* change = changes->Add();
    change->set_kind(kind);
    if (was != nullptr) *change->mutable_before() = *was;
    if (is != nullptr) *change->mutable_after() = *is;
  }
}

void AddMissingPapers(const RepeatedPtrField<v1::Paper>& there, const RepeatedPtrField<v1::Paper>& here,
                      RepeatedPtrField<v1::Paper>* missing) {
  for (const auto& paper : there) {
    const bool found = std::any_of(here.begin(), here.end(), [&](const auto& other) {
      return other.SerializeAsString() == paper.SerializeAsString();
    });
    if (!found) *missing->Add() = paper;
  }
}

}  // namespace sifa::casework
