// The one door. A gRPC service made from its descriptor: every call passes the same ordered steps before a typed handler
// sees it, and the same after. gRPC's own C++ interceptors cannot refuse a call; this can.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/service_type.h"
#include "libs/contract/contract.h"
#include "libs/contract/validate.h"
#include "libs/rpc/authority.h"
#include "libs/rpc/call.h"
#include "libs/rpc/stream_seats.h"
#include "libs/rpc/token.h"
#include "libs/rpc/worker_pool.h"

namespace sifa::rpc {

// What the door needs; outlives every service.
struct Door {
  const contract::Contract& contract;
  const Authority& authority;
  const Clock& clock;
  TokenVerifier& tokens;
  WorkerPool& workers;   // unary calls
  WorkerPool& streams;   // one thread each while they last
  StreamSeats& seats;    // and so many of them for each caller
  const contract::CodeTables* code_tables = nullptr;
};

// Sends the answers of a server-streaming call, one after the other. False once the caller has gone or, within seconds, has had
// its token revoked.
class AnyWriter {
 public:
  virtual ~AnyWriter() = default;
  virtual bool Write(const google::protobuf::Message& message) = 0;
  virtual bool cancelled() const = 0;
};
template <class Response>
class Writer {
 public:
  explicit Writer(AnyWriter& writer) : writer_(writer) {}
  bool Write(const Response& response) { return writer_.Write(response); }
  bool cancelled() const { return writer_.cancelled(); }

 private:
  AnyWriter& writer_;
};

// Gives the messages of a client-streaming call. False at the end, when the caller has gone, after a message that breaks its
// field rules (the call then ends with that violation), or within seconds after the caller's token was revoked.
class AnyReader {
 public:
  virtual ~AnyReader() = default;
  virtual bool Read(google::protobuf::Message* message) = 0;
};
template <class Request>
class Reader {
 public:
  explicit Reader(AnyReader& reader) : reader_(reader) {}
  bool Read(Request* request) { return reader_.Read(request); }

 private:
  AnyReader& reader_;
};

class DescribedService : public grpc::Service {
 public:
  // `service`: the descriptor of a proto service. Every method must get a handler before the server starts.
  DescribedService(const google::protobuf::ServiceDescriptor* service, const Door& door);
  ~DescribedService() override;

  // Unary: absl::StatusOr<Response> Object::Method(Call&, const Request&).
  template <class Object, class Request, class Response>
  void On(absl::string_view method, Object* object, absl::StatusOr<Response> (Object::*handler)(Call&, const Request&)) {
    Add(method, [object, handler](Call& call, const google::protobuf::Message& request,
                                  google::protobuf::Arena& arena) -> absl::StatusOr<google::protobuf::Message*> {
      absl::StatusOr<Response> answer = (object->*handler)(call, static_cast<const Request&>(request));
      if (!answer.ok()) return answer.status();
      auto* owned = new Response(*std::move(answer));  // made on the arena it would be a copy
      arena.Own(owned);
      return owned;
    });
  }
  // The same by a function: absl::StatusOr<Response> F(const Context&, Call&, const Request&). The context outlives the service.
  template <class Context, class Request, class Response>
  void On(absl::string_view method, const Context& context,
          absl::StatusOr<Response> (*handler)(const Context&, Call&, const Request&)) {
    Add(method,
        [&context, handler](Call& call, const google::protobuf::Message& request,
                            google::protobuf::Arena& arena) -> absl::StatusOr<google::protobuf::Message*> {
          absl::StatusOr<Response> answer = handler(context, call, static_cast<const Request&>(request));
          if (!answer.ok()) return answer.status();
          auto* owned = new Response(*std::move(answer));
          arena.Own(owned);
          return owned;
        });
  }
  // Unary with a large answer, made in place: absl::Status Object::Method(Call&, const Request&, Response*).
  template <class Object, class Request, class Response>
  void On(absl::string_view method, Object* object, absl::Status (Object::*handler)(Call&, const Request&, Response*)) {
    Add(method, [object, handler](Call& call, const google::protobuf::Message& request,
                                  google::protobuf::Arena& arena) -> absl::StatusOr<google::protobuf::Message*> {
      auto* answer = google::protobuf::Arena::CreateMessage<Response>(&arena);
      const absl::Status status = (object->*handler)(call, static_cast<const Request&>(request), answer);
      if (!status.ok()) return status;
      return answer;
    });
  }
  // Server streaming: absl::Status Object::Method(Call&, const Request&, Writer<Response>).
  template <class Object, class Request, class Response>
  void On(absl::string_view method, Object* object, absl::Status (Object::*handler)(Call&, const Request&, Writer<Response>)) {
    AddServerStream(method, [object, handler](Call& call, const google::protobuf::Message& request, AnyWriter& writer) {
      return (object->*handler)(call, static_cast<const Request&>(request), Writer<Response>(writer));
    });
  }
  // Client streaming: absl::StatusOr<Response> Object::Method(Call&, Reader<Request>).
  template <class Object, class Request, class Response>
  void On(absl::string_view method, Object* object, absl::StatusOr<Response> (Object::*handler)(Call&, Reader<Request>)) {
    AddClientStream(method, [object, handler](Call& call, AnyReader& reader, google::protobuf::Message* response) {
      absl::StatusOr<Response> answer = (object->*handler)(call, Reader<Request>(reader));
      if (answer.ok()) *static_cast<Response*>(response) = *std::move(answer);
      return answer.status();
    });
  }

  // The answer lives on the arena, which ends with the call.
  using Unary = std::function<absl::StatusOr<google::protobuf::Message*>(Call&, const google::protobuf::Message&,
                                                                         google::protobuf::Arena&)>;
  using ServerStream = std::function<absl::Status(Call&, const google::protobuf::Message&, AnyWriter&)>;
  using ClientStream = std::function<absl::Status(Call&, AnyReader&, google::protobuf::Message*)>;
  void Add(absl::string_view method, Unary handler);
  void AddServerStream(absl::string_view method, ServerStream handler);
  void AddClientStream(absl::string_view method, ClientStream handler);

  // The methods that have no handler yet; a server with any refuses to start.
  std::vector<std::string> Unhandled() const;
  const google::protobuf::ServiceDescriptor* descriptor() const { return descriptor_; }

 private:
  struct Endpoint;
  class UnaryReactor;
  class StreamReactor;
  Endpoint& NewEndpoint(absl::string_view method);
  void Register(Endpoint& endpoint, bool streaming);

  const google::protobuf::ServiceDescriptor* const descriptor_;
  const Door door_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
};

}  // namespace sifa::rpc
