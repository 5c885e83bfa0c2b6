// What the corrections of a subject's records have in common: what was done to one of them by an act on another one, or on the
// subject, is undone with that act. So who was not dead, or not revoked, is searched for and held as before.
#pragma once

#include <string>
#include <vector>

#include "libs/casework/correctable.h"
#include "libs/casework/past.h"
#include "services/corrections/record.h"

namespace sifa::corrections {

// The records that go on where the end of the term is taken back; `subject`: the field that names him, empty of himself. What
// the office does in the course of a term (reports, visits, plans) is taken up anew instead.
inline std::vector<casework::KinBy> EndedWithTerm(const std::string& subject = "") {
  std::vector<casework::KinBy> records;
  for (const char* type : {"Arrest", "Commutation", "ContactPermit", "Custody", "EntryPermit", "ExitBan", "Leave", "Release",
                           "Revocation", "Search", "TrackingAuthority", "TravelPermit"}) {
    records.push_back({type, "subject", subject});
  }
  return records;
}

template <class T>
absl::Status MirrorRecord(const casework::Past& past, const casework::Look&, T* record) {
  return casework::UndoParts(past, record);
}

}  // namespace sifa::corrections
