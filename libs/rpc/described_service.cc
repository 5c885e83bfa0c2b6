#include "libs/rpc/described_service.h"

#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "grpcpp/server_context.h"
#include "libs/contract/mask.h"
#include "libs/contract/normal_form.h"
#include "libs/core/deadline.h"
#include "libs/core/status.h"
#include "libs/rpc/endpoint.h"
#include "libs/rpc/outlet.h"
#include "libs/rpc/status.h"
#include "libs/telemetry/log.h"

namespace sifa::rpc {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kTokenCheck = absl::Seconds(2);  // of a stream: as often as identity is asked for revocations

const Message& PrototypeOf(const google::protobuf::Descriptor* type) {
  return *google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
}
std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(PrototypeOf(type).New());
}

absl::Status Parse(const grpc::ByteBuffer& bytes, Message* message) {
  grpc::ByteBuffer buffer = bytes;  // shares its slices
  const grpc::Status status = grpc::SerializationTraits<Message>::Deserialize(&buffer, message);
  if (status.ok()) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED", "请求内容无法解析");
}

void Serialize(const Message& message, grpc::ByteBuffer* bytes) {
  bytes->Clear();  // gRPC aborts the process where something is in it, as of the message before
  bool own = false;
  grpc::SerializationTraits<Message>::Serialize(message, bytes, &own);
}

// An upload whose messages have the field `line_error` goes on after a bad line: the violation is put there for the
// handler to report. Otherwise the violation comes back and ends the call.
absl::Status TakeLineError(const absl::Status& violation, Message* message) {
  const auto* field = message->GetDescriptor()->FindFieldByName("line_error");
  if (violation.ok() || field == nullptr) return violation;
  if (!message->GetReflection()->HasField(*message, field)) {
    message->GetReflection()->MutableMessage(message, field)->CopyFrom(ToProto(violation));
  }
  return absl::OkStatus();
}

absl::Status Overloaded() { return Error(absl::StatusCode::kResourceExhausted, "SERVICE_BUSY", "系统繁忙，请稍后再试"); }

absl::Status Stopping() { return Unavailable("SERVICE_STOPPING", "服务正在停止，请稍后重新连接"); }

// The outlets of the process.
struct Outlets {
  static Outlets& Get() {
    static auto* const outlets = new Outlets;
    return *outlets;
  }
  absl::Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  absl::flat_hash_map<const Outlet*, std::weak_ptr<Outlet>> all ABSL_GUARDED_BY(mutex);
};

// A writer whose outlet can be taken.
class Taken {
 public:
  virtual ~Taken() = default;
  virtual std::shared_ptr<Outlet> Take() = 0;
};

}  // namespace

struct DescribedService::Endpoint : EndpointBase {
  using EndpointBase::EndpointBase;
  Unary unary;
  ServerStream server_stream;
  ClientStream client_stream;
};

// One unary call: admitted and handled on a worker thread.
class DescribedService::UnaryReactor : public grpc::ServerUnaryReactor {
 public:
  UnaryReactor(Endpoint& endpoint, grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
               grpc::ByteBuffer* response)
      : endpoint_(endpoint), context_(context), request_(request), response_(response), measure_(endpoint) {
    if (!endpoint.door.workers.Submit([this] { Run(); })) End(Overloaded(), Overloaded());
  }

 private:
  void Run() {
    Call call(endpoint_.method, endpoint_.door.authority, endpoint_.door.clock);
    const absl::Status status = Handle(call);
    End(status, endpoint_.Present(call, status));
  }

  absl::Status Handle(Call& call) {
    RETURN_IF_ERROR(endpoint_.Admit(*context_, call));
    const telemetry::TraceScope trace(call.trace());
    const DeadlineScope deadline(call.deadline());
    google::protobuf::Arena arena;
    Message* request = PrototypeOf(endpoint_.method.descriptor->input_type()).New(&arena);
    RETURN_IF_ERROR(Parse(*request_, request));
    contract::ToNormalForm(request);
    RETURN_IF_ERROR(contract::Validate(*request, call.today(), endpoint_.door.code_tables));
    call.Carry(*request);
    endpoint_.NoteSearch(*request, call);
    ASSIGN_OR_RETURN(Message * response, endpoint_.unary(call, *request, arena));
    RETURN_IF_ERROR(endpoint_.CheckSearch(call));
    endpoint_.Mask(call, response);
    Serialize(*response, response_);
    return absl::OkStatus();
  }

