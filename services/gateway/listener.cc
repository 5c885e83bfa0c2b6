#include "services/gateway/listener.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::gateway {
namespace {

using boost::asio::ip::tcp;
constexpr std::chrono::milliseconds kRetryAfter{100};

absl::Status CannotListen(const std::string& address, const std::string& why) {
  return Error(absl::StatusCode::kFailedPrecondition, "CANNOT_LISTEN", absl::StrCat("无法监听 ", address, "：", why));
}

}  // namespace

Listener::Listener(boost::asio::io_context& io, OnAccept on_accept)
    : acceptor_(io), retry_(io), on_accept_(std::move(on_accept)) {}

absl::Status Listener::Open(const std::string& address) {
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port > 65535) {
    return CannotListen(address, "地址应为 host:port");
  }
  std::string host = address.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(host.empty() ? "0.0.0.0" : host, error);
  if (error) return CannotListen(address, error.message());
  const tcp::endpoint endpoint(ip, static_cast<uint16_t>(port));
  acceptor_.open(endpoint.protocol(), error);
  // For connections of an earlier process that still wait to end; it does not let two processes listen.
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) return CannotListen(address, error.message());
  port_ = acceptor_.local_endpoint(error).port();
  Accept();
  return absl::OkStatus();
}

void Listener::Accept() {
  acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
    if (error && !acceptor_.is_open()) return;
    if (error) {  // out of descriptors, mostly: others must close first
      retry_.expires_after(kRetryAfter);
      retry_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) Accept();
      });
      return;
    }
    Hand(std::move(socket));
    if (acceptor_.is_open()) Accept();
  });
}

void Listener::Hand(tcp::socket socket) {
  boost::system::error_code ignored;
  const auto remote = socket.remote_endpoint(ignored);
  std::string address = ignored ? "" : remote.address().to_string(ignored);
  const int descriptor = socket.release(ignored);
  if (descriptor >= 0 && !ignored) on_accept_(descriptor, std::move(address));
}

// Those whom the system has let in already are served: closing would cut them.
void Listener::Close() {
  boost::system::error_code ignored, error;
  if (acceptor_.is_open()) acceptor_.non_blocking(true, error);
  while (acceptor_.is_open() && !error) {
    tcp::socket socket(acceptor_.get_executor());
    acceptor_.accept(socket, error);
    if (!error) Hand(std::move(socket));
  }
  acceptor_.close(ignored);
  retry_.cancel(ignored);
}

}  // namespace sifa::gateway
