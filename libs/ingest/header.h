// The header of a table (表头): which row it is, by which map it is read, and which column holds which field. Columns are found
// by their header, never by their place: the codes of the party stand in another order in each of the national lists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "libs/ingest/column_map.h"
#include "libs/ingest/table.h"

namespace sifa::ingest {

// The column in which the file to hand back gives its reasons (hand_back.h); it is none of the sender's.
inline constexpr absl::string_view kReasonsHeader = "退回原因";

// One form of a header or of a word for a code: NFKC, capitals, without blanks and marks of what must be filled in; dashes are _,
// brackets of all kinds ().
std::string NormalHeader(absl::string_view header);

struct Header {
  const ColumnMap* map = nullptr;
  uint64_t row = 0;
  std::vector<std::string> names;        // by column of the file, as sent
  std::vector<int> columns;              // by column of the map: its place in the file from 0; -1 where the file lacks it
  std::vector<std::string> units;        // by column of the map: of an amount, 元 or 万元; "" otherwise
  std::vector<int> ignored;              // columns of the file with a header that no field has
  std::vector<absl::string_view> lacks;  // fields that the map wants in every row and the file has no column for
};

// A row as the header of a map. Nothing where it is none: it must have a column for each part of the key, and half of those that
// every row must fill in. `duplicate` has the header that two of its columns share for one field, if any do.
std::optional<Header> AsHeader(const Row& row, const ColumnMap& map, std::string* duplicate);

// A file whose header was found, about to be read.
struct FoundTable {
  Reading reading;
  Header header;
  std::unique_ptr<RowSource> rows;  // from the one after the header on
  std::vector<Finding> findings;    // of the file: columns that it lacks, headers that could be two things
};

// Looks for the header in the first rows of each reading of the file, by each of the maps; the first reading that has one wins,
// and in it the map with the most columns, of these the one that lacks the fewest. Nothing, with `fault`, where there is none or
// it is not clear which. The maps must outlive what is found.
std::optional<FoundTable> FindHeader(TableFile& file, absl::Span<const ColumnMap* const> maps, std::optional<Finding>* fault);

}  // namespace sifa::ingest
