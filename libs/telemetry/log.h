// JSON logs, one object a line, to standard error. No personal data: log ids, reasons and counts, never
// names, numbers or bodies. The trace id of the call being handled is added to every line. Thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace sifa::telemetry {

using Field = std::pair<absl::string_view, std::string>;

// Once, in main. `level`: debug | info | warn | error.
void StartLog(absl::string_view service, absl::string_view level);

void Debug(absl::string_view event, std::initializer_list<Field> fields = {});
void Info(absl::string_view event, std::initializer_list<Field> fields = {});
void Warn(absl::string_view event, std::initializer_list<Field> fields = {});
void Error(absl::string_view event, std::initializer_list<Field> fields = {});
// Logs at error with code and reason where the status is not OK.
void ErrorIf(absl::string_view event, const absl::Status& status);
// The same, but at warn where what is needed is merely away for now: it comes back by itself.
void ReportIf(absl::string_view event, const absl::Status& status);

}  // namespace sifa::telemetry
