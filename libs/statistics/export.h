// Results as a file for Excel: CSV (RFC 4180, UTF-8 with BOM), what it is about and how ratios are made above
// the table, and a digest so that a printed or forwarded file can be checked against the suite.
#pragma once

#include <string>

#include "libs/statistics/query.h"

namespace sifa::statistics {

struct CsvFile {
  std::string name;  // "mediation.cases_330783_2026-01-01_2026-01-31_1234.csv"
  std::string content;
  std::string digest;  // SHA-256 in hex
};
CsvFile MakeCsv(const Result& result, const Query& query, const Reference& reference);

}  // namespace sifa::statistics
