// Fills a template with what an object says.
#pragma once

#include <map>
#include <string>

#include "absl/time/civil_time.h"
#include "google/protobuf/message.h"
#include "libs/core/code_table.h"
#include "libs/core/region_table.h"
#include "libs/papers/template.h"

namespace sifa::papers {

struct Filling {
  const google::protobuf::Message& object;
  absl::CivilDay day;  // of the act: in its words divisions are named
  const CodeTables& codes;
  const RegionTable& regions;
  std::map<std::string, const google::protobuf::Message*> related = {};  // by the field that names them; those that there are
  std::map<std::string, std::string> words = {};                         // without their @
};

// A value as a paper says it: the label of an enum, a bool or a code, the name of a division, 2026年3月5日, 3月5日14时30分, yuan.
std::string ValueOf(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                    const Filling& filling);

// REQUIRES: the template has been checked with the object's type. The footer and the time of making are the caller's.
Sheet Fill(const Template& paper, const Filling& filling);

// 2026年3月5日
std::string DayInWords(absl::CivilDay day);
// The bureaus and offices of a division, by the words of a template: {"county", "东阳市司法局"}.
std::map<std::string, std::string> OrgansOf(absl::string_view region, absl::CivilDay day, const RegionTable& regions);
// The organ with that code: of 330783 "东阳市司法局", of 330783118 "南马镇司法所"; empty where no division has it.
std::string OrganOf(absl::string_view organisation, absl::CivilDay day, const RegionTable& regions);

}  // namespace sifa::papers
