#include "libs/rpc/grpc_log.h"

#include "absl/strings/str_cat.h"
#include "grpc/support/log.h"
#include "libs/telemetry/log.h"

namespace sifa::rpc {
namespace {

void Write(gpr_log_func_args* line) {
  absl::string_view file = line->file;
  if (const size_t slash = file.rfind('/'); slash != absl::string_view::npos) file.remove_prefix(slash + 1);
  const std::string at = absl::StrCat(file, ":", line->line);
  if (line->severity == GPR_LOG_SEVERITY_ERROR) {
    telemetry::Warn("grpc", {{"message", line->message}, {"at", at}});
  } else {
    telemetry::Debug("grpc", {{"message", line->message}, {"at", at}});
  }
}

}  // namespace

void LogGrpc() { gpr_set_log_function(&Write); }

}  // namespace sifa::rpc