  // Counted is what happened; DATA_LOSS is told to operators, not to callers.
  void End(const absl::Status& status, const absl::Status& presented) {
    measure_.End(status.code());
    Finish(ToGrpc(presented));
  }
  void OnDone() override { delete this; }

  Endpoint& endpoint_;
  grpc::CallbackServerContext* const context_;
  const grpc::ByteBuffer* const request_;
  grpc::ByteBuffer* const response_;
  Measure measure_;
};

// One streaming call of either kind: its handler has a thread of its own and blocks on reads and writes.
class DescribedService::StreamReactor : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                                        public AnyWriter,
                                        public AnyReader,
                                        public Taken {
 public:
  StreamReactor(Endpoint& endpoint, grpc::CallbackServerContext* context)
      : endpoint_(endpoint), context_(context), measure_(endpoint) {
    if (!endpoint.door.streams.Submit([this] { Run(); })) End(Overloaded());
  }

  bool Write(const Message& message) override {
    if (!MayGoOn()) return false;
    Encode(*call_, message, &outgoing_);
    return WaitFor([this] { StartWrite(&outgoing_); });
  }

  bool cancelled() const override { return context_->IsCancelled(); }

  bool Read(Message* message) override {
    if (!MayGoOn() || !WaitFor([this] { StartRead(&incoming_); })) return false;
    broken_ = Parse(incoming_, message);
    if (!broken_.ok()) return false;
    contract::ToNormalForm(message);
    broken_ = TakeLineError(contract::Validate(*message, call_->today(), endpoint_.door.code_tables), message);
    return broken_.ok();
  }

  std::shared_ptr<Outlet> Take() override;

 private:
  class Open;

  void Run() {
    Call call(endpoint_.method, endpoint_.door.authority, endpoint_.door.clock);
    call_ = &call;
    absl::Status status = Handle(call);
    if (!broken_.ok()) status = broken_;
    status = endpoint_.Present(call, status);
    if (const auto open = open_) return LetGo(*open, status);
    End(status);
  }

  void Encode(const Call& call, const Message& message, grpc::ByteBuffer* bytes) const {
    if (!endpoint_.masks) return Serialize(message, bytes);
    const std::unique_ptr<Message> copy(message.New());
    copy->CopyFrom(message);
    endpoint_.Mask(call, copy.get());
    Serialize(*copy, bytes);
  }

  absl::Status Handle(Call& call) {
    RETURN_IF_ERROR(endpoint_.Admit(*context_, call));
    const telemetry::TraceScope trace(call.trace());
    const DeadlineScope deadline(call.deadline());
    const StreamSeats::Seat seat(endpoint_.door.seats, call.signed_in() ? call.claims().sub() : call.caller_address(),
                                 call.caller_address());
    if (!seat) {
      return Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS", "您同时进行的上传和下载过多，请待其完成后再试");
    }
    if (endpoint_.server_stream) {
      const auto request = NewMessage(endpoint_.method.descriptor->input_type());
      if (!Read(request.get())) {
        return Error(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED", "缺少请求内容");
      }
      call.Carry(*request);
      return endpoint_.server_stream(call, *request, *this);
    }
    const auto response = NewMessage(endpoint_.method.descriptor->output_type());
    RETURN_IF_ERROR(endpoint_.client_stream(call, *this, response.get()));
    if (broken_.ok()) Write(*response);
    return absl::OkStatus();
  }

  // A stream may last an hour: whoever has lost the right to it meanwhile loses it within seconds.
  bool MayGoOn() {
    const absl::Time now = absl::Now();
    if (!broken_.ok() || now < check_at_) return broken_.ok();
    check_at_ = now + kTokenCheck;
    broken_ = endpoint_.door.tokens.CheckRevoked(call_->claims());
    return broken_.ok();
  }

  bool WaitFor(const std::function<void()>& start) {
    const absl::MutexLock lock(&mutex_);
    done_ = false;
    start();
    mutex_.Await(absl::Condition(&done_));
    return ok_;
  }
  void Wake(bool ok) {
    const absl::MutexLock lock(&mutex_);
    done_ = true;
    ok_ = ok;
  }
  void OnReadDone(bool ok) override { Wake(ok); }
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  // The handler has returned: `open` ends the call from now on, and deletes it.
  static void LetGo(Open& open, const absl::Status& status);

  void End(const absl::Status& status) {
    measure_.End(status.code());
    Finish(ToGrpc(status));
  }
  void OnDone() override { delete this; }

  Endpoint& endpoint_;
  grpc::CallbackServerContext* const context_;
  Measure measure_;
  Call* call_ = nullptr;
  std::shared_ptr<Open> open_;  // written under `mutex_`, by the thread of the handler
  absl::Time check_at_ = absl::Now() + kTokenCheck;
  absl::Status broken_;  // why the stream ends before its time
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;
  absl::Mutex mutex_;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  bool ok_ ABSL_GUARDED_BY(mutex_) = false;
};

// The outlet of a stream. It lives as long as somebody has it; the stream ends before.
class DescribedService::StreamReactor::Open : public Outlet {
 public:
  Open(StreamReactor& reactor, const Call& call)
      : door_(reactor.endpoint_.door), request_(call.request()->New()), call_(call), reactor_(&reactor) {
    request_->CopyFrom(*call.request());
    call_.Carry(*request_);
  }
  ~Open() override {
    Outlets& outlets = Outlets::Get();
    const absl::MutexLock lock(&outlets.mutex);
    outlets.all.erase(this);
  }

  const Call& call() const override { return call_; }
  bool Offer(const Message& message) override {
    const absl::MutexLock lock(&mutex_);
    if (ended_ || waiting_.size() >= kMostWaiting) return false;
    reactor_->Encode(call_, message, &waiting_.emplace_back());
    if (!writing_) Next();
    return true;
  }
  void End(const absl::Status& status) override {
    const absl::MutexLock lock(&mutex_);
    if (ended_) return;
    ended_ = true;
    status_ = status;
    if (!writing_) Next();
  }
  bool over() const override {
    const absl::MutexLock lock(&mutex_);
    return ended_;
  }
  absl::Status CheckToken() const override {
    RETURN_IF_ERROR(door_.tokens.CheckRevoked(call_.claims()));
    if (call_.claims().exp() > absl::ToUnixSeconds(door_.clock.Now())) return absl::OkStatus();
    return Error(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED", "登录已过期，请刷新或重新登录");
  }

  // Of the stream.
  void Cancel() {
    const absl::MutexLock lock(&mutex_);
    Break();
    if (!writing_) Next();
  }
  void OnWriteDone(bool ok) {
    const absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) Break();
    Next();
  }
  void LetGo(const absl::Status& status) {
    const absl::MutexLock lock(&mutex_);
    let_go_ = true;
    if (!status.ok() && !ended_) {
      ended_ = true;
      status_ = status;
    }
    if (!writing_) Next();
  }

 private:
  void Break() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    waiting_.clear();
    if (!ended_) status_ = absl::CancelledError();
    ended_ = true;
  }
  // REQUIRES: no write is under way. gRPC never calls back from within a start.
  void Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!waiting_.empty()) {
      sending_.Swap(&waiting_.front());
      waiting_.pop_front();
      writing_ = true;
      reactor_->StartWrite(&sending_);
    } else if (ended_ && let_go_ && reactor_ != nullptr) {
      std::exchange(reactor_, nullptr)->End(status_);
    }
  }

  const Door& door_;
  const std::unique_ptr<Message> request_;
  Call call_;
  mutable absl::Mutex mutex_;
  StreamReactor* reactor_ ABSL_GUARDED_BY(mutex_);  // nullptr once it has been ended; there until then
  std::deque<grpc::ByteBuffer> waiting_ ABSL_GUARDED_BY(mutex_);
  grpc::ByteBuffer sending_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool let_go_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

