#include "libs/casework/amendment.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/field_mask_util.h"
#include "google/rpc/error_details.pb.h"
#include "libs/casework/past.h"
#include "libs/contract/json.h"
#include "libs/contract/normal_form.h"
#include "libs/core/clock.h"
#include "libs/core/json_path.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

using google::protobuf::util::FieldMaskUtil;

absl::Status ReadContent(const std::string& json, Message* content) {
  std::string wire;
  if (absl::Status status = contract::JsonToWire(contract::TableOf(content->GetDescriptor()), json, &wire);
      !status.ok()) {
    return InvalidField("content", ReasonOf(status), absl::StrCat("更正内容有误：", status.message()));
  }
  if (!content->ParseFromString(wire)) return Internal("content does not parse");
  contract::ToNormalForm(content);
  return absl::OkStatus();
}

const Amendable* AmendableAt(const Correctable& type, const std::string& path) {
  const auto found = std::find_if(type.amendable.begin(), type.amendable.end(), [&](const Amendable& a) {
    return path == a.path || absl::StartsWith(path, a.path + ".");
  });
  return found == type.amendable.end() ? nullptr : &*found;
}

absl::Status CheckDate(const Message& content, const std::string& path, absl::CivilDay today) {
  const std::string text = TextAt(content, path);
  absl::CivilDay day;
  if (text.empty()) return absl::OkStatus();
  if (!ParseDay(text, &day))
    return InvalidField(absl::StrCat("content.", path), "FIELD_DATE", "日期应为 YYYY-MM-DD");
  if (day > today)
    return InvalidField(absl::StrCat("content.", path), "FIELD_DATE_FUTURE", "日期不能晚于今天");
  return absl::OkStatus();
}

std::set<std::string> FieldsOf(const absl::Status& status) {
  std::set<std::string> fields;
  const google::rpc::Status proto = ToProto(status);
  for (const auto& detail : proto.details()) {
    google::rpc::BadRequest bad;
    if (!detail.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) fields.insert(violation.field());
  }
  return fields;
}

}  // namespace

absl::Status ReplaceContent(const Correctable& type, const v1::Correction& correction, absl::CivilDay today,
                            Message* object) {
  if (correction.update_mask().paths().empty()) return absl::OkStatus();
  const std::unique_ptr<Message> content(object->New());
  RETURN_IF_ERROR(ReadContent(correction.content().empty() ? "{}" : correction.content(), content.get()));
  for (const std::string& path : correction.update_mask().paths()) {
    const Amendable* amendable = AmendableAt(type, path);
    if (amendable == nullptr || !FieldMaskUtil::GetFieldDescriptors(object->GetDescriptor(), path, nullptr)) {
      return InvalidField("update_mask", "FIELD_NOT_AMENDABLE", absl::StrCat("不能直接更正的内容：", JsonPath(path)));
    }
    if (amendable->date) RETURN_IF_ERROR(CheckDate(*content, path, today));
  }
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(*content, correction.update_mask(), replace, object);
  return absl::OkStatus();
}

absl::Status SetDateOfAct(const std::string& path, const std::string& day, Message* object, google::protobuf::FieldMask* mask) {
  if (!FieldMaskUtil::IsPathInFieldMask(path, *mask)) {
    mask->add_paths(path);
  } else if (TextAt(*object, path) != day) {
    return InvalidField(absl::StrCat("content.", path), "DATES_DIFFER", "与同时更正的办理日期不一致");
  }
  SetText(object, path, day);
  return absl::OkStatus();
}

absl::Status CheckAmended(const Message& before, const Message& after, absl::CivilDay today,
                          const contract::CodeTables* codes) {
  return contract::ValidateStored(after, today, codes, FieldsOf(contract::ValidateStored(before, today, codes)));
}

}  // namespace sifa::casework
