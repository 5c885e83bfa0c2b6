// A stream of requests, one answer: lines of NDJSON, or raw bytes cut into messages.
#pragma once

#include "services/gateway/rpc_call.h"

namespace sifa::gateway {

class UploadCall : public RpcCall {
 public:
  // `raw`: the body is bytes for the field `data`, not lines.
  UploadCall(CallSetup setup, bool raw) : RpcCall(std::move(setup)), raw_(raw) {}
  bool streams_body() const override { return true; }
  // Opens the upstream call; pieces of the body follow.
  void Start(std::string body) override;
  void OnBody(absl::string_view piece) override;
  void OnBodyEnd() override;
  bool wants_body() const override;
  void Abort() override;

 private:
  // Something has come from the service: room for more lines, the answer, or the end.
  void Serve();
  void OnLines(absl::string_view piece);
  void OnBytes(absl::string_view piece);
  void SendLine(absl::string_view line);
  void SendChunk(absl::string_view bytes, bool last);
  // A line that is not a request: passed on where the message has room for that, else the end of the call.
  void OnBadLine(const absl::Status& status);
  void Send(std::string wire);
  void Stop();

  const bool raw_;
  std::shared_ptr<Stream> stream_;
  std::string partial_;      // a line or a chunk that is not complete
  bool skipping_ = false;    // the rest of a line that was too long
  uint64_t line_ = 0;
  bool sent_any_ = false;
  std::string base_;         // of a raw upload: path and query in wire form
  grpc::ByteBuffer answer_;
  bool has_answer_ = false;
};

}  // namespace sifa::gateway
