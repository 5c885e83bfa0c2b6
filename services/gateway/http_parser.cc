// Beast 1.74 asserts that five bytes of the last chunk have come once its line has been read, which is three.
#define BOOST_DISABLE_ASSERTS
#include "services/gateway/http_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <limits>

#include "absl/strings/match.h"

namespace sifa::gateway {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using Text = boost::beast::string_view;

constexpr size_t kMaxChunkHeader = 4 << 10;  // with its extensions; of the last chunk with its trailers

absl::string_view View(Text text) { return {text.data(), text.size()}; }

// Fields that the gateway reads. One that is sent twice makes the request ambiguous (two proxies may choose differently,
// which is how requests are smuggled), so it is refused; Accept alone is a list.
struct KnownField {
  absl::string_view name;
  std::string RequestHead::*value;
};
constexpr KnownField kKnownFields[] = {
    {"Host", &RequestHead::host},
    {"Content-Type", &RequestHead::content_type},
    {"Content-Encoding", &RequestHead::content_encoding},
    {"Authorization", &RequestHead::authorization},
    {"Idempotency-Key", &RequestHead::idempotency_key},
    {"Last-Event-ID", &RequestHead::last_event_id},
    {"If-Match", &RequestHead::if_match},
    {"X-Request-Id", &RequestHead::request_id},
    {"traceparent", &RequestHead::traceparent},
    {"X-Purpose", &RequestHead::purpose},
    {"X-Timeout-Ms", &RequestHead::timeout_ms},
};

class Reader : public http::basic_parser<true> {
 public:
  Reader(const HttpParser::Limits& limits, const std::function<void(absl::string_view)>& on_body)
      : limits_(limits), on_body_(on_body) {
    header_limit(static_cast<std::uint32_t>(limits.head));
    body_limit(std::numeric_limits<std::uint64_t>::max());  // the connection has its own; boost::none refuses all in 1.74
  }

  RequestHead head;
  bool chunk_header_read = false;  // since it was last set to false
  int bad_status = 0;
  absl::string_view bad_reason;

  void Refuse(int status, absl::string_view reason, error_code& ec) {
    bad_status = status;
    bad_reason = reason;
    ec = http::error::bad_value;
  }

 private:

  void on_request_impl(http::verb, Text method, Text target, int version, error_code& ec) override {
    if (target.size() > limits_.target) return Refuse(414, "URL_TOO_LONG", ec);
    head.method.assign(method.data(), method.size());
    head.http11 = version >= 11;
    absl::string_view rest = View(target);
    for (absl::string_view scheme : {"http://", "https://"}) {  // the absolute form that proxies send
      if (!absl::StartsWithIgnoreCase(rest, scheme)) continue;
      rest.remove_prefix(scheme.size());
      rest.remove_prefix(std::min(rest.find('/'), rest.size()));
    }
    if (rest.empty() || rest[0] != '/' || absl::StrContains(rest, '#')) return Refuse(400, "URL_MALFORMED", ec);
    const size_t mark = rest.find('?');
    head.path = std::string(rest.substr(0, mark));
    if (mark != absl::string_view::npos) head.query = std::string(rest.substr(mark + 1));
  }

  void on_field_impl(http::field, Text name_text, Text value_text, error_code& ec) override {
    if (head_done_) return;  // trailers carry nothing for us
    const absl::string_view name = View(name_text), value = View(value_text);
    for (const KnownField& known : kKnownFields) {
      if (!absl::EqualsIgnoreCase(name, known.name)) continue;
      std::string& slot = head.*known.value;
      if (!slot.empty()) return Refuse(400, "HEADER_REPEATED", ec);
      slot = std::string(value);
      return;
    }
    if (absl::EqualsIgnoreCase(name, "Accept")) {
      if (!head.accept.empty()) head.accept += ',';
      head.accept.append(value.data(), value.size());
    } else if (absl::EqualsIgnoreCase(name, "X-Forwarded-For")) {
      if (!head.forwarded_for.empty()) head.forwarded_for += ',';
      head.forwarded_for.append(value.data(), value.size());
    } else if (absl::EqualsIgnoreCase(name, "Content-Length")) {
      // Beast would take "5, 5" and a repetition; we take one number.
      if (length_seen_ || value.empty() || value.find_first_not_of("0123456789") != absl::string_view::npos) {
        return Refuse(400, "CONTENT_LENGTH_INVALID", ec);
      }
      length_seen_ = true;
    } else if (absl::EqualsIgnoreCase(name, "Transfer-Encoding")) {
      // Beast takes an unknown coding for "no body", which would make the body the next request.
      if (!absl::EqualsIgnoreCase(value, "chunked")) return Refuse(501, "TRANSFER_ENCODING_UNKNOWN", ec);
    } else if (absl::EqualsIgnoreCase(name, "Expect")) {
      if (!absl::EqualsIgnoreCase(value, "100-continue")) return Refuse(417, "EXPECTATION_UNKNOWN", ec);
      head.expects_continue = true;
    }
  }

