#include "services/gateway/download_call.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "libs/rpc/status.h"
#include "services/gateway/wire_fields.h"

namespace sifa::gateway {
namespace {

constexpr size_t kBatch = 64 << 10;

// A media type that is safe to send back as it came; anything else is bytes.
std::string MediaType(absl::string_view type) {
  const bool plain = !type.empty() && type.size() <= 100 && absl::StrContains(type, '/') &&
                     type.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+-.") ==
                         absl::string_view::npos;
  return plain ? std::string(type) : "application/octet-stream";
}

// RFC 6266 with RFC 8187: the name in UTF-8, whatever its script.
std::string Disposition(absl::string_view file_name) {
  std::string line = "Content-Disposition: attachment";
  if (!file_name.empty()) line += "; filename*=UTF-8''";
  for (const unsigned char c : file_name.substr(0, 1000)) {
    if (absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_') {
      line.push_back(static_cast<char>(c));
    } else {
      absl::StrAppendFormat(&line, "%%%02X", c);
    }
  }
  return line + "\r\n";
}

}  // namespace

DownloadCall::DownloadCall(CallSetup setup)
    : RpcCall(std::move(setup)),
      form_(route().raw.data != 0 && (absl::StrContains(exchange()->head().accept, "application/octet-stream") ||
                                      absl::StrContains(exchange()->head().accept, "application/pdf"))
                ? Form::kRaw
            : absl::StrContains(exchange()->head().accept, "text/event-stream") ? Form::kEvents
                                                                                : Form::kLines) {}

void DownloadCall::Start(std::string body) {
  std::string wire;
  if (absl::Status status = Build(body, /*keyed=*/true, &wire); !status.ok()) return Fail(status);
  const auto channel = Channel();
  if (!channel) return;
  auto self = std::static_pointer_cast<DownloadCall>(shared_from_this());
  stream_ = std::make_shared<Stream>(passport(), [self = std::move(self), &loop = loop()] {
    loop.Post([self] { self->Serve(); });
  });
  stream_->Start(channel, route().method->path);
  stream_->Send(ToByteBuffer(std::move(wire)));
  stream_->SendEnd();
}

void DownloadCall::Serve() {
  if (serving_ || !stream_ || exchange() == nullptr) return;  // serving: writing made room for more, which Pass sees
  serving_ = true;
  Pass();
  serving_ = false;
  grpc::Status status;
  if (exchange() != nullptr && stream_->Finished(&status)) End(OutcomeOf(status));
}

void DownloadCall::Pass() {
  while (exchange() != nullptr && !exchange()->congested()) {
    std::string batch;
    grpc::ByteBuffer message;
    while (batch.size() < kBatch && stream_->Receive(&message)) {
      const WireView view(message);
      if (!begun_) Begin(view.bytes());
      if (absl::Status status = Append(view.bytes(), &batch); !status.ok()) {
        exchange()->Write(batch);
        if (exchange() != nullptr) End(status);
        return;
      }
    }
    if (batch.empty()) return;
    exchange()->Write(batch);
  }
}

absl::Status DownloadCall::Append(absl::string_view wire, std::string* out) const {
  if (form_ == Form::kRaw) {
    absl::StrAppend(out, FindBytes(wire, route().raw.data).value_or(""));
    return absl::OkStatus();
  }
  static thread_local std::string json;
  if (absl::Status status = contract::AnswerToJson(match(), wire, &json); !status.ok()) return status;
  if (form_ == Form::kEvents) {
    absl::StrAppend(out, "data: ", json, "\n\n");
  } else {
    absl::StrAppend(out, json, "\n");
  }
  return absl::OkStatus();
}

void DownloadCall::Begin(absl::string_view first_wire) {
  begun_ = true;
  if (form_ != Form::kRaw) {
    exchange()->BeginStream(form_ == Form::kLines ? "application/x-ndjson" : "text/event-stream", "");
    return;
  }
  const RawFields& raw = route().raw;
  const auto text = [&](int field) { return field == 0 ? "" : FindBytes(first_wire, field).value_or(""); };
  exchange()->BeginStream(MediaType(text(raw.content_type)), Disposition(text(raw.file_name)));
}

void DownloadCall::End(const absl::Status& status) {
  if (stream_) std::exchange(stream_, nullptr)->Cancel();
  if (!begun_ && !status.ok()) return Fail(status);
  if (!begun_) Begin("");
  Observe(status);
  Exchange* const exchange = Release();
  if (status.ok()) return exchange->EndStream();
  if (form_ == Form::kRaw) return exchange->CutStream();
  // The head has said 200; the last line says what happened.
  const std::string error = absl::StrCat("{\"error\":", ErrorBody(status, passport().request_id), "}");
  exchange->Write(form_ == Form::kEvents ? absl::StrCat("event: error\ndata: ", error, "\n\n") : absl::StrCat(error, "\n"));
  exchange->EndStream();
}

void DownloadCall::Abort() {
  Release();
  if (stream_) std::exchange(stream_, nullptr)->Cancel();
}

}  // namespace sifa::gateway
