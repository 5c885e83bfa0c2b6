// Papers (文书) as an object's journal has them: what its acts brought about, how corrections worded them anew, and how each is
// printed. Nothing of them is stored: the image of the act's row and the template of its day make the same paper each time.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/casework/past.h"
#include "libs/journal/journal.h"
#include "libs/papers/fill.h"
#include "libs/papers/press.h"
#include "libs/papers/templates.h"
#include "sifa/casework/v1/paper.pb.h"

namespace sifa::casework {

// The templates of the types, each checked against what it is filled with. FAILED_PRECONDITION "PAPER_TEMPLATE_MISSING" names the
// document that has none; PAPER_TEMPLATE_INVALID one that nothing asks for, or whose places its object does not have.
absl::StatusOr<papers::Templates> LoadTemplates(const std::string& data_directory, const std::string& service,
                                                const std::vector<const ObjectType*>& types);

// One wording of a paper, with what it is filled with.
struct Wording {
  v1::IssuedPaper paper;
  std::shared_ptr<const Message> image;
  std::map<std::string, std::shared_ptr<const Message>> related;  // by the field that names them, as they were at the act
  absl::CivilDay day;
  absl::Time recorded_at;
  std::string law, organisation;
  std::string salt;  // of its digest: the MAC of the image in the act's row
};

// Thread-safe.
class IssuedPapers {
 public:
  // All outlive it.
  IssuedPapers(const Backend& backend, const papers::Templates& templates, papers::Press& press)
      : backend_(backend), templates_(templates), press_(press) {}

  // Of an object, in the order of its acts, each with its later wordings after it. Bounded as Past is.
  absl::StatusOr<std::vector<Wording>> Of(const ObjectType& type, const Id& object) const;

  // As PDF; with personal data masked where it says so, which is printed on it.
  absl::StatusOr<std::string> Print(const ObjectType& type, const Wording& wording, bool masked) const;

 private:
  // An object as its papers read it: what it was after which row, and which rows corrected it.
  struct Record;
  struct Later;
  using Corrections = std::map<Id, Later>;  // after an act, by their rows
  absl::StatusOr<Record> Read(mysql::Connection& connection, const ObjectType& type, const Id& object) const;
  // The papers that the act of a row brought about, each followed by what corrections made of it.
  absl::Status AddPapersOf(mysql::Connection& connection, const Record& record, const journal::Row& act,
                           std::map<Id, Record>* others, std::vector<Wording>* wordings) const;
  absl::Status AddCorrected(const ObjectType& type, const Id& act, const Corrections& corrections,
                            std::vector<Wording>* wordings) const;
  absl::StatusOr<const papers::Template*> TemplateOf(const ObjectType& type, const Wording& wording) const;
  absl::StatusOr<papers::Sheet> SheetOf(const ObjectType& type, const Wording& wording, bool masked) const;
  // The number, the day and the digest, by its image.
  absl::Status Describe(const ObjectType& type, Wording* wording) const;

  const Backend& backend_;
  const papers::Templates& templates_;
  papers::Press& press_;
};

}  // namespace sifa::casework