std::shared_ptr<Outlet> DescribedService::StreamReactor::Take() {
  auto open = std::make_shared<Open>(*this, *call_);
  {
    const absl::MutexLock lock(&mutex_);
    open_ = open;
  }
  if (context_->IsCancelled()) open->Cancel();  // before OnCancel knew of it
  bool stopping;
  {
    Outlets& outlets = Outlets::Get();
    const absl::MutexLock lock(&outlets.mutex);
    outlets.all[open.get()] = open;
    stopping = outlets.stopping;
  }
  if (stopping) open->End(Stopping());
  return open;
}

void DescribedService::StreamReactor::OnWriteDone(bool ok) {
  if (const auto open = open_) return open->OnWriteDone(ok);
  Wake(ok);
}

void DescribedService::StreamReactor::OnCancel() {
  std::shared_ptr<Open> open;
  {
    const absl::MutexLock lock(&mutex_);
    open = open_;
  }
  if (open) open->Cancel();
}

void DescribedService::StreamReactor::LetGo(Open& open, const absl::Status& status) { open.LetGo(status); }

std::shared_ptr<Outlet> TakeOutlet(AnyWriter& writer) { return dynamic_cast<Taken&>(writer).Take(); }

void EndOutlets() {
  Outlets& outlets = Outlets::Get();
  std::vector<std::shared_ptr<Outlet>> living;
  {
    const absl::MutexLock lock(&outlets.mutex);
    outlets.stopping = true;
    for (const auto& [unused, outlet] : outlets.all) {
      if (auto open = outlet.lock()) living.push_back(std::move(open));
    }
  }
  for (const auto& outlet : living) outlet->End(Stopping());
}

