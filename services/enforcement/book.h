// The book as one portion of a batch sees it: the cases that its rows concern and what was told of them, and what becomes of them row by row.
// Pure: what stands goes in, what is to be written comes out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/core/id.h"
#include "services/enforcement/agency.h"
#include "services/enforcement/case_facts.h"
#include "services/enforcement/tellings.h"
#include "sifa/enforcement/v1/batch.pb.h"

namespace sifa::enforcement {

// What one accepted row tells, with the key and origin of its entry set.
struct Told {
  Entry entry;
  Telling telling;  // without case_id
  const Agency* agency = nullptr;
};

class Book {
 public:
  struct Page {
    Case c;
    bool fresh = false;    // is not in the database
    bool changed = false;
    std::vector<Telling> tellings;
  };
  // Entries that went from an undecided case to its decision.
  struct Move {
    Id from, to;
    std::string entry;
  };

  // A case that stands, with what was told of it.
  void Add(const Id& id, Case c, std::vector<Telling> tellings);
  // Takes one row: the verdict, and the case that it concerns.
  v1::BatchRow::Verdict Tell(Told told, absl::Time now, Id* case_id);

  const std::map<Id, Page>& pages() const { return pages_; }
  std::map<Id, Page>& pages() { return pages_; }
  const std::vector<Telling>& told() const { return told_; }
  const std::vector<Move>& moves() const { return moves_; }

 private:
  // The case of the row; made where there is none.
  Id CaseOf(const Told& told, absl::Time now);
  Id Decided(const Told& told, absl::Time now);
  Id Filed(const Told& told, absl::Time now);
  Id Make(const Told& told, absl::Time now);
  void Join(const Id& from, const std::string& key, const Id& to);
  bool HasEntry(const Id& id, const std::string& key) const;

  std::map<Id, Page> pages_;
  std::map<std::string, Id> decided_;  // by KeyOf the agency and the number of the decision
  std::vector<Telling> told_;
  std::vector<Move> moves_;
};

}  // namespace sifa::enforcement
