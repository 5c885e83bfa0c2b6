// Calls one unary method of a service past the gateway, as fast as an asynchronous client can keep N calls in flight, or
// once to see how it is answered. A measure to hold the gateway against, and a stranger at the service's own door.
//
//   sifa-grpc-load --address=127.0.0.1:20001 --peer=mediation --tls=DIR --method=/sifa.mediation.v1.CaseService/GetCase
//                  --token=- --request=0a1a… --in_flight=64 --seconds=5        (the token comes on standard input)
//
// Prints one JSON object.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"
#include "libs/rpc/channel.h"

ABSL_FLAG(std::string, address, "", "host:port");
ABSL_FLAG(std::string, peer, "", "name in the service's certificate");
ABSL_FLAG(std::string, tls, "", "directory with ca.pem, cert.pem and key.pem");
ABSL_FLAG(std::string, method, "", "/package.Service/Method");
ABSL_FLAG(std::string, token, "", "bearer token; - reads it from standard input, empty sends none");
ABSL_FLAG(std::string, request, "", "the request message in hexadecimal");
ABSL_FLAG(std::string, response, "", "full name of a message: each answer is parsed as one");
ABSL_FLAG(int, in_flight, 1, "calls at once");
ABSL_FLAG(double, seconds, 0, "how long; 0: one call");

namespace sifa::scale {
namespace {

using Steady = std::chrono::steady_clock;

struct Call {
  grpc::ClientContext context;
  grpc::ByteBuffer response;
  grpc::Status status;
  Steady::time_point begin;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
};

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return "";
  for (const auto& any : details.details()) {
    google::rpc::ErrorInfo info;
    if (any.Is<google::rpc::ErrorInfo>() && any.UnpackTo(&info)) return info.reason();
  }
  return "";
}

class Load {
 public:
  Load() {
    channel_ = rpc::Connect(rpc::TlsFiles::In(absl::GetFlag(FLAGS_tls)), absl::GetFlag(FLAGS_peer), absl::GetFlag(FLAGS_address),
                            /*own_connection=*/true);
    stub_ = std::make_unique<grpc::GenericStub>(channel_);
    std::string token = absl::GetFlag(FLAGS_token);
    if (token == "-") std::getline(std::cin, token);
    if (!token.empty()) authorization_ = absl::StrCat("Bearer ", token);
    const grpc::Slice slice(absl::HexStringToBytes(absl::GetFlag(FLAGS_request)));
    request_ = grpc::ByteBuffer(&slice, 1);
    const std::string type = absl::GetFlag(FLAGS_response);
    if (type.empty()) return;
    const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
    prototype_ = google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
  }

  void Run() {
    const double seconds = absl::GetFlag(FLAGS_seconds);
    channel_->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const auto begin = Steady::now();
    const auto end = begin + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));
    for (int i = 0; i < absl::GetFlag(FLAGS_in_flight); ++i) Start();
    int open = absl::GetFlag(FLAGS_in_flight);
    void* tag = nullptr;
    bool ok = false;
    while (open > 0 && queue_.Next(&tag, &ok)) {
      Finish(std::unique_ptr<Call>(static_cast<Call*>(tag)));
      if (Steady::now() < end) {
        Start();
      } else {
        --open;
      }
    }
    Print(std::chrono::duration<double>(Steady::now() - begin).count());
  }

 private:
  void Start() {
    auto* call = new Call;
    if (!authorization_.empty()) call->context.AddMetadata("authorization", authorization_);
    call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(15));
    call->begin = Steady::now();
    call->reader = stub_->PrepareUnaryCall(&call->context, absl::GetFlag(FLAGS_method), request_, &queue_);
    call->reader->StartCall();
    call->reader->Finish(&call->response, &call->status, call);
  }

  void Finish(std::unique_ptr<Call> call) {
    if (!call->status.ok()) {
      ++failed_;
      last_ = call->status;
      return;
    }
    bytes_ = call->response.Length();
    if (prototype_ != nullptr) {
      std::vector<grpc::Slice> slices;
      std::string text;
      call->response.Dump(&slices);
      for (const auto& slice : slices) text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
      const std::unique_ptr<google::protobuf::Message> message(prototype_->New());
      if (!message->ParseFromString(text)) ++failed_;
    }
    micros_.push_back(std::chrono::duration<double, std::micro>(Steady::now() - call->begin).count());
  }

  double Percentile(double part) const {
    return micros_.empty() ? 0 : micros_[static_cast<size_t>(part * static_cast<double>(micros_.size() - 1))];
  }

  void Print(double seconds) {
    std::sort(micros_.begin(), micros_.end());
    std::printf("{\"calls\": %zu, \"failed\": %d, \"seconds\": %.4f, \"rate\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, "
                "\"bytes\": %zu, \"code\": %d, \"reason\": \"%s\"}\n",
                micros_.size(), failed_, seconds, static_cast<double>(micros_.size()) / seconds, Percentile(0.5), Percentile(0.99),
                bytes_, static_cast<int>(last_.error_code()), ReasonOf(last_).c_str());
  }

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::GenericStub> stub_;
  grpc::CompletionQueue queue_;
  std::string authorization_;
  grpc::ByteBuffer request_;
  const google::protobuf::Message* prototype_ = nullptr;
  std::vector<double> micros_;
  size_t bytes_ = 0;
  int failed_ = 0;
  grpc::Status last_;
};

}  // namespace
}  // namespace sifa::scale

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  sifa::scale::Load().Run();
}
