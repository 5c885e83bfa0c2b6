#include "services/gateway/worker.h"

#include <boost/asio/post.hpp>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/generic/generic_stub.h"
#include "libs/rpc/channel.h"
#include "services/gateway/rate_limit.h"
#include "services/gateway/route_metrics.h"

namespace sifa::gateway {

// All timeouts of connections are seconds long: looking at each connection four times a second is exact enough, and
// cheaper than a timer for every read.
constexpr Millis kTick{250};

namespace {

// Connects now, so that the first caller need not wait for it. By a call, whatever its answer: before the first one none
// of gRPC's threads looks at the channel, and a handshake under way would lie there until it times out.
void Warm(const std::shared_ptr<grpc::Channel>& channel) {
  struct Probe {
    grpc::ClientContext context;
    grpc::ByteBuffer request{nullptr, 0}, response;
  };
  auto* probe = new Probe;
  probe->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::GenericStub(channel).UnaryCall(&probe->context, "/grpc.health.v1.Health/Check", {}, &probe->request,
                                       &probe->response, [probe](const grpc::Status&) { delete probe; });
}

}  // namespace

Worker::Worker(const Options& options, const std::vector<std::string>& peers, Handler& handler, const Door& door,
               const std::atomic<bool>& draining)
    : options_(options), work_(boost::asio::make_work_guard(io_)), timer_(io_), context_{options, *this,    handler,
                                                                                         door,    draining, date_line_} {
  for (const std::string& peer : peers) {
    const auto address = options.peers.find(peer);
    channels_.push_back(address == options.peers.end() ? nullptr
                                                       : rpc::Connect(rpc::TlsFiles::In(options.tls), peer,
                                                                      address->second, /*own_connection=*/true));
    if (channels_.back()) Warm(channels_.back());
  }
  Tick();
  thread_ = std::thread([this] { io_.run(); });
}

Worker::~Worker() { Join(); }

void Worker::Join() {
  if (!thread_.joinable()) return;
  work_.reset();
  io_.stop();
  thread_.join();
}

void Worker::Post(absl::AnyInvocable<void()> task) { boost::asio::post(io_, std::move(task)); }

void Worker::Adopt(int descriptor, std::unique_ptr<Door::Place> place, std::shared_ptr<SSL_CTX> tls) {
  Post([this, descriptor, place = std::move(place), tls = std::move(tls)]() mutable {
    TcpSocket socket(io_.get_executor());
    boost::system::error_code ignored;
    socket.assign(boost::asio::ip::tcp::v4(), descriptor, ignored);
    auto connection = std::make_shared<Connection>(context_, std::move(socket), tls.get(), std::move(place));
    connections_.push_back(connection);
    connection->Start();
  });
}

void Worker::Tick() {
  const absl::Time now = absl::Now();
  date_line_ = absl::StrCat("Date: ", absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone()), "\r\n");
  const int64_t now_ms = MonotonicMillis();
  for (const auto& connection : connections_) connection->Tick(now_ms);
  std::erase_if(connections_, [](const auto& connection) { return connection->closed(); });
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) Tick();
  });
}

void Worker::Drain() {
  Post([this] {
    for (const auto& connection : connections_) connection->Drain();
  });
}

void Worker::CloseAll() {
  Post([this] {
    for (const auto& connection : connections_) connection->Close();
    connections_.clear();
  });
}

}  // namespace sifa::gateway
