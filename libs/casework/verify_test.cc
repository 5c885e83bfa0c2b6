// What of an object and its index the check of the journal finds, beside the chain itself.
#include "libs/casework/verify.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/casework/object_index.h"
#include "libs/casework/terms.h"
#include "libs/casework/test_desk.h"
#include "libs/casework/watcher.h"
#include "libs/journal/sealer.h"
#include "libs/procedure/clocks.h"
#include "libs/testing/process.h"

namespace sifa::casework {
namespace {

struct Checked : Desk {
  Checked() : directory("sifa-anchor") {}

  // What it says of the objects, in one line each.
  std::string Findings() {
    journal::Sealer sealer(*office.pool, *office.keyring, office.clock, {.holder = "test", .anchor_path = directory / "anchor"});
    while (Must(sealer.SealOnce()) > 0) {
    }
    const std::vector<ObjectType> all = {MakeType<Letter, kLetterProcedure>("caseworktest", letters.type().index),
                                         MakeType<Correction, kLetterCorrections>("caseworktest")};
    const auto report = Must(VerifyAll(*office.pool, *office.keyring, all, office.clock.Today(), directory / "anchor"));
    return absl::StrJoin(report.findings, "\n", [](std::string* out, const journal::Finding& finding) {
      absl::StrAppend(out, finding.kind, " ", finding.text);
    });
  }
  // What it says after something was done to the database, which is then put back as a copy has it.
  std::string After(const std::string& sql) {
    office.database.RunScript("CREATE TABLE kept AS SELECT * FROM term;\nCREATE TABLE kept_objects AS SELECT * FROM object");
    office.database.RunScript(sql);
    const std::string found = Findings();
    office.database.RunScript("DELETE FROM term;\nINSERT INTO term SELECT * FROM kept;\nDROP TABLE kept;\n"
                              "DELETE FROM object;\nINSERT INTO object SELECT * FROM kept_objects;\nDROP TABLE kept_objects");
    return found;
  }

  testing::TempDir directory;
};

}  // namespace

TEST_CASE("terms of an earlier revision are written anew once, and those of the present one are left to the check") {
  Checked at;
  at.Receive("问路");
  const ObjectType type = MakeType<Letter, kLetterProcedure>("caseworktest", IndexOfLetter);
  const auto refresh = [&] { return RefreshTerms(*at.office.pool, at.backend().store, {type}); };
  REQUIRE(refresh().ok());
  at.office.database.RunScript("DELETE FROM term WHERE kind = 'name'");
  REQUIRE(refresh().ok());
  CHECK_FALSE(at.Findings().empty());
  at.office.database.RunScript("UPDATE term SET value = 'old';\nUPDATE term_revision SET revision = 1");
  REQUIRE(refresh().ok());
  CHECK(at.Findings().empty());
}

TEST_CASE("a telephone number is one however it is written") {
  for (const char* number : {"0579-86620001", "057986620001", "0579-8662-0001"}) CHECK(PhoneTerm(number).value == "057986620001");
  for (const char* number : {"15403281602", "154-0328-1602", "+8615403281602", "+86-154-0328-1602", "008615403281602", "8615403281602"}) {
    CHECK(PhoneTerm(number).value == "15403281602");
  }
  CHECK(PhoneTerm("+85221234567").value == "85221234567");
}

TEST_CASE("a search term deleted, altered, moved or added in the database is found and named with its object") {
  Checked at;
  const Letter letter = Must(at.Reply(at.Receive("问路")));
  const Letter other = at.Receive("问价");
  REQUIRE(at.Findings().empty());
  REQUIRE(at.Count("SELECT COUNT(*) FROM term") == 5);  // two subjects, each also a pair of characters, and a day
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
  at.letters.type().index = [](const Message& message) {
    const auto& letter = static_cast<const Letter&>(message);
    Index index = IndexOfLetter(message);
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
  const auto type = MakeType<Letter, kLetterProcedure>("caseworktest", IndexOfLetter);
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
    const Due as_of(type, letter, written);
    mysql::Row row;
    row.cells = {int64_t{Letter::ANSWERED}, {}, {}, "", int64_t{as_of.open}, {}, as_of.clock, int64_t{as_of.provisional},
                 int64_t{as_of.unsettled}, type.common(letter).created};
    if (as_of.on) row.cells[5] = *as_of.on;
    const char* column = WrongColumn(type, letter, row, 0, answered, today);
    return column == nullptr ? "" : column;
  };
  CHECK(wrong(due + 1, due + 1).empty());
  CHECK(wrong(last + 1, last + 1).empty());
  CHECK(wrong(last, last + 1).empty());    // the watcher has not come by yet
  CHECK(wrong(last + 1, last) == "open");  // nobody can have written that so far
}

}  // namespace sifa::casework
