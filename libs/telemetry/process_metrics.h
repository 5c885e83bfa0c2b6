// What Prometheus' client libraries for other languages say of every process, under the same names.
#pragma once

namespace sifa::telemetry {

// Sets process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds and
// process_start_time_seconds. One call at a time.
void ReadProcessMetrics();

}  // namespace sifa::telemetry
