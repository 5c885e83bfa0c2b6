#include "libs/rpc/library_log.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "libs/telemetry/log.h"

namespace sifa::rpc {
namespace {

void Write(absl::string_view library, bool is_error, absl::string_view file, int line, absl::string_view message) {
  if (const size_t slash = file.rfind('/'); slash != absl::string_view::npos) file.remove_prefix(slash + 1);
  const auto write = is_error ? &telemetry::Warn : &telemetry::Debug;
  write(library, {{"message", std::string(message)}, {"at", absl::StrCat(file, ":", line)}});
}

void WriteGrpc(gpr_log_func_args* line) {
  Write("grpc", line->severity == GPR_LOG_SEVERITY_ERROR, line->file, line->line, line->message);
}

void WriteProtobuf(google::protobuf::LogLevel level, const char* file, int line, const std::string& message) {
  Write("protobuf", level >= google::protobuf::LOGLEVEL_ERROR, file, line, message);
}

}  // namespace

void LogLibraries() {
  gpr_set_log_function(&WriteGrpc);
  google::protobuf::SetLogHandler(&WriteProtobuf);
}

}  // namespace sifa::rpc
