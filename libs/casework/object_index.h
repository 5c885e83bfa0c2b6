// What the database holds of an object beside its body, so that it is found: columns and search terms. Made from the body, and
// checked against it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "libs/casework/object_type.h"
#include "libs/core/id.h"
#include "libs/core/region.h"
#include "libs/crypto/keyring.h"
#include "libs/mysql/mysql.h"

namespace sifa::casework {

// Column `open` of an object.
enum Open {
  kClosed = 0,
  kOpen = 1,       // something is still to be done
  kRightRuns = 2,  // it is concluded, but a right of the parties still runs (申请执行): watched, and on worklists
};

// What is still to come of an object on a day.
struct Due {
  Open open;
  std::string clock;
  std::optional<absl::CivilDay> on;
  std::optional<absl::Time> at;   // of a limit in hours: the instant
  std::optional<absl::Time> end;  // that instant, or the end of the day: the order of worklists
  bool provisional = false;
  bool unsettled = false;  // a notice of holidays may move one of its limits: they are computed again with each new calendar

  Due(const ObjectType& type, const Message& object, absl::CivilDay today);
};

// The columns of an object, kept alive for the length of a statement.
struct Columns {
  const Common common;
  const std::string body;
  const Due due;
  std::optional<Id> parent;
  std::optional<absl::CivilDay> day;  // Index::day

  // `listed`: Index::day of the object.
  Columns(const ObjectType& type, const Message& object, const std::string& listed, std::string encrypted, absl::CivilDay today);
  mysql::Value Number() const { return common.number.empty() ? mysql::Value(std::nullopt) : mysql::Value(common.number); }
};

// Raised where objects are found by other terms than before: a service then writes those of its objects anew when it starts
// (terms.h).
inline constexpr int kTermRevision = 2;

// The terms of every object: kAt each organisation of its path, kIn its division and those above it down from the county, and
// kAssignee. So each of these lists is a stretch of the table in the order of ids. Besides, those of its references
// (references.h).
inline constexpr char kAt[] = "at", kIn[] = "in", kAssignee[] = "assignee";
// The divisions that have such terms; the few above them are found by looking at all objects.
inline bool HasTerms(RegionCode region) { return region.level() >= RegionLevel::kCounty; }
// The organisations of a path, from the root on.

// The term of every object one of whose limits a notice of holidays has moved: the day on which it was.
inline constexpr char kMoved[] = "moved";

// As they are stored, in order, each once.
std::vector<Term> TermsOf(const ObjectType& type, const Message& object, Index index, const crypto::Keyring& keyring);
inline Index IndexOf(const ObjectType& type, const Message& object) { return type.index ? type.index(object) : Index(); }
// Any two neighbouring characters of a name, of its letters and digits.
std::vector<std::string> Pairs(const std::string& name);
// Whether one of the names has `part` in it, character by character.
bool AnyHas(const std::vector<std::string>& names, const std::string& part);

// The first column of an object's row that is not what its body makes of it on any day from `from` to `to`; nullptr where all
// are. `row` has the columns kIndexed from `first` on.
inline constexpr char kIndexed[] =
    "o.state, o.number, o.parent, o.assignee, o.open, o.due_on, o.due_at, o.due_clock, o.provisional, "
    "o.unsettled, o.created_at, o.day, o.due_end";
const char* WrongColumn(const ObjectType& type, const Message& object, const mysql::Row& row, int first, absl::CivilDay from,
                        absl::CivilDay to);
// The kind of the first term that is stored and should not be, or the other way round; empty where there is none.
std::string WrongTerm(const ObjectType& type, const Message& object, const crypto::Keyring& keyring, std::vector<Term> stored);

}  // namespace sifa::casework
