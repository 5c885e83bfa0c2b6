// One request, a stream of answers: as NDJSON, as server-sent events, or as raw bytes, as the Accept header asks.
#pragma once

#include "services/gateway/rpc_call.h"

namespace sifa::gateway {

class DownloadCall : public RpcCall {
 public:
  explicit DownloadCall(CallSetup setup);
  void Start(std::string body) override;
  void OnRoom() override { Serve(); }
  void Abort() override;

 private:
  enum class Form { kLines, kEvents, kRaw };
  void Serve();
  // Passes on what has come, as far as the client keeps up.
  void Pass();
  absl::Status Append(absl::string_view wire, std::string* out) const;
  void Begin(absl::string_view first_wire);
  void End(const absl::Status& status);

  const Form form_;
  std::shared_ptr<Stream> stream_;
  bool begun_ = false;
  bool serving_ = false;
};

}  // namespace sifa::gateway
