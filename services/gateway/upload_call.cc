#include "services/gateway/upload_call.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"
#include "libs/core/status.h"
#include "libs/rpc/status.h"
#include "services/gateway/wire_fields.h"

namespace sifa::gateway {
namespace {

constexpr size_t kChunk = 256 << 10;
constexpr size_t kUncounted = 4 << 10;

// The same error, saying which line: in the message for people, in ErrorInfo.metadata["line"] for programs.
absl::Status AtLine(const absl::Status& status, uint64_t line) {
  google::rpc::Status proto = ToProto(status);
  proto.set_message(absl::StrCat("第 ", line, " 行：", status.message()));
  for (auto& detail : *proto.mutable_details()) {
    google::rpc::ErrorInfo info;
    if (!detail.UnpackTo(&info)) continue;
    (*info.mutable_metadata())["line"] = absl::StrCat(line);
    detail.PackFrom(info);
  }
  return FromProto(proto);
}

}  // namespace

void UploadCall::Start(std::string) {
  if (raw_) {
    if (absl::Status status = BuildWithoutBody(/*keyed=*/false, &base_); !status.ok()) return Fail(status);
  }
  const auto channel = Channel();
  if (!channel) return;
  auto self = std::static_pointer_cast<UploadCall>(shared_from_this());
  stream_ = std::make_shared<Stream>(passport(), [self = std::move(self), &loop = loop()] {
    loop.Post([self] { self->Serve(); });
  });
  stream_->Start(channel, route().method->path);
  // Raw bytes begin with a message that only says what they are for: the service refuses before it gets any.
  if (raw_) SendChunk("", /*last=*/false);
}

bool UploadCall::wants_body() const { return !stream_ || stream_->room(); }

void UploadCall::OnBody(absl::string_view piece) {
  if (!stream_) return;  // answered; the rest is dropped
  raw_ ? OnBytes(piece) : OnLines(piece);
  if (stream_ && partial_.capacity() > kUncounted && !exchange()->HoldBody(partial_.capacity())) {
    Stop();
    Fail(Busy());
  }
}

void UploadCall::OnLines(absl::string_view piece) {
  while (stream_ && !piece.empty()) {
    const size_t end = piece.find('\n');
    const absl::string_view part = piece.substr(0, end);
    if (!skipping_ && partial_.size() + part.size() > options().max_line) {
      ++line_;
      partial_.clear();
      skipping_ = true;
      OnBadLine(Error(absl::StatusCode::kInvalidArgument, "LINE_TOO_LONG",
                      absl::StrCat("超过单行上限 ", options().max_line, " 字节")));
    } else if (!skipping_ && end == absl::string_view::npos) {
      partial_.append(part.data(), part.size());
    } else if (!skipping_ && partial_.empty()) {
      SendLine(part);
    } else if (!skipping_) {
      partial_.append(part.data(), part.size());
      SendLine(partial_);
      partial_.clear();
    }
    if (end == absl::string_view::npos) return;
    skipping_ = false;
    piece.remove_prefix(end + 1);
  }
}

void UploadCall::SendLine(absl::string_view line) {
  ++line_;
  if (absl::ConsumePrefix(&line, kByteOrderMark)) SetEncoding(Encoding::kUtf8);
  if (line.find_first_not_of(" \t\r") == absl::string_view::npos) return;
  // The first line beyond ASCII tells for all: one of another encoding among them is damaged, and is refused.
  if (!encoding() && !std::all_of(line.begin(), line.end(), absl::ascii_isascii)) SetEncoding(SniffEncoding(line));
  std::string wire;
  // The whole upload is one request: its idempotency key goes with the first message only.
  if (absl::Status status = Build(line, /*keyed=*/!sent_any_, &wire); !status.ok()) return OnBadLine(status);
  if (route().raw.line != 0) AppendVarint(&wire, route().raw.line, line_);
  Send(std::move(wire));
}

void UploadCall::OnBadLine(const absl::Status& status) {
  const RawFields& raw = route().raw;
  std::string wire;
  if (raw.line_error == 0 || !BuildWithoutBody(/*keyed=*/!sent_any_, &wire).ok()) {
    Stop();
    return Fail(AtLine(status, line_));
  }
  if (raw.line != 0) AppendVarint(&wire, raw.line, line_);
  AppendBytes(&wire, raw.line_error, ToProto(status).SerializeAsString());
  Send(std::move(wire));
}

void UploadCall::OnBytes(absl::string_view piece) {
  partial_.append(piece.data(), piece.size());
  if (partial_.size() < kChunk) return;
  SendChunk(absl::string_view(partial_).substr(0, kChunk), /*last=*/false);
  partial_.erase(0, kChunk);
}

void UploadCall::SendChunk(absl::string_view bytes, bool last) {
  std::string wire = base_;
  if (!sent_any_) {
    if (absl::Status status = BuildWithoutBody(/*keyed=*/true, &wire); !status.ok()) {
      Stop();
      return Fail(status);
    }
  }
  AppendBytes(&wire, route().raw.data, bytes);
  if (last && route().raw.last != 0) AppendVarint(&wire, route().raw.last, 1);
  Send(std::move(wire));
}

void UploadCall::Send(std::string wire) {
  sent_any_ = true;
  stream_->Send(ToByteBuffer(std::move(wire)));
}

void UploadCall::OnBodyEnd() {
  if (!stream_) return;
  if (raw_) {
    if (!partial_.empty() || route().raw.last != 0) SendChunk(partial_, /*last=*/true);
  } else if (!partial_.empty()) {
    SendLine(partial_);
  }
  partial_.clear();
  if (stream_) stream_->SendEnd();
}

void UploadCall::Serve() {
  if (!stream_ || exchange() == nullptr) return;
  if (!has_answer_) has_answer_ = stream_->Receive(&answer_);
  grpc::Status status;
  if (!stream_->Finished(&status)) return exchange()->ResumeBody();
  Stop();
  if (!status.ok()) return Fail(OutcomeOf(status));
  if (!has_answer_) return Fail(Internal("no answer to a finished upload"));
  const WireView view(answer_);
  AnswerJson(view.bytes());
}

void UploadCall::Stop() {
  if (stream_) std::exchange(stream_, nullptr)->Cancel();
}

void UploadCall::Abort() {
  Release();
  Stop();
}

}  // namespace sifa::gateway
