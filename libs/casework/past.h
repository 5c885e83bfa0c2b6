// The past of an object as its journal tells it, to be read over with corrected content: which acts are in
// force, and what clocks they leave. Pure, but for Load.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "google/protobuf/field_mask.pb.h"
#include "libs/casework/backend.h"
#include "libs/casework/correctable.h"
#include "sifa/casework/v1/correction.pb.h"

namespace sifa::casework {

struct PastAct {
  Id journal_id;
  int64_t version = 0;
  std::string action;
  int act = 0;
  int from_state = 0;
  absl::CivilDay day;
  std::optional<absl::Time> at;          // its instant, where it is known
  std::shared_ptr<const Message> image;  // the object after it
  bool of_procedure = false;             // others are neither withdrawn nor gone through again
  v1::PartOf part_of;                    // where it was done together with an act on another object
  // The version of the object that took it back, and the correction that did; 0: in force.
  int64_t taken_back = 0;
  std::string taken_back_by;

  bool in_force() const { return of_procedure && taken_back == 0; }
};

// What was, or would be, put right: wherever the old value of these fields stands in the past, the new one is meant; and
// the true days of acts.
struct Amendment {
  int64_t version = 0;  // of the object after it
  google::protobuf::FieldMask mask;
  std::shared_ptr<const Message> before, after;
  std::string correction;
  std::map<Id, absl::CivilDay> days;
};

class Past {
 public:
  // From the journal and the approved corrections of the object, and of those whose acts brought some of its own. Bounded: the
  // last 2,000 acts.
  static absl::StatusOr<Past> Load(const Backend& backend, mysql::Connection& connection, const Correctable& correctable,
                                   const Id& object) {
    return LoadBeside(backend, connection, correctable, object, {});
  }

  const std::vector<PastAct>& acts() const { return acts_; }
  // The latest act in force; nullptr where there is none.
  const PastAct* Latest() const;
  // The act in force whose day the date at `path` was when the object had `version`; nullptr where it is of none.
  const PastAct* DatedBy(const std::string& path, int64_t version) const;
  const PastAct* Find(const Id& journal_id) const;
  const PastAct* AtVersion(int64_t version) const;

  // The past as it is to be read from now on: without an act, without any, or with other content and days.
  void TakeBack(const Id& act, int64_t version, const std::string& correction);
  void TakeBackAll(int64_t version, const std::string& correction);
  void Amend(Amendment amendment);
  // Acts that are part of one on `whole` are in force, and dated, as that one is.
  void Follow(const Past& whole);
  // As it was to be read when the object had that version.
  Past AsOf(int64_t version) const;

  // The image of an act with the amendments that concern it.
  std::unique_ptr<Message> Corrected(const PastAct& act) const;
  // The true day of an act.
  absl::CivilDay DayOf(const PastAct& act) const;

  struct Replay {
    RepeatedPtrField<v1::Clock> clocks;
    std::string acted_on;  // of types that have it
    std::set<std::string> broken_rules;
  };
  // Goes through the acts in force as they would have been with the right content and days: each row of the table moves the
  // clocks and the day of the course again. An act that the table does not know (an older rule) keeps those that it left.
  absl::StatusOr<Replay> DoOver(const Backend& backend) const;

 private:
  // Without those `loading`, which are read because this one is: acts on two objects may be parts of acts on each other.
  static absl::StatusOr<Past> LoadBeside(const Backend& backend, mysql::Connection& connection, const Correctable& correctable,
                                         const Id& object, std::set<Id> loading);
  int64_t VersionOf(const std::string& correction, const PastAct& otherwise) const;

  const Correctable* correctable_ = nullptr;
  std::vector<PastAct> acts_;
  std::vector<Amendment> amendments_;
  // By a correction of another object the version that it made of this one.
  std::map<std::string, int64_t> followed_;
};

// An object with its past.
struct Reading {
  std::shared_ptr<const Message> object;
  Past past;
};

// What an act here did that was part of one on another object is undone where that one has been taken back just now: *after is
// again as it was before. FAILED_PRECONDITION "PART_FOLLOWED" where something was done here since. To be called by `mirror`.
absl::Status UndoParts(const Past& past, Message* after);

// The common field with the day of the last act of the course (casework.proto).
inline constexpr char kActedOn[] = "acted_on";

// The value of a field by its path, as comparable bytes; empty where it is not set.
std::string ValueAt(const Message& object, const std::string& path);
void CopyPath(const Message& from, const std::string& path, Message* to);
void SetText(Message* object, const std::string& path, const std::string& value);
std::string TextAt(const Message& object, const std::string& path);

}  // namespace sifa::casework
