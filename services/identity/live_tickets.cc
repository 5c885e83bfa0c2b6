#include "services/identity/live_tickets.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "services/identity/settings.h"

namespace sifa::identity {
namespace {

constexpr size_t kIdSize = 16;

absl::Status TicketRefused() {
  return Error(absl::StatusCode::kUnauthenticated, "TICKET_REFUSED", "实时动态凭据无效或者已过期，请重新取得");
}
absl::Status InUse() {
  return Error(absl::StatusCode::kAborted, "TICKET_IN_USE", "该实时动态凭据正在使用，一张凭据同时只能打开一个连接");
}
absl::Status Used() {
  return Error(absl::StatusCode::kAlreadyExists, "TICKET_USED", "该实时动态凭据已使用过，续接时应当附带最后事件编号");
}
absl::Status TooMany() {
  return Error(absl::StatusCode::kResourceExhausted, "LIVE_LIMIT_REACHED", "同时打开的实时动态过多，请关闭一些页面后再试");
}

struct Ticket {
  Id id;
  SessionRow session;
};

std::string TextOf(const crypto::Keyring& keyring, const Id& id, const Id& session, const Id& account) {
  const std::string what = absl::StrCat(id.AsBytes(), session.AsBytes());
  return absl::WebSafeBase64Escape(absl::StrCat(what, keyring.BlindIndex("live_ticket", absl::StrCat(what, account.AsBytes()))));
}

// TICKET_REFUSED where we have not made it.
absl::StatusOr<Ticket> Read(const casework::Backend& backend, mysql::Connection& connection, absl::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(text, &bytes) || bytes.size() < 2 * kIdSize) return TicketRefused();
  const Id id = IdFromBytes(absl::string_view(bytes).substr(0, kIdSize));
  ASSIGN_OR_RETURN(const auto session,
                   FindSession(backend, connection, IdFromBytes(absl::string_view(bytes).substr(kIdSize, kIdSize))));
  if (!session || !crypto::ConstantTimeEquals(TextOf(backend.keyring, id, session->id, session->account), text))
    return TicketRefused();
  return Ticket{id, *session};
}

// How a ticket that has been used stands. Its row is locked.
struct Use {
  Id holder;  // the last one
  absl::Time held_until, good_until;
};
absl::StatusOr<std::optional<Use>> FindUse(mysql::Connection& connection, const Id& ticket) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT holder, held_until, good_until FROM live_ticket WHERE id = ? FOR UPDATE", {ticket}));
  if (rows.empty()) return std::nullopt;
  return Use{rows[0].AsId(0), rows[0].Time(1), rows[0].Time(2)};
}

absl::Status Hold(mysql::Connection& connection, const Ticket& ticket, const Id& holder, absl::Time now) {
  return connection
      .Execute(
          "INSERT INTO live_ticket (id, account_id, holder, held_until, good_until) VALUES (?,?,?,?,?)"
          " ON DUPLICATE KEY UPDATE holder = VALUES(holder), held_until = VALUES(held_until), good_until = VALUES(good_until)",
          {ticket.id, ticket.session.account, holder, now + kTicketHeld, now + kTicketHeld + kTicketLife})
      .status();
}

absl::StatusOr<bool> HasRoom(mysql::Connection& connection, const Id& account, absl::Time now) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT COUNT(*) FROM live_ticket WHERE account_id = ? AND held_until > ?", {account, now}));
  return rows[0].Int(0) < kTicketsHeld;
}

v1::LiveTicketHeld HeldWith(const v1::SessionTokens& tokens) {
  v1::LiveTicketHeld held;
  held.set_access_token(tokens.access_token());
  held.set_expires_in(tokens.expires_in());
  held.set_held_for(static_cast<int32_t>(absl::ToInt64Seconds(kTicketHeld)));
  return held;
}

}  // namespace

void LiveTicketService::Register(rpc::DescribedService& service) {
  service.On("IssueLiveTicket", this, &LiveTicketService::Issue);
  service.On("OpenLiveTicket", this, &LiveTicketService::Open);
  service.On("RenewLiveTicket", this, &LiveTicketService::Renew);
  service.On("CloseLiveTicket", this, &LiveTicketService::Close);
}

absl::StatusOr<v1::LiveTicket> LiveTicketService::Issue(rpc::Call& call, const v1::IssueLiveTicketRequest&) {
  ASSIGN_OR_RETURN(const Id session, ParseId(call.claims().sid()));
  ASSIGN_OR_RETURN(const Id account, ParseId(call.claims().sub()));
  const Id id = NewId(call.now());
  v1::LiveTicket ticket;
  ticket.set_ticket(TextOf(backend_.keyring, id, session, account));
  ticket.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(id.MadeAt() + kTicketLife));
  return ticket;
}

absl::StatusOr<v1::LiveTicketHeld> LiveTicketService::Open(rpc::Call& call, const v1::OpenLiveTicketRequest& r) {
  ASSIGN_OR_RETURN(const Id holder, ParseId(r.holder()));
  v1::SessionTokens tokens;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const Ticket ticket, Read(backend_, connection, r.ticket()));
    ASSIGN_OR_RETURN(tokens, sessions_.AccessOf(connection, call, ticket.session, /*with_token=*/true));
    ASSIGN_OR_RETURN(const auto use, FindUse(connection, ticket.id));
    if (call.now() > (use ? use->good_until : ticket.id.MadeAt() + kTicketLife)) return TicketRefused();
    if (use && use->held_until > call.now()) return InUse();
    if (use && !r.resumes()) return Used();
    ASSIGN_OR_RETURN(const bool room, HasRoom(connection, ticket.session.account, call.now()));
    if (!room) return TooMany();
    return Hold(connection, ticket, holder, call.now());
  }));
  return HeldWith(tokens);
}

absl::StatusOr<v1::LiveTicketHeld> LiveTicketService::Renew(rpc::Call& call, const v1::RenewLiveTicketRequest& r) {
  ASSIGN_OR_RETURN(const Id holder, ParseId(r.holder()));
  v1::SessionTokens tokens;
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const Ticket ticket, Read(backend_, connection, r.ticket()));
    ASSIGN_OR_RETURN(tokens, sessions_.AccessOf(connection, call, ticket.session, r.with_token()));
    ASSIGN_OR_RETURN(const auto use, FindUse(connection, ticket.id));
    if (!use) return TicketRefused();
    if (use->holder != holder) return InUse();
    return Hold(connection, ticket, holder, call.now());
  }));
  return HeldWith(tokens);
}

absl::StatusOr<google::protobuf::Empty> LiveTicketService::Close(rpc::Call& call, const v1::CloseLiveTicketRequest& r) {
  ASSIGN_OR_RETURN(const Id holder, ParseId(r.holder()));
  RETURN_IF_ERROR(backend_.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const Ticket ticket, Read(backend_, connection, r.ticket()));
    return connection
        .Execute("UPDATE live_ticket SET held_until = ?, good_until = ? WHERE id = ? AND holder = ?",
                 {call.now(), call.now() + kTicketLife, ticket.id, holder})
        .status();
  }));
  return google::protobuf::Empty();
}

absl::Status PruneLiveTickets(const casework::Backend& backend) {
  const absl::Time now = backend.clock.Now();
  return backend.pool.WithConnection([&](mysql::Connection& connection) {
    return connection.Execute("DELETE FROM live_ticket WHERE good_until < ?", {now}).status();
  });
}

}  // namespace sifa::identity