  void on_header_impl(error_code& ec) override {
    head_done_ = true;
    head.keep_alive = keep_alive();
    head.chunked = chunked();
    if (const auto length = content_length()) head.content_length = *length;
    if (head.http11 && head.host.empty()) return Refuse(400, "HOST_MISSING", ec);
    if (!head.http11 && head.chunked) return Refuse(400, "HTTP_MALFORMED", ec);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(Text body, error_code&) override {
    on_body_(View(body));
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, Text, error_code&) override { chunk_header_read = true; }
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, error_code&) override {
    if (!body.empty()) on_body_(View(body));
    return body.size();
  }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, Text, int, error_code&) override {}

  const HttpParser::Limits limits_;
  const std::function<void(absl::string_view)>& on_body_;
  bool head_done_ = false;
  bool length_seen_ = false;
};

}  // namespace

class HttpParser::Impl {
 public:
  Impl(Limits limits, std::function<void(absl::string_view)> on_body) : limits_(limits), on_body_(std::move(on_body)) {
    Reset();
  }

  void Reset() {
    reader_.emplace(limits_, on_body_);
    head_told_ = false;
    head_size_ = 0;
  }

  State Parse(absl::string_view data, size_t* used) {
    *used = 0;
    // Beast stops after each part of a message (it is not eager()), so that the bounds of each part can be kept here.
    while (!reader_->is_done() && *used < data.size()) {
      error_code ec;
      reader_->chunk_header_read = false;
      const size_t step = reader_->put(boost::asio::const_buffer(data.data() + *used, data.size() - *used), ec);
      *used += step;
      if (!head_told_) {
        // Beast bounds each piece that it is given; the bound of the whole head is kept here.
        head_size_ += step;
        const size_t waiting = ec == http::error::need_more ? data.size() - *used : 0;
        if (head_size_ + waiting > limits_.head) ec = http::error::header_limit;
      } else if (reader_->chunk_header_read ? step > kMaxChunkHeader
                                            : ec == http::error::need_more && data.size() - *used >= kMaxChunkHeader) {
        // RFC 9112 7.1.1: extensions need a bound. Beast reads a chunk's header, and the last one with all trailers, as one
        // piece.
        ec = http::error::header_limit;
      }
      if (ec == http::error::need_more) break;
      if (ec) return Bad(ec);
      if (!head_told_ && reader_->is_header_done()) {
        head_told_ = true;
        return State::kHeadDone;
      }
      if (step == 0) break;
    }
    return reader_->is_done() ? State::kDone : State::kNeedMore;
  }

  const Reader& reader() const { return *reader_; }

 private:
  State Bad(error_code ec) {
    if (reader_->bad_status != 0) return State::kBad;
    if (ec == http::error::header_limit) {
      reader_->Refuse(431, "HEADER_TOO_LARGE", ec);
    } else {
      reader_->Refuse(ec == http::error::bad_version ? 505 : 400, "HTTP_MALFORMED", ec);
    }
    return State::kBad;
  }

  const Limits limits_;
  const std::function<void(absl::string_view)> on_body_;
  std::optional<Reader> reader_;
  bool head_told_ = false;
  size_t head_size_ = 0;
};

HttpParser::HttpParser(Limits limits, std::function<void(absl::string_view)> on_body)
    : impl_(std::make_unique<Impl>(limits, std::move(on_body))) {}
HttpParser::~HttpParser() = default;
void HttpParser::Reset() { impl_->Reset(); }
HttpParser::State HttpParser::Parse(absl::string_view data, size_t* used) { return impl_->Parse(data, used); }
const RequestHead& HttpParser::head() const { return impl_->reader().head; }
int HttpParser::bad_status() const { return impl_->reader().bad_status; }
absl::string_view HttpParser::bad_reason() const { return impl_->reader().bad_reason; }

}  // namespace sifa::gateway
