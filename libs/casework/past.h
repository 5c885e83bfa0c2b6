// The past of an object as its journal tells it, to be read over with corrected content: which acts are in
// force, and what clocks they leave. Pure, but for Load.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
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
  std::shared_ptr<const Message> image;  // the object after it
  bool in_force = false;                 // an act of the procedure that has not been withdrawn
};

// Content that was, or would be, put right: wherever the old value of these fields stands in the past, the
// new one is meant.
struct Amendment {
  int64_t version = 0;  // of the object after it
  google::protobuf::FieldMask mask;
  std::shared_ptr<const Message> before, after;
  // The true day of an act, where it was amended.
  Id act;
  absl::CivilDay act_day;
};

class Past {
 public:
  // From the journal and the approved corrections of the object. Bounded: the last 2,000 acts.
  static absl::StatusOr<Past> Load(const Backend& backend, mysql::Connection& connection,
                                   const Correctable& correctable, const Id& object);

  const std::vector<PastAct>& acts() const { return acts_; }
  const std::vector<Amendment>& amendments() const { return amendments_; }
  // The latest act in force; nullptr where there is none.
  const PastAct* Latest() const;
  const PastAct* Find(const Id& journal_id) const;
  const PastAct* AtVersion(int64_t version) const;

  // The image of an act with these amendments that concern it.
  std::unique_ptr<Message> Corrected(const PastAct& act, const std::vector<Amendment>& amendments) const;

  struct Replay {
    RepeatedPtrField<v1::Clock> clocks;
    std::string acted_on;  // of types that have it
    std::set<std::string> broken_rules;
  };
  // Goes through the acts in force (but for `without`) as they would have been with the right content and
  // days: each row of the table moves the clocks and the day of the course again. An act that the table does
  // not know (an older rule) keeps those that it left.
  absl::StatusOr<Replay> DoOver(const Backend& backend, const std::vector<Amendment>& amendments,
                                const PastAct* without) const;

 private:
  absl::CivilDay DayOf(const PastAct& act, const Message& corrected,
                       const std::vector<Amendment>& amendments) const;

  const Correctable* correctable_ = nullptr;
  std::vector<PastAct> acts_;
  std::vector<Amendment> amendments_;
};

// The common field with the day of the last act of the course (casework.proto).
inline constexpr char kActedOn[] = "acted_on";

// The value of a field by its path, as comparable bytes; empty where it is not set.
std::string ValueAt(const Message& object, const std::string& path);
void CopyPath(const Message& from, const std::string& path, Message* to);
void SetText(Message* object, const std::string& path, const std::string& value);
std::string TextAt(const Message& object, const std::string& path);

}  // namespace sifa::casework
