#include "libs/ingest/header.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/text.h"
#include "unicode/uchar.h"

namespace sifa::ingest {
namespace {

constexpr int kRowsBeforeHeader = 30;   // in which titles and notes may stand
constexpr size_t kLongestHeader = 300;  // bytes; a longer text is none
// In the party's codes the bracket is what tells them apart: _2 and _3 changed places between the lists of 2015 and 2018.
constexpr absl::string_view kBracketTells = "行政相对人代码";

std::string WithoutBrackets(absl::string_view header) {
  std::string kept;
  int depth = 0;
  for (const char c : header) {
    if (c == '(') ++depth;
    if (depth == 0) kept.push_back(c);
    if (c == ')' && depth > 0) --depth;
  }
  return kept;
}

// 元 or 万元 where the brackets of the header name it.
absl::string_view UnitIn(absl::string_view header) {
  const size_t open = header.find('(');
  if (open == absl::string_view::npos) return "";
  const absl::string_view inside = header.substr(open);
  if (absl::StrContains(inside, "万元")) return "万元";
  return absl::StrContains(inside, "元") ? "元" : "";
}

// Which headers a map knows.
class Names {
 public:
  explicit Names(const ColumnMap& map) : map_(map) {
    for (size_t i = 0; i < map.columns.size(); ++i) {
      Add(map.columns[i].field, i);
      for (const std::string& header : map.columns[i].headers) Add(header, i);
    }
  }

  const ColumnMap& map() const { return map_; }
  // The column of the map; -1 where none has this header, -2 where several may.
  int Find(const std::string& header) const {
    const auto whole = whole_.find(header);
    if (whole != whole_.end()) return whole->second;
    if (absl::StartsWith(header, kBracketTells)) return -2;
    const auto shortened = shortened_.find(WithoutBrackets(header));
    return shortened == shortened_.end() ? -1 : shortened->second;
  }

 private:
  void Add(absl::string_view header, size_t column) {
    const std::string normal = NormalHeader(header);
    whole_.emplace(normal, column);
    const auto [at, added] = shortened_.emplace(WithoutBrackets(normal), column);
    if (!added && at->second != static_cast<int>(column)) at->second = -2;
  }

  const ColumnMap& map_;
  std::map<std::string, int> whole_, shortened_;
};

struct Match {
  Header header;
  std::string duplicate;
  std::vector<int> unclear;  // columns of the file whose header could be several fields
  size_t found = 0;
};

bool IsAnchored(const Header& header) {
  const std::vector<Column>& columns = header.map->columns;
  bool organ = false, number = false;
  size_t wanted = 0, there = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    const bool has = header.columns[i] >= 0;
    organ = organ || (has && columns[i].key == "organ");
    number = number || (has && columns[i].key == "number");
    wanted += columns[i].must == "yes";
    there += has && columns[i].must == "yes";
  }
  return organ && number && there * 2 >= wanted;
}

std::optional<Match> MatchRow(const Row& row, const Names& names) {
  const std::vector<Column>& columns = names.map().columns;
  Match match;
  Header& header = match.header;
  header.map = &names.map();
  header.row = row.number;
  header.columns.assign(columns.size(), -1);
  header.units.resize(columns.size());
  for (size_t at = 0; at < row.width(); ++at) {
    const Cell& cell = row[at];
    const bool continued = (cell.marks & kFromMergedRange) != 0;
    header.names.push_back(continued ? "" : cell.text);
    if (continued || cell.text.empty() || cell.text.size() > kLongestHeader) continue;
    const std::string normal = NormalHeader(cell.text);
    const int column = names.Find(normal);
    if (column < 0) {
      if (cell.text != kReasonsHeader) (column == -2 ? match.unclear : header.ignored).push_back(static_cast<int>(at));
      continue;
    }
    if (header.columns[column] >= 0) match.duplicate = cell.text;
    header.columns[column] = static_cast<int>(at);
    const absl::string_view unit = UnitIn(normal);
    header.units[column] = unit.empty() ? columns[column].unit : std::string(unit);
    ++match.found;
  }
  if (!IsAnchored(header)) return std::nullopt;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (header.columns[i] < 0 && columns[i].must == "yes") header.lacks.push_back(columns[i].field);
  }
  return match;
}

bool IsBetter(const Match& one, const Match& other) {
  if (one.found != other.found) return one.found > other.found;
  return one.header.map->columns.size() < other.header.map->columns.size();
}

bool IsExtensionOf(const ColumnMap& one, const ColumnMap& other) { return one.base == other.id || other.base == one.id; }

