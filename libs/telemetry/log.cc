#include "libs/telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/core/status.h"
#include "libs/telemetry/json_line.h"
#include "libs/telemetry/metrics.h"
#include "libs/telemetry/trace.h"

namespace sifa::telemetry {
namespace {

struct Log {
  std::shared_ptr<spdlog::logger> logger;
  absl::Mutex mutex;
  std::string service ABSL_GUARDED_BY(mutex);
};

// Never destroyed: threads that outlive main may still write.
Log& TheLog() {
  static Log* const log = [] {
    auto* made = new Log;
    made->logger =
        std::make_shared<spdlog::logger>("sifa", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->logger->set_pattern("%v");
    return made;
  }();
  return *log;
}

std::string ServiceName() {
  Log& log = TheLog();
  const absl::MutexLock lock(&log.mutex);
  return log.service;
}

// A field may not stand twice in an object, so one that bears the name of a part of the line gets another.
bool IsPartOfTheLine(absl::string_view key) {
  constexpr std::array<absl::string_view, 6> kParts = {"time",  "level",    "service",
                                                       "event", "trace_id", "span_id"};
  for (absl::string_view part : kParts) {
    if (key == part) return true;
  }
  return false;
}

void AddHead(JsonLine& line, absl::string_view level, absl::string_view event) {
  // The true time, not the suite's clock: logs of a demonstration whose clock is set forward must still fit
  // the machine's.
  line.Add("time", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone()));
  line.Add("level", level);
  line.Add("service", ServiceName());
  line.Add("event", event);
  if (const TraceContext* trace = CurrentTrace()) {
    line.Add("trace_id", trace->trace_id);
    line.Add("span_id", trace->span_id);
  }
}

// Of each level from the start, so that the first of an hour is an increase.
prometheus::Counter& LinesOf(spdlog::level::level_enum level) {
  static const auto lines = [] {
    std::array<prometheus::Counter*, 7> counters{};
    for (const auto& [of, name] : {std::pair(spdlog::level::debug, "debug"), std::pair(spdlog::level::info, "info"),
                                   std::pair(spdlog::level::warn, "warn"), std::pair(spdlog::level::err, "error")}) {
      counters[of] = &Counter("sifa_log_lines_total", "Lines of the log", {{"level", name}});
    }
    return counters;
  }();
  return *lines[level];
}

void Write(spdlog::level::level_enum level, absl::string_view name, absl::string_view event,
           std::initializer_list<Field> fields) {
  spdlog::logger& logger = *TheLog().logger;
  if (!logger.should_log(level)) return;
  LinesOf(level).Increment();
  JsonLine line;
  AddHead(line, name, event);
  for (const auto& [key, value] : fields)
    line.Add(IsPartOfTheLine(key) ? absl::StrCat(key, "_") : key, value);
  const std::string text = std::move(line).Finish();
  logger.log(level, spdlog::string_view_t(text.data(), text.size()));
}

// Whose message was written for us and not, from what a citizen entered, for a clerk.
bool IsOurFault(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss || code == absl::StatusCode::kUnavailable;
}

}  // namespace

void StartLog(absl::string_view service, absl::string_view level) {
  Log& log = TheLog();
  {
    const absl::MutexLock lock(&log.mutex);
    log.service = std::string(service);
  }
  const auto parsed = level == "debug"   ? spdlog::level::debug
                      : level == "warn"  ? spdlog::level::warn
                      : level == "error" ? spdlog::level::err
                                         : spdlog::level::info;
  log.logger->set_level(parsed);
  if (parsed == spdlog::level::info && level != "info")
    Warn("log_level_unknown", {{"wanted", std::string(level)}});
}

void Debug(absl::string_view event, std::initializer_list<Field> fields) {
  Write(spdlog::level::debug, "debug", event, fields);
}
void Info(absl::string_view event, std::initializer_list<Field> fields) {
  Write(spdlog::level::info, "info", event, fields);
}
void Warn(absl::string_view event, std::initializer_list<Field> fields) {
  Write(spdlog::level::warn, "warn", event, fields);
}
void Error(absl::string_view event, std::initializer_list<Field> fields) {
  Write(spdlog::level::err, "error", event, fields);
}

namespace {

void Report(void (*write)(absl::string_view, std::initializer_list<Field>), absl::string_view event, const absl::Status& status) {
  const std::string code = absl::StatusCodeToString(status.code());
  if (IsOurFault(status.code())) {
    write(event, {{"code", code}, {"reason", ReasonOf(status)}, {"message", std::string(status.message())}});
  } else {
    write(event, {{"code", code}, {"reason", ReasonOf(status)}});
  }
}

}  // namespace

void ErrorIf(absl::string_view event, const absl::Status& status) {
  if (!status.ok()) Report(&Error, event, status);
}

void ReportIf(absl::string_view event, const absl::Status& status) {
  if (status.ok()) return;
  const bool away = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsResourceExhausted(status) ||
                    absl::IsAborted(status);
  Report(away ? &Warn : &Error, event, status);
}

}  // namespace sifa::telemetry
