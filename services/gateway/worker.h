// One thread of the gateway: its event loop, the connections it was given, and its own channels to the services. Workers
// share no state on the way of a request but the rate limits.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "services/gateway/connection.h"

namespace sifa::gateway {

class Worker : public Loop {
 public:
  // `peers`: the names that ChannelTo's indexes mean. `door` and `draining` are the whole gateway's.
  Worker(const Options& options, const std::vector<std::string>& peers, Handler& handler, const Door& door,
         const std::atomic<bool>& draining);
  ~Worker() override;

  // From any thread.
  void Post(absl::AnyInvocable<void()> task) override;
  void Adopt(int descriptor, std::unique_ptr<Door::Place> place, std::shared_ptr<SSL_CTX> tls);
  // Each connection closes after its answer (Connection::Drain).
  void Drain();
  void CloseAll();
  // Ends the thread. REQUIRES: no call can come back any more.
  void Join();

  const std::shared_ptr<grpc::Channel>& ChannelTo(size_t peer) override { return channels_[peer]; }
  boost::asio::io_context& io() { return io_; }

 private:
  void Tick();

  const Options& options_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::string date_line_;
  const ConnectionContext context_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::thread thread_;
};

}  // namespace sifa::gateway
