// Reads a file by the maps of a folder, as the benchmark of readers asks: prints the rows, the processor seconds of their cells
// alone and as records, and the peak of memory in KiB.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "libs/ingest/header.h"
#include "libs/ingest/record.h"
#include "libs/ingest/table.h"

namespace {

using namespace sifa::ingest;

double Seconds(const rusage& usage) {
  const auto of = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

rusage Usage() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

[[noreturn]] void Fail(absl::string_view sentence) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(sentence.size()), sentence.data());
  std::exit(1);
}

FoundTable Find(TableFile& file, const std::vector<const ColumnMap*>& maps) {
  std::optional<Finding> fault;
  auto found = FindHeader(file, maps, &fault);
  if (!found) Fail(fault->sentence);
  return *std::move(found);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) Fail("read-table MAPS FILE");
  const auto loaded = LoadColumnMaps(arguments[1]);
  const auto content = OpenFile(arguments[2]);
  if (!loaded.ok() || !content.ok()) Fail(loaded.ok() ? content.status().message() : loaded.status().message());
  std::vector<const ColumnMap*> maps;
  for (const ColumnMap& map : *loaded) maps.push_back(&map);

  const double start = Seconds(Usage());
  std::optional<Finding> fault;
  const auto file = OpenTable(**content, "/tmp", &fault);
  if (!file) Fail(fault->sentence);
  unsigned long long rows = 0, findings = 0;
  Row row;
  for (FoundTable found = Find(*file, maps); found.rows->Next(&row);) ++rows;
  const double cells = Seconds(Usage());
  FoundTable found = Find(*file, maps);
  const RecordReader reader(found.header, absl::CivilDay(2024, 12, 31));
  for (Record record; found.rows->Next(&row);) {
    reader.Read(row, &record);
    findings += record.findings.size();
  }
  if (found.rows->fault()) Fail(found.rows->fault()->sentence);
  const rusage end = Usage();
  std::printf("%llu %.3f %.3f %ld %llu\n", rows, cells - start, Seconds(end) - cells, end.ru_maxrss, findings);
  return 0;
}