DescribedService::DescribedService(const google::protobuf::ServiceDescriptor* service, const Door& door)
    : descriptor_(service), door_(door) {}

DescribedService::~DescribedService() = default;

DescribedService::Endpoint& DescribedService::NewEndpoint(absl::string_view method) {
  const contract::Method* known = door_.contract.Find(absl::StrCat("/", descriptor_->full_name(), "/", method));
  if (known == nullptr) {
    telemetry::Error("handler for a method that the contract does not have", {{"method", std::string(method)}});
    std::abort();
  }
  return *endpoints_.emplace_back(std::make_unique<Endpoint>(*known, door_));
}

void DescribedService::Add(absl::string_view method, Unary handler) {
  Endpoint& endpoint = NewEndpoint(method);
  endpoint.unary = std::move(handler);
  Register(endpoint, false);
}

void DescribedService::AddServerStream(absl::string_view method, ServerStream handler) {
  Endpoint& endpoint = NewEndpoint(method);
  endpoint.server_stream = std::move(handler);
  Register(endpoint, true);
}

void DescribedService::AddClientStream(absl::string_view method, ClientStream handler) {
  Endpoint& endpoint = NewEndpoint(method);
  endpoint.client_stream = std::move(handler);
  Register(endpoint, true);
}

void DescribedService::Register(Endpoint& endpoint, bool streaming) {
  using Bytes = grpc::ByteBuffer;
  using grpc::internal::RpcMethod;
  grpc::internal::MethodHandler* handler;
  if (streaming) {
    handler = new grpc::internal::CallbackBidiHandler<Bytes, Bytes>(
        [&endpoint](grpc::CallbackServerContext* context) { return new StreamReactor(endpoint, context); });
  } else {
    handler = new grpc::internal::CallbackUnaryHandler<Bytes, Bytes>(
        [&endpoint](grpc::CallbackServerContext* context, const Bytes* request, Bytes* response) {
          return new UnaryReactor(endpoint, context, request, response);
        });
  }
  AddMethod(new grpc::internal::RpcServiceMethod(endpoint.method.path.c_str(),
                                                 streaming ? RpcMethod::BIDI_STREAMING : RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(static_cast<int>(endpoints_.size()) - 1, handler);
}

std::vector<std::string> DescribedService::Unhandled() const {
  std::vector<std::string> missing;
  for (int i = 0; i < descriptor_->method_count(); ++i) {
    const auto* method = descriptor_->method(i);
    const bool handled =
        std::any_of(endpoints_.begin(), endpoints_.end(), [&](const auto& e) { return e->method.descriptor == method; });
    if (!handled) missing.push_back(method->full_name());
  }
  return missing;
}

}  // namespace sifa::rpc
