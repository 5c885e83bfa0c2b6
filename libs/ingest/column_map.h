// Column maps (列映射): which header is which field, of what type, and how its cells are cleaned and converted. Data, with
// versions: the national lists of 2015 and 2018 and Sifa's extension are shipped, agencies make their own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace sifa::ingest {

enum class Type {
  kLine,
  kProse,
  kName,         // NAME_SUSPECT
  kNumber,       // 文号, in one form (libs/core/text.h)
  kIdentifier,   // a code in capitals; digits lost are never guessed
  kIdentifiers,  // several, by ;
  kCreditCode,   // 统一社会信用代码
  kIdentity,     // number of a certificate; of a citizen's ID where `beside` says that it is one
  kCode,
  kCodes,   // several, by ;
  kDay,     // of what has happened
  kExpiry,  // may lie ahead; 2099-12-31 is "without end" to the national lists
  kAmount,  // fen
  kFlag,    // 1, 0
};

// What is done to a cell before it is read.
enum class Cleaning {
  kEmptyWords,   // — —, 无, / stand for nothing
  kExcelQuotes,  // '330… and ="330…", with which Excel is told to keep a text
};

struct Column {
  std::string field;                 // as the standard codes it; a header by itself
  std::vector<std::string> headers;  // as it is named
  Type type = Type::kLine;
  size_t longest = 0;  // characters, 0: no bound
  // FIELD_REQUIRED where empty: "yes", or "CF_XDR_LB=1/3": where that field has one of these codes.
  std::string must;
  // What of the key it may be, "organ" or "number"; one of each must have a value (KEY_MISSING).
  std::string key;
  std::string unit;    // of an amount, 元 or 万元, unless the header says another
  std::string codes;   // the list of kCode, kCodes
  std::string beside;  // of days the field that this one may not precede; of amounts the one that tells it in words; of an
                       // identity its kind
  std::vector<Cleaning> cleaning;
};

// Words that stand for a code, in files of their time.
struct Word {
  std::string code;  // several by /
  std::string word;
  std::optional<absl::CivilDay> valid_from, valid_to;
};

struct ColumnMap {
  std::string id;    // "penalties-2018"
  std::string kind;  // "penalty", "licence"
  std::string version;
  std::string title;
  std::optional<absl::CivilDay> valid_from, valid_to;
  std::string base;        // the map that it extends; "" where none
  std::string decided_by;  // musts count where this field has a value; "" : always
  std::string dated_by;    // the day that chooses the words of codes
  std::vector<Column> columns;
  std::map<std::string, std::vector<Word>, std::less<>> codes;

  // -1 where there is none.
  int Find(absl::string_view field) const;
};

// A map from the text of its columns: CSV with the columns field, headers, type, longest, must, key, unit, codes, beside, clean,
// in which several are joined by /. `map` has what is said of it as a whole, and the columns of its base. INVALID_ARGUMENT with a
// sentence where a line is wrong, two columns share a field or header, or a field or list that is named is not there.
absl::StatusOr<ColumnMap> ParseColumnMap(ColumnMap map, const std::string& columns);

// The maps of a folder: maps.csv (map, kind, version, title, valid_from, valid_to, base, decided_by, dated_by; a base before what
// extends it), codes.csv (list, code, word, valid_from, valid_to), and the columns of each as <map>.csv.
absl::StatusOr<std::vector<ColumnMap>> LoadColumnMaps(const std::string& folder);

}  // namespace sifa::ingest
