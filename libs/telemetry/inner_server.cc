// A small HTTP server. One thread does the network and answers /healthz, one answers /readyz and one /metrics: so a slow check
// never makes a living process look dead, nor a slow scrape one that is ready unready.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/telemetry/block_signals.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"

namespace sifa::telemetry {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr auto kIdleLimit = std::chrono::seconds(30);  // between requests and for each of them
constexpr auto kAcceptPause = std::chrono::milliseconds(200);
constexpr uint32_t kHeaderLimit = 8192;

using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;
using Checks = std::vector<InnerServer::Check>;

Response Answer(const Request& request, http::status status, std::string body) {
  Response response(status, request.version());
  response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
  response.set(http::field::cache_control, "no-store");
  response.keep_alive(request.keep_alive());
  response.body() = std::move(body);
  response.prepare_payload();                                         // length of the whole body …
  if (request.method() == http::verb::head) response.body().clear();  // … which a HEAD does not get
  return response;
}

Response Ready(const Request& request, const Checks& checks) {
  std::string failing, warnings;
  for (const auto& check : checks) {
    const absl::Status status = check.run();
    if (status.ok()) continue;
    absl::StrAppend(check.warns ? &warnings : &failing, check.name, ": ", absl::StatusCodeToString(status.code()), " ",
                    ReasonOf(status), " ", status.message(), "\n");
  }
  if (failing.empty()) return Answer(request, http::status::ok, absl::StrCat("ready\n", warnings));
  return Answer(request, http::status::service_unavailable, absl::StrCat(failing, warnings));
}

Response Metrics(const Request& request, const Checks& checks) {
  for (const auto& check : checks) {
    Gauge("sifa_check", "1 where a check of /readyz finds nothing, 0 where it does", {{"check", check.name}})
        .Set(check.run().ok() ? 1 : 0);
  }
  return Answer(request, http::status::ok, ScrapeText());
}

std::string PathOf(const Request& request) {
  const std::string target(request.target());
  return target.substr(0, target.find('?'));
}

// One connection. Keeps itself alive by the handlers that wait for it.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const Checks& checks, asio::thread_pool& checker, asio::thread_pool& scraper)
      : stream_(std::move(socket)), checks_(checks), checker_(checker), scraper_(scraper) {}

  void Read() {
    parser_.emplace();
    parser_->header_limit(kHeaderLimit);
    stream_.expires_after(kIdleLimit);
    http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t) {
      if (!error) self->Handle();
    });
  }

 private:
  void Handle() {
    const Request& request = parser_->get();
    const std::string path = PathOf(request);
    if (request.method() != http::verb::get && request.method() != http::verb::head) {
      return Write(Answer(request, http::status::method_not_allowed, "GET only\n"));
    }
    if (path == "/healthz") return Write(Answer(request, http::status::ok, "alive\n"));
    if (path == "/metrics") return Work(scraper_, Metrics);
    if (path == "/readyz") return Work(checker_, Ready);
    Write(Answer(request, http::status::not_found, "/metrics /healthz /readyz\n"));
  }

  void Work(asio::thread_pool& thread, Response (*make)(const Request&, const Checks&)) {
    asio::post(thread, [self = shared_from_this(), make] {
      auto response = std::make_shared<Response>(make(self->parser_->get(), self->checks_));
      asio::post(self->stream_.get_executor(), [self, response] { self->Write(std::move(*response)); });
    });
  }

  void Write(Response response) {
    response_ = std::move(response);
    stream_.expires_after(kIdleLimit);
    http::async_write(stream_, response_, [self = shared_from_this()](error_code error, size_t) {
      if (!error && self->response_.keep_alive()) self->Read();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::empty_body>> parser_;
  Response response_;
  const Checks& checks_;
  asio::thread_pool& checker_;
  asio::thread_pool& scraper_;
};

class Server : public InnerServer {
 public:
  explicit Server(Checks checks) : checks_(std::move(checks)) {}

  ~Server() override {
    network_.stop();
    for (asio::thread_pool* thread : {&checker_, &scraper_}) {
      thread->stop();
      thread->join();  // a check that runs ends first
    }
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Listen(const std::string& host, const std::string& port) {
    error_code error;
    const auto found = tcp::resolver(network_).resolve(host, port, tcp::resolver::passive, error);
    if (error || found.empty())
      return Unavailable("ADDRESS_UNKNOWN", absl::StrCat("无法解析监听地址：", host, ":", port));
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error)
      return Unavailable("PORT_NOT_FREE", absl::StrCat("无法监听", host, ":", port, "：", error.message()));
    Accept();
    thread_ = std::thread([this] { network_.run(); });
    return absl::OkStatus();
  }

  int port() const override { return port_; }

 private:
  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (!error) {
        std::make_shared<Session>(std::move(socket), checks_, checker_, scraper_)->Read();
        return Accept();
      }
      // Out of descriptors, most likely: trying again at once would burn a core.
      pause_.expires_after(kAcceptPause);
      pause_.async_wait([this](error_code stopped) {
        if (!stopped) Accept();
      });
    });
  }

  const Checks checks_;
  asio::io_context network_{1};
  asio::thread_pool checker_{1};
  asio::thread_pool scraper_{1};
  tcp::acceptor acceptor_{network_};
  asio::steady_timer pause_{network_};
  std::thread thread_;
  int port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<InnerServer>> InnerServer::Start(const std::string& address,
                                                                std::vector<Check> checks) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) {
    return sifa::Error(absl::StatusCode::kInvalidArgument, "ADDRESS_MALFORMED", "监听地址应为 主机:端口");
  }
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);  // [::1]
  const BlockSignals no_signals_in_its_threads;
  auto server = std::make_unique<Server>(std::move(checks));
  RETURN_IF_ERROR(server->Listen(host, address.substr(colon + 1)));
  return server;
}

}  // namespace sifa::telemetry
