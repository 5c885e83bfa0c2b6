#include "services/gateway/backend_fixture.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gatewaytest.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/server_builder.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/status.h"
#include "libs/testing/process.h"
#include "libs/testing/wait_until.h"

namespace sifa::gateway {
namespace {

// gRPC 1.51 ends the threads of its callback queue with the last channel or server that uses it, and can crash when that
// meets the next one's beginning (ref_counted.h, "prior > 0"). Processes of the suite keep their channels; tests make and
// end many, so one is kept here for the life of the program.
void KeepCallbackQueue() {
  static const bool kept = [] {
    auto& channel = *new std::shared_ptr<grpc::Channel>(grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()));
    auto& stub = *new grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>(channel);
    grpc::ClientContext context;
    const grpc::Slice nothing;
    grpc::ByteBuffer request(&nothing, 1), response;
    std::promise<void> ended;
    stub.UnaryCall(&context, "/nobody/Answers", {}, &request, &response, [&](const grpc::Status&) { ended.set_value(); });
    ended.get_future().wait();
    return true;
  }();
  (void)kept;
}

using namespace gatewaytest::v1;  // NOLINT: the proto's own names

void Shell(const std::string& command) {
  if (std::system((command + " 2>/dev/null").c_str()) != 0) testing::Die(absl::StrCat("failed: ", command));
}

class Probe : public ProbeService::Service {
 public:
  explicit Probe(Seen& seen) : seen_(seen) {}

  grpc::Status Echo(grpc::ServerContext*, const EchoRequest* request, EchoResponse* response) override {
    ++seen_.calls;
    response->set_request_id(request->request_id());
    response->set_text(request->text());
    response->set_number(request->number());
    return grpc::Status::OK;
  }
  grpc::Status LogIn(grpc::ServerContext* context, const EchoRequest* request, EchoResponse* response) override {
    return Echo(context, request, response);
  }
  grpc::Status GiveSecret(grpc::ServerContext*, const SecretRequest*, EchoResponse*) override { return grpc::Status::OK; }
  grpc::Status GetItem(grpc::ServerContext* context, const GetItemRequest* request, Item* response) override {
    ++seen_.calls;
    response->set_id(request->id());
    response->set_name(request->view());
    for (const auto& [name, value] : context->client_metadata()) {
      (*response->mutable_metadata())[std::string(name.data(), name.size())] = std::string(value.data(), value.size());
    }
    const auto left = context->deadline() - std::chrono::system_clock::now();
    (*response->mutable_metadata())["deadline-ms"] =
        absl::StrCat(std::chrono::duration_cast<std::chrono::milliseconds>(left).count());
    return grpc::Status::OK;
  }
  grpc::Status PutItem(grpc::ServerContext*, const PutItemRequest* request, PutItemResponse* response) override {
    *response->mutable_item() = request->item();
    response->mutable_item()->set_id(request->id());
    response->set_note("not part of the answer");
    return grpc::Status::OK;
  }
  grpc::Status ChangeItem(grpc::ServerContext*, const ChangeItemRequest* request, Item* response) override {
    response->set_id(request->id());
    response->set_etag(request->etag());
    return grpc::Status::OK;
  }
  grpc::Status TouchItem(grpc::ServerContext*, const TouchItemRequest*, Item*) override { return grpc::Status::OK; }
  grpc::Status Fail(grpc::ServerContext*, const FailRequest* request, Item*) override {
    const auto code = static_cast<absl::StatusCode>(request->code());
    if (!request->reason().empty()) return rpc::ToGrpc(Error(code, request->reason(), request->message()));
    return grpc::Status(static_cast<grpc::StatusCode>(code), request->message());
  }
  grpc::Status Wait(grpc::ServerContext* context, const GetItemRequest* request, Item* response) override {
    ++seen_.waiting;
    testing::WaitUntil([&] { return context->IsCancelled() || seen_.release; }, absl::Seconds(30));
    if (context->IsCancelled()) ++seen_.cancelled;
    response->set_id(request->id());
    return grpc::Status::OK;
  }