// The best of the maps by which the row is a header. `unclear` where two fit alike.
std::optional<Match> BestMatch(const Row& row, const std::vector<Names>& maps, bool* unclear) {
  std::optional<Match> best;
  *unclear = false;
  for (const Names& names : maps) {
    std::optional<Match> match = MatchRow(row, names);
    if (!match) continue;
    if (best && match->found == best->found && !IsExtensionOf(*match->header.map, *best->header.map)) {
      *unclear = true;
    } else if (!best || match->found > best->found) {
      *unclear = false;
    }
    if (!best || IsBetter(*match, *best)) best = std::move(match);
  }
  return best;
}

absl::string_view NameOf(const ColumnMap& map, absl::string_view field) {
  const Column& column = map.columns[map.Find(field)];
  return column.headers.empty() ? column.field : column.headers.front();
}

std::vector<Finding> FindingsOf(const Match& match) {
  std::vector<Finding> findings;
  const Header& header = match.header;
  for (const absl::string_view field : header.lacks) {
    findings.push_back({.rule = &kFieldRequired,
                        .severity = Severity::kWarned,
                        .row = header.row,
                        .field = std::string(field),
                        .sentence = absl::StrCat("缺少“", NameOf(*header.map, field), "”列")});
  }
  for (const int at : match.unclear) {
    findings.push_back({.rule = &kHeaderAmbiguous,
                        .severity = Severity::kWarned,
                        .row = header.row,
                        .column = at + 1,
                        .cell = header.names[at],
                        .sentence = absl::StrCat("列名“", header.names[at], "”不能确定是哪一项，没有读取该列")});
  }
  return findings;
}

bool IsBracketOpen(char32_t c) {
  return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_GENERAL_CATEGORY) == U_START_PUNCTUATION;
}
bool IsBracketClose(char32_t c) {
  return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_GENERAL_CATEGORY) == U_END_PUNCTUATION;
}
bool IsDash(char32_t c) { return c == U'_' || u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DASH); }

}  // namespace

std::string NormalHeader(absl::string_view header) {
  const std::string token = NormalToken(header);
  std::string normal;
  for (absl::string_view rest = token; !rest.empty();) {
    const absl::string_view from = rest;
    const char32_t c = NextCharacter(&rest);
    if (IsWhiteSpace(c) || IsInvisible(c) || c == U'*' || c == U':') continue;
    if (IsBracketOpen(c)) {
      normal.push_back('(');
    } else if (IsBracketClose(c)) {
      normal.push_back(')');
    } else if (IsDash(c)) {
      normal.push_back('_');
    } else if (c < 0x80) {
      normal.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c));
    } else {
      normal.append(from.data(), from.size() - rest.size());
    }
  }
  return normal;
}

std::optional<Header> AsHeader(const Row& row, const ColumnMap& map, std::string* duplicate) {
  std::optional<Match> match = MatchRow(row, Names(map));
  if (!match) return std::nullopt;
  *duplicate = match->duplicate;
  return std::move(match->header);
}

std::optional<FoundTable> FindHeader(TableFile& file, absl::Span<const ColumnMap* const> maps, std::optional<Finding>* fault) {
  std::vector<Names> names;
  for (const ColumnMap* map : maps) names.emplace_back(*map);
  bool decodes = false;
  fault->reset();
  for (size_t i = 0; i < file.readings().size(); ++i) {
    std::unique_ptr<RowSource> rows = file.Open(i);
    Row row;
    bool whole = true;
    for (int seen = 0; seen < kRowsBeforeHeader && rows->Next(&row); ++seen) {
      whole = whole && !row.encoding_differs;
      if (row.encoding_differs) continue;
      bool unclear;
      std::optional<Match> match = BestMatch(row, names, &unclear);
      if (!match) continue;
      if (unclear) {
        *fault = OfFile(kHeaderAmbiguous);
        return std::nullopt;
      }
      if (!match->duplicate.empty()) {
        *fault = OfFile(kDuplicateHeader, match->duplicate);
        return std::nullopt;
      }
      fault->reset();
      std::vector<Finding> findings = FindingsOf(*match);
      return FoundTable{file.readings()[i], std::move(match->header), std::move(rows), std::move(findings)};
    }
    decodes = decodes || whole;
    if (rows->fault() && !*fault) *fault = rows->fault();
  }
  if (!*fault) *fault = OfFile(decodes ? kHeaderNotFound : kEncodingUnknown);
  return std::nullopt;
}

}  // namespace sifa::ingest
