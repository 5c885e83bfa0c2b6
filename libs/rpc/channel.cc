#include "libs/rpc/channel.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "libs/core/status.h"
#include "libs/rpc/status.h"

namespace sifa::rpc {
namespace {

constexpr int kReloadSeconds = 10;
// Of a question to a neighbour that says nothing, and of the wait for its answer.
constexpr int kAskMillis = 10'000;
constexpr int kAnswerMillis = 5'000;
constexpr int kResolveMillis = 2'000;  // at the most once in so long; gRPC's own 30 seconds are long where all replicas are new
constexpr absl::Duration kLongestCall = absl::Hours(1);

std::shared_ptr<grpc::experimental::CertificateProviderInterface> Provider(const TlsFiles& files) {
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(files.key, files.cert, files.ca,
                                                                              kReloadSeconds);
}

template <class Options>
Options& Watch(Options& options) {
  options.watch_root_certs();
  options.set_root_cert_name("");
  options.watch_identity_key_cert_pairs();
  options.set_identity_cert_name("");
  return options;
}

}  // namespace

TlsFiles TlsFiles::In(const std::string& directory) {
  return {directory + "/ca.pem", directory + "/cert.pem", directory + "/key.pem"};
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentials(const TlsFiles& files) {
  grpc::experimental::TlsServerCredentialsOptions options(Provider(files));
  Watch(options).set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

void KeepConnections(grpc::ServerBuilder& builder, absl::Duration age) {
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, static_cast<int>(absl::ToInt64Milliseconds(age)));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, static_cast<int>(absl::ToInt64Milliseconds(kLongestCall)));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kAskMillis / 2);
}

std::shared_ptr<grpc::Channel> Connect(const TlsFiles& files, absl::string_view peer, const std::string& target,
                                       bool own_connection) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Provider(files));
  Watch(options).set_check_call_host(true);
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride(absl::StrCat(peer, ".sifa"));
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, own_connection ? 1 : 0);
  // Not the minimum as well: gRPC takes that for the time a handshake may last.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Of a single address a call waits for the connection that is being made; going round, it would fail until one is there.
  const bool several = target.find(',') != std::string::npos || target.rfind("dns:", 0) == 0;
  if (several) arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kResolveMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kAskMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kAnswerMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetMaxReceiveMessageSize(16 << 20);
  return grpc::CreateCustomChannel(target, grpc::experimental::TlsCredentials(options), arguments);
}

absl::Status Invoke(grpc::Channel& channel, const std::string& path, const google::protobuf::Message& request,
                    google::protobuf::Message* response, absl::Duration timeout, const std::string& authorization) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  if (!authorization.empty()) context.AddMetadata("authorization", authorization);
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  const absl::Status status =
      FromGrpc(grpc::internal::BlockingUnaryCall<google::protobuf::Message, google::protobuf::Message,
                                                 google::protobuf::MessageLite, google::protobuf::MessageLite>(
          &channel, method, &context, request, response));
  // Nobody here cancels: the service is stopping and has not taken the call.
  if (absl::IsCancelled(status)) return Unavailable("SERVICE_UNAVAILABLE", "相关服务暂时不可用，请稍后重试");
  return status;
}

}  // namespace sifa::rpc