  grpc::Status ListItems(grpc::ServerContext* context, const ListItemsRequest* request,
                         grpc::ServerWriter<Item>* writer) override {
    for (int i = 0; i < request->count() || request->forever(); ++i) {
      if (Fails(*request, i)) return Exhausted();
      Item item;
      item.set_id(absl::StrCat(i));
      item.set_name(std::string(static_cast<size_t>(request->size()), 'x'));
      if (!writer->Write(item) || context->IsCancelled()) {
        ++seen_.cancelled;
        return grpc::Status::CANCELLED;
      }
      ++seen_.messages;
    }
    return Fails(*request, request->count()) ? Exhausted() : grpc::Status::OK;
  }
  grpc::Status DownloadFile(grpc::ServerContext*, const ListItemsRequest* request,
                            grpc::ServerWriter<FilePart>* writer) override {
    for (int i = 0; i < request->count(); ++i) {
      if (Fails(*request, i)) return Exhausted();
      FilePart part;
      part.set_data(std::string(static_cast<size_t>(request->size()), static_cast<char>('a' + i % 26)));
      if (i == 0) {
        part.set_content_type("application/pdf");
        part.set_file_name("调解协议 1.pdf");
      }
      if (!writer->Write(part)) break;
    }
    return grpc::Status::OK;
  }

  grpc::Status ImportItems(grpc::ServerContext* context, grpc::ServerReader<ImportItemsRequest>* reader,
                           UploadResponse* response) override {
    ImportItemsRequest request;
    while (Next(context, reader, &request, response)) {
      response->add_batches(request.batch());
      if (!request.request_id().empty()) response->add_request_ids(request.request_id());
      if (request.name() == "refuse") return rpc::ToGrpc(Error(absl::StatusCode::kFailedPrecondition, "REFUSED", "不收"));
    }
    return End(context);
  }
  grpc::Status ImportLenient(grpc::ServerContext* context, grpc::ServerReader<ImportLenientRequest>* reader,
                             UploadResponse* response) override {
    ImportLenientRequest request;
    while (Next(context, reader, &request, response)) {
      response->add_batches(request.batch());
      if (request.has_line_error()) response->add_bad_lines(request.line());
    }
    return End(context);
  }
  grpc::Status UploadFile(grpc::ServerContext* context, grpc::ServerReader<UploadFileRequest>* reader,
                          UploadResponse* response) override {
    UploadFileRequest request;
    while (Next(context, reader, &request, response)) {
      if (request.batch() == "refuse") return rpc::ToGrpc(Error(absl::StatusCode::kNotFound, "NOT_FOUND", "没有"));
      if (response->batches_size() < 3) response->add_batches(absl::StrCat(request.batch(), "/", request.file_name()));
      const auto size = static_cast<int64_t>(request.data().size());
      response->set_bytes(response->bytes() + size);
      response->set_largest(std::max(response->largest(), size));
      if (request.last()) response->set_last_messages(response->last_messages() + 1);
    }
    return End(context);
  }

 private:
  template <class Request>
  bool Next(grpc::ServerContext* context, grpc::ServerReader<Request>* reader, Request* request, UploadResponse* response) {
    testing::WaitUntil([&] { return !seen_.hold_uploads || context->IsCancelled(); }, absl::Seconds(30));
    if (!reader->Read(request)) return false;
    ++seen_.messages;
    response->set_messages(response->messages() + 1);
    return true;
  }
  grpc::Status End(grpc::ServerContext* context) {
    if (!context->IsCancelled()) return grpc::Status::OK;
    ++seen_.cancelled;
    return grpc::Status::CANCELLED;
  }
  static bool Fails(const ListItemsRequest& request, int i) {
    return request.fail_after() == -1 || (request.fail_after() > 0 && i == request.fail_after());
  }
  static grpc::Status Exhausted() { return rpc::ToGrpc(Error(absl::StatusCode::kResourceExhausted, "TOO_MUCH", "数量过多")); }

