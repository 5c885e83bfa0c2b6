// What of an object and its index the check of the journal finds, beside the chain itself.
#include "libs/casework/verify.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/letter_fixture.h"
#include "libs/casework/object_index.h"
#include "libs/casework/prune.h"
#include "libs/casework/terms.h"
#include "libs/casework/watcher.h"
#include "libs/casework/witness.h"
#include "libs/journal/sealer.h"
#include "libs/procedure/clocks.h"
#include "libs/testing/process.h"

namespace sifa::casework {
namespace {

struct Checked : Desk {
  // What it says after something was done to the database, which is then put back as a copy has it.
  std::string After(const std::string& sql) {
    office.database.RunScript("CREATE TABLE kept AS SELECT * FROM term;\nCREATE TABLE kept_objects AS SELECT * FROM object");
    office.database.RunScript(sql);
    const std::string found = Findings();
    office.database.RunScript("DELETE FROM term;\nINSERT INTO term SELECT * FROM kept;\nDROP TABLE kept;\n"
                              "DELETE FROM object;\nINSERT INTO object SELECT * FROM kept_objects;\nDROP TABLE kept_objects");
    return found;
  }
};

}  // namespace

TEST_CASE("an object put back as it was is found, and also after an honest act on it") {
  Checked at;
  const Letter letter = at.Receive("问路");
  at.office.database.RunScript("CREATE TABLE old_object AS SELECT * FROM object;\nCREATE TABLE old_term AS SELECT * FROM term");
  Must(at.Reply(letter));
  at.office.database.RunScript(
      "DELETE FROM object;\nINSERT INTO object SELECT * FROM old_object;\n"
      "DELETE FROM term;\nINSERT INTO term SELECT * FROM old_term");
  CHECK(at.Findings() == "OBJECT_CHANGED 对象 " + letter.id() + "：版本为1，与最近一次办理的日志不符");
  Must(at.Reply(letter));
  CHECK(absl::StrContains(at.Findings(), "VERSION_TWICE 对象 " + letter.id()));
}

TEST_CASE("a body is read under its own type, id and version only") {
  Checked at;
  const Letter letter = at.Receive("问路"), other = at.Receive("问价");
  at.office.database.RunScript("CREATE TABLE old_object AS SELECT * FROM object");
  Must(at.Reply(letter));
  at.office.database.RunScript("UPDATE object o JOIN old_object old ON old.id = o.id SET o.body = old.body WHERE o.version = 2");
  CHECK(absl::IsDataLoss(LoadObject(at.backend(), at.letters.type(), letter.id()).status()));
  CHECK(at.Findings() == "OBJECT_CHANGED 对象 " + letter.id() + "：内容与最近一次办理的日志不符");
  at.office.database.RunScript("UPDATE object o JOIN old_object old ON old.id = " + at.Sql(other.id()) +
                               " SET o.body = old.body WHERE o.version = 2");
  CHECK(absl::IsDataLoss(LoadObject(at.backend(), at.letters.type(), letter.id()).status()));
}

TEST_CASE("a newest image that cannot be read is a finding and no reason to look away") {
  Checked at;
  const Letter letter = at.Receive("问路");
  at.Findings();
  at.office.database.RunScript("UPDATE journal SET image = 'xx'");
  CHECK(at.Findings() ==
        "UNREADABLE 办理后的内容读不出，或已被改动\n"
        "OBJECT_CHANGED 对象 " +
            letter.id() + "：最近一次办理的日志读不出，无从比对");
  at.office.database.RunScript("UPDATE object SET state = 3, assignee = 'x'");
  CHECK(absl::StrContains(at.Findings(), "索引列 state"));
}

TEST_CASE("a version that was deleted from the journal is named, and an object that no act made") {
  Checked at;
  const Letter letter = at.Receive("问路");
  Must(at.Reply(letter));
  at.Findings();
  at.office.database.RunScript("DELETE FROM journal WHERE version = 1");
  CHECK(absl::StrContains(at.Findings(), "VERSION_MISSING 对象 " + letter.id() + "：第1至1版"));
  at.office.database.RunScript("DELETE FROM journal WHERE version = 2");
  CHECK(absl::StrContains(at.Findings(), "OBJECT_INSERTED 对象 " + letter.id()));
}

TEST_CASE("a ledger of requests that was emptied or written to is found") {
  Checked at;
  const Letter letter = at.Receive("问路");
  test::ReplyLetterRequest r;
  r.set_id(letter.id());
  r.set_request_id("reply-1");
  auto call = at.Call("LetterService/ReplyLetter", at.clerk);
  Must(at.letters.Act(call, Letter::REPLY, r));
  CHECK(at.Findings().empty());
  at.office.database.RunScript("UPDATE request SET request_id = 'reply-2' WHERE request_id = 'reply-1'");
  CHECK(at.Findings() ==
        "REQUEST_CHANGED 请求台账的一行与其日志不符\nREQUEST_MISSING 请求台账中没有这次办理的请求：重试会再办一次");
  at.office.database.RunScript("DELETE FROM request");
  CHECK(at.Findings() == "REQUEST_MISSING 请求台账中没有这次办理的请求：重试会再办一次");
  at.office.clock.Advance(kRequestsKept);
  CHECK(at.Findings().empty());  // what is forgotten by then is not missed
}

TEST_CASE("a notice of a limit that was deleted or altered is found") {
  Checked at;
  Watcher watcher(at.backend(), "watcher", at.types);
  const Letter letter = at.Receive();
  at.office.clock.Advance(absl::Hours(24 * 60));
  Must(watcher.LookOnce());
  REQUIRE(at.Count("SELECT COUNT(*) FROM clock_notice") == 1);
  CHECK(at.Findings().empty());
  at.office.database.RunScript("UPDATE clock_notice SET colour = 2");
  CHECK(at.Findings() == "NOTICE_CHANGED 对象 " + letter.id() + "：期限 REPLY_BY 的提醒与日志不符");
  at.office.database.RunScript("DELETE FROM clock_notice");
  CHECK(at.Findings() == "NOTICE_MISSING 对象 " + letter.id() + "：期限 REPLY_BY 的提醒不见了");
}

TEST_CASE("terms of an earlier revision are written anew once, and those of the present one are left to the check") {
  Checked at;
  at.Receive("问路");
  const auto refresh = [&] { return RefreshTerms(*at.office.pool, at.backend().store, {&at.letters.type()}); };
  REQUIRE(refresh().ok());
  at.office.database.RunScript("DELETE FROM term WHERE kind = 'name'");
  REQUIRE(refresh().ok());
  CHECK_FALSE(at.Findings().empty());
  at.office.database.RunScript("UPDATE term SET value = CONCAT('old', value);\nUPDATE term_revision SET revision = 0");
  REQUIRE(refresh().ok());
  CHECK(at.Findings().empty());
}

TEST_CASE("a name is found by any two neighbours of its letters, whatever separates them") {
  CHECK(Pairs("阿依•买提") == Pairs("阿依·买提"));
  CHECK(Pairs("欧\u200b阳 锋") == std::vector<std::string>{"欧阳", "阳锋"});
  CHECK(Pairs("—").empty());
}

TEST_CASE("a search term deleted, altered, moved or added in the database is found and named with its object") {
  Checked at;
  const Letter letter = Must(at.Reply(at.Receive("问路")));
  const Letter other = at.Receive("问价");
  REQUIRE(at.Findings().empty());
  REQUIRE(at.Count("SELECT COUNT(*) FROM term WHERE kind IN ('subject', 'name', 'answered_on')") == 5);  // two subjects, each also a pair of characters, and a day
  const std::string id = "UNHEX('" + absl::BytesToHexString(Must(ParseId(letter.id())).AsBytes()) + "')";
  const std::string other_id = "UNHEX('" + absl::BytesToHexString(Must(ParseId(other.id())).AsBytes()) + "')";
  const auto wrong = [](const Letter& of, const std::string& kind) {
    return "OBJECT_CHANGED 对象 " + of.id() + "：检索项 " + kind + " 与对象内容不符";
  };
  CHECK(at.After("DELETE FROM term WHERE kind = 'subject' AND object_id = " + id) == wrong(letter, "subject"));
  CHECK(at.After("UPDATE term SET value = '2024-01-01' WHERE kind = 'answered_on'") == wrong(letter, "answered_on"));
  CHECK(at.After("INSERT INTO term VALUES ('Letter', 'answered_on', '2024-09-02', " + other_id + ")") ==
        wrong(other, "answered_on"));
  CHECK(at.After("UPDATE term SET object_id = " + other_id + " WHERE kind = 'name' AND object_id = " + id) ==
        wrong(letter, "name") + "\n" + wrong(other, "name"));
  CHECK(at.After("UPDATE term SET type = 'Correction' WHERE kind = 'answered_on'") ==
        wrong(letter, "answered_on") + "\nOBJECT_CHANGED 对象 " + letter.id() + "：检索项 Correction.answered_on 没有对应的对象");
  CHECK(absl::EndsWith(at.After("INSERT INTO term VALUES ('Letter', 'name', 'x', REPEAT(CHAR(255), 16))"),
                       "：检索项 Letter.name 没有对应的对象"));
  CHECK(at.Findings().empty());
}

TEST_CASE("a unique value deleted, altered or added in the database is found; what one holder's objects share stands with the latest") {
  Checked at;
  at.office.Alter<Letter>().index = [index_of = at.letters.type().index](const Message& message) {
    const auto& letter = static_cast<const Letter&>(message);
    Index index = index_of(message);
    const absl::Status taken = Error(absl::StatusCode::kAlreadyExists, "SUBJECT_TAKEN", "已有这个事由");
    index.unique = {{"subject", letter.subject(), taken}, {"word", "东", taken, letter.organisation()}};
    return index;
  };
  const Letter first = at.Receive("问路"), second = at.Receive("问价");
  CHECK(at.Findings().empty());
  CHECK(at.Count("SELECT COUNT(*) FROM unique_term") == 3);
  const auto after = [&](const std::string& sql) {
    at.office.database.RunScript("CREATE TABLE unique_kept AS SELECT * FROM unique_term");
    at.office.database.RunScript(sql);
    const std::string found = at.Findings();
    at.office.database.RunScript("DELETE FROM unique_term;\nINSERT INTO unique_term SELECT * FROM unique_kept;\nDROP TABLE unique_kept");
    return found;
  };
  const auto wrong = [](const Letter& of, const std::string& kind) {
    return "OBJECT_CHANGED 对象 " + of.id() + "：唯一项 " + kind + " 与对象内容不符";
  };
  CHECK(after("DELETE FROM unique_term WHERE value = '问路'") == wrong(first, "subject"));
  CHECK(after("UPDATE unique_term SET value = '问事' WHERE value = '问价'") == wrong(second, "subject"));
  CHECK(after("DELETE FROM unique_term WHERE kind = 'word'") == wrong(first, "word") + "\n" + wrong(second, "word"));
  CHECK(after("UPDATE unique_term SET holder = 'O2' WHERE kind = 'word'") == wrong(first, "word"));
  CHECK(absl::EndsWith(after("INSERT INTO unique_term VALUES ('Letter', 'subject', 'x', REPEAT(CHAR(255), 16), '')"),
                       "：唯一项 Letter.subject 没有对应的对象"));
  CHECK(at.Findings().empty());
}

TEST_CASE("the terms of more objects than a batch holds are checked, each with its own") {
  Checked at;
  for (int i = 0; i < 501; ++i) at.Receive(absl::StrCat("第", i));
  CHECK(at.Findings().empty());
  const std::string found = at.After("DELETE FROM term WHERE kind = 'subject'");
  CHECK(std::count(found.begin(), found.end(), '\n') == 500);
}

TEST_CASE("a day of creation altered in the database is found, and no act takes it for true") {
  Checked at;
  const Letter letter = at.Receive("问路");
  at.office.database.RunScript("UPDATE object SET created_at = '2001-01-01'");
  CHECK(at.Findings() == "OBJECT_CHANGED 对象 " + letter.id() + "：索引列 created_at 与对象内容不符");
  CHECK(Must(at.Reply(letter)).create_time().seconds() == letter.create_time().seconds());
}

TEST_CASE("a provisional limit called certain in the database is found, and what the calendar changes is not") {
  Checked at;
  Watcher watcher(at.backend(), "watcher", at.types);
  at.office.clock.Set(absl::CivilSecond(2026, 12, 20, 9, 0, 0));
  const Letter letter = at.Receive();
  REQUIRE(letter.clocks(0).provisional());
  CHECK(at.After("UPDATE object SET provisional = 0") == "OBJECT_CHANGED 对象 " + letter.id() + "：索引列 provisional 与对象内容不符");
  at.office.clock.Set(absl::CivilSecond(2027, 2, 20, 9, 0, 0));
  CHECK(at.Findings().empty());
  Must(watcher.LookOnce());
  CHECK(at.Findings().empty());
}

TEST_CASE("a right of a provisional day leaves the index when it has certainly lapsed, and not before") {
  const auto type = internal::MakeType(kLetter, "caseworktest");
  const absl::CivilDay answered(2026, 12, 20), due(2027, 1, 4), last = due + procedure::kLongestRollOver;
  Letter letter;
  letter.set_state(Letter::ANSWERED);
  v1::Clock* right = letter.add_clocks();
  right->set_kind("APPEAL");
  right->set_state(v1::Clock::RUNNING);
  right->set_due_on(FormatDay(due));
  right->set_provisional(true);
  right->set_lapses(true);
  // What is wrong on `today` with the columns that the watcher wrote on `written`.
  const auto wrong = [&](absl::CivilDay written, absl::CivilDay today) -> std::string {
    const Due as_of(*type, letter, written);
    mysql::Row row;
    row.cells = {int64_t{Letter::ANSWERED},
                 {},
                 {},
                 "",
                 int64_t{as_of.open},
                 {},
                 {},
                 as_of.clock,
                 int64_t{as_of.provisional},
                 int64_t{as_of.unsettled},
                 type->common(letter).created,
                 {},
                 {}};
    if (as_of.on) row.cells[5] = *as_of.on;
    if (as_of.end) row.cells[12] = *as_of.end;
    const char* column = WrongColumn(*type, letter, row, 0, answered, today);
    return column == nullptr ? "" : column;
  };
  CHECK(wrong(due + 1, due + 1).empty());
  CHECK(wrong(last + 1, last + 1).empty());
  CHECK(wrong(last, last + 1).empty());    // the watcher has not come by yet
  CHECK(wrong(last + 1, last) == "open");  // nobody can have written that so far
}

TEST_CASE("the witness is told the first end of all, and then ends that are more than what others had witnessed here") {
  Desk at;
  const Backend& backend = at.backend();
  std::vector<int64_t> told;
  const std::string anchor = at.anchors / "anchor";
  AnchorSender sender(backend, anchor, [&](const v1::Anchor& end) {
    told.push_back(end.position());
    return absl::OkStatus();
  });
  const auto witness = [&] {
    journal::Row row;
    row.id = NewId(at.office.clock.Now());
    row.object_type = "Anchor";
    row.actor = "system";
    row.action = "WITNESS";
    row.occurred_on = DayOf(at.office.clock.Now());
    row.recorded_at = at.office.clock.Now();
    CHECK(backend.pool.InTransaction([&](mysql::Connection& connection) { return backend.writer->Append(connection, {row}); })
              .ok());
    journal::Sealer sealer(backend.pool, backend.keyring, at.office.clock, {.holder = "test", .anchor_path = anchor});
    CHECK(*sealer.SealOnce() > 0);
  };
  CHECK(sender.Tick().ok());
  CHECK(told.empty());  // nothing is sealed
  witness();
  CHECK(sender.Tick().ok());
  CHECK(told.size() == 1);  // so that a journal in which nobody has acted yet has an end as well
  witness();
  CHECK(sender.Tick().ok());
  CHECK(told.size() == 1);
  at.Receive("问路");
  witness();
  CHECK(sender.Tick().ok());
  CHECK(told.size() == 2);
}

}  // namespace sifa::casework