  Seen& seen_;
};

}  // namespace

void WriteCertificate(const std::string& directory, const std::string& common_name) {
  const std::string in = absl::StrCat("cd ", directory, " && ");
  std::ofstream(directory + "/names.cnf") << "subjectAltName=DNS:gateway.sifa,DNS:gatewaytest.sifa,DNS:gatewayother.sifa,DNS:"
                                             "identity.sifa,DNS:localhost,IP:127.0.0.1\n";
  Shell(in + "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.new -out csr.pem -subj /CN=" +
        common_name);
  Shell(in + "openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names.cnf -out cert.new");
  Shell(in + "mv key.new key.pem && mv cert.new cert.pem");
}

const std::string& TestCertificates() {
  static const testing::TempDir dir("gateway-test");
  static const bool made = [] {
    Shell(absl::StrCat("cd ", dir.path(),
                       " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                       "-keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority"));
    WriteCertificate(dir.path(), "first");
    return true;
  }();
  (void)made;
  return dir.path();
}

TestSuite::TestSuite(std::function<void(Options&)> adjust, int backends) : seen_(std::make_unique<Seen>()) {
  const std::string& certificates = TestCertificates();
  KeepCallbackQueue();
  std::string target = "ipv4:";
  for (int i = 0; i < backends; ++i) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", rpc::ServerCredentials(rpc::TlsFiles::In(certificates)), &port);
    builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
    builder.RegisterService(services_.emplace_back(std::make_unique<Probe>(*seen_)).get());
    backends_.push_back(builder.BuildAndStart());
    REQUIRE(port != 0);
    absl::StrAppend(&target, i == 0 ? "" : ",", "127.0.0.1:", port);
  }

  const auto* file = EchoRequest::descriptor()->file();
  auto contract = contract::Contract::Of({file->FindServiceByName("ProbeService")});
  INFO(contract.status());
  REQUIRE(contract.ok());
  contract_ = std::make_unique<contract::Contract>(*std::move(contract));

  static const SystemClock clock;
  Options options;
  options.https = options.tls = certificates;
  options.peers = {{"gatewaytest", target}};
  options.per_caller = options.per_stranger = options.per_offender = {};
  options.max_stranger_body = options.max_body;  // tokens of most tests are made up, and the service accepts them
  options.clock = &clock;
  if (adjust) adjust(options);
  auto gateway = Server::Start(options, *contract_);
  INFO(gateway.status());
  REQUIRE(gateway.ok());
  gateway_ = *std::move(gateway);
}

TestSuite::~TestSuite() {
  seen_->release = true;
  seen_->hold_uploads = false;
  gateway_.reset();
  StopBackend();
}

std::string TestSuite::IssueToken() {
  const crypto::Suite& suite = crypto::GetSuite(crypto::SuiteId::kInternational);
  static const std::string key = suite.NewSigningKey();
  identity::v1::SyncTokensResponse sync;
  sync.set_position(1);
  sync.add_keys()->set_key_id("k1");
  sync.mutable_keys(0)->set_public_pem(*suite.PublicKeyOf(key));
  gateway_->tokens().Update(sync);
  identity::v1::TokenClaims claims;
  claims.set_sub("account");
  claims.set_sid(absl::StrCat("session", ++issued_));
  claims.set_iat(static_cast<uint32_t>(absl::ToUnixSeconds(absl::Now())));
  claims.set_exp(claims.iat() + 300);
  return *rpc::SignToken(claims, "k1", key);
}

void TestSuite::CutBackend() { backends_.front()->Shutdown(std::chrono::system_clock::now()); }

void TestSuite::StopBackend() {
  seen_->release = true;
  for (const auto& backend : backends_) backend->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  backends_.clear();
}

}  // namespace sifa::gateway
