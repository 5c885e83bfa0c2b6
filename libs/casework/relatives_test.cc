// Objects that stand on the same one: reminders of a letter.
#include "libs/casework/relatives.h"

#include <algorithm>

#include "libs/casework/reminder_fixture.h"
#include "libs/casework/watcher.h"
#include "libs/casework/work.h"

namespace sifa::casework {
namespace {

using Strings = std::vector<std::string>;

struct Waiting : Desk {
  absl::StatusOr<Reminder> Remind(const Letter& of, const std::string& send_on = "2024-09-09",
                                  const std::string& copied_to = "") {
    test::RemindLetterRequest r;
    r.set_letter(of.id());
    r.set_send_on(send_on);
    r.set_copied_to(copied_to);
    auto call = Call("ReminderService/RemindLetter", clerk);
    return office.Do<Reminder>(call, r);
  }
  absl::StatusOr<Reminder> Split(const Reminder& reminder) { return Split(reminder, clerk); }
  absl::StatusOr<Reminder> Split(const Reminder& reminder, const Claims& who) {
    test::SplitReminderRequest r;
    r.set_id(reminder.id());
    r.set_send_on("2024-09-10");
    auto call = Call("ReminderService/SplitReminder", who);
    return office.Do<Reminder>(call, r);
  }
  Reminder Now(const Reminder& reminder) {
    auto call = Call("ReminderService/GetReminder", head);
    return static_cast<const Reminder&>(*Must(GetObject(backend(), backend().objects->Of<Reminder>(), call, reminder.id())));
  }
  Letter Read() {
    auto call = Call("LetterService/GetLetter", head);
    return static_cast<const Letter&>(*Must(GetObject(backend(), letters.type(), call, letter.id())));
  }
  Strings ActsOn(const Reminder& reminder) {
    auto call = Call("ReminderService/GetReminder", head);
    v1::GetHistoryRequest r;
    r.set_id(reminder.id());
    Strings acts;
    const auto history = Must(History(backend(), backend().objects->Of<Reminder>(), call, r));
    for (const auto& entry : history.entries()) acts.push_back(entry.action());
    return acts;
  }
  void GoTo(absl::CivilDay day) { office.clock.Set(absl::CivilSecond(day) + 9 * 3600); }

  const Letter letter = Receive();
  Watcher watcher{backend(), "watcher-a", types};
};

}  // namespace

TEST_CASE("a rule looks at the object on which its own stands, and at what else stands there") {
  Waiting at;
  const Letter other = at.Receive("问价");
  REQUIRE(at.Remind(at.letter).ok());
  REQUIRE(at.Remind(at.letter).ok());
  CHECK(ReasonOf(at.Remind(at.letter).status()) == "REMINDERS_TOO_MANY");
  CHECK(at.Remind(other).ok());
  REQUIRE(at.Reply(at.letter).ok());
  CHECK(ReasonOf(at.Remind(at.letter).status()) == "LETTER_ANSWERED");
  CHECK(at.Count("SELECT COUNT(*) FROM object WHERE type = 'Reminder'") == 3);
}

TEST_CASE("an act opens another object as part of itself, under that one's rules; refused, nothing is left of either") {
  Waiting at;
  const Reminder first = Must(at.Remind(at.letter));
  CHECK(at.Split(first).ok());
  CHECK(ReasonOf(at.Split(first).status()) == "REMINDERS_TOO_MANY");
  CHECK(at.Count("SELECT COUNT(*) FROM object WHERE type = 'Reminder'") == 2);
  CHECK(at.ActsOn(first) == Strings{"REMIND", "SPLIT"});
  CHECK(at.Count("SELECT COUNT(*) FROM journal WHERE action = 'FOLLOW'") == 1);
  CHECK(at.Findings().empty());
}

TEST_CASE("what stands on an object ends with it where its reference says so") {
  Waiting at;
  const Reminder set = Must(at.Remind(at.letter));
  const Reminder elsewhere = Must(at.Remind(at.Receive("问价")));
  REQUIRE(at.Reply(at.letter).ok());
  CHECK(at.Now(set).state() == Reminder::ENDED);
  CHECK(at.ActsOn(set) == Strings{"REMIND", "DROP"});
  CHECK(at.Now(elsewhere).state() == Reminder::SET);
  CHECK(at.Findings().empty());
}

TEST_CASE("a flag is told of an object while what it is told of stands on it, and is stored nowhere") {
  Waiting at;
  CHECK(at.Read().flags().empty());
  Must(at.Remind(at.letter));
  REQUIRE(at.Read().flags_size() == 1);
  CHECK(at.Read().flags(0) == Letter::REMINDED);
  CHECK(at.Reload(at.letter).flags().empty());
  REQUIRE(at.Reply(at.letter).ok());
  CHECK(at.Read().flags().empty());
}

TEST_CASE("an organisation that an object concerns sees it and does the acts that are its own, and no other does them") {
  Waiting at;
  const ObjectType& type = at.backend().objects->Of<Reminder>();
  const auto seen = [&](const Reminder& reminder, const Desk::Claims& who) {
    auto call = at.Call("ReminderService/GetReminder", who);
    auto work_call = at.OfficeCall("WorkService/ListWork", who);
    const bool got = GetObject(at.backend(), type, call, reminder.id()).ok();
    const auto work = Must(WorkService(at.backend(), {&type}).List(work_call, {}));
    const bool listed = std::any_of(work.items().begin(), work.items().end(),
                                    [&](const auto& item) { return item.object_id() == reminder.id(); });
    CHECK(got == listed);
    return got;
  };
  const Reminder own = Must(at.Remind(at.letter));
  const Reminder copied = Must(at.Remind(at.Receive("问价"), "2024-09-09", "/33/3307/330784/"));
  CHECK(seen(own, at.clerk));
  CHECK_FALSE(seen(own, at.stranger));
  CHECK(seen(copied, at.clerk));
  CHECK(seen(copied, at.stranger));
  CHECK_FALSE(at.Split(copied, at.clerk).ok());
  CHECK_FALSE(at.Split(own, at.stranger).ok());
  CHECK(at.Split(copied, at.stranger).ok());
  CHECK(at.Split(own, at.clerk).ok());
  CHECK(at.Findings().empty());
}

TEST_CASE("the suite does what follows a limit once for each of its days, and catches up") {
  Waiting at;
  const Reminder reminder = Must(at.Remind(at.letter, "2024-09-09"));
  at.GoTo(absl::CivilDay(2024, 9, 9));  // its day has not passed
  Must(at.watcher.LookOnce());
  CHECK(at.Now(reminder).sent_on().empty());
  at.GoTo(absl::CivilDay(2024, 9, 10));
  Must(at.watcher.LookOnce());
  Must(at.watcher.LookOnce());
  CHECK(at.Now(reminder).sent_on_size() == 1);
  CHECK(at.Now(reminder).clocks(0).due_on() == "2024-09-16");
  at.GoTo(absl::CivilDay(2024, 10, 1));  // 16, 23 and 30 September have passed
  Must(at.watcher.LookOnce());
  CHECK(at.Now(reminder).sent_on_size() == 4);
  CHECK(at.Now(reminder).clocks(0).due_on() == "2024-10-07");
  CHECK(at.ActsOn(reminder) == Strings{"REMIND", "CLOCK_TURNED", "SEND", "CLOCK_TURNED", "SEND", "CLOCK_TURNED", "SEND",
                                          "CLOCK_TURNED", "SEND", "CLOCK_TURNED"});
  REQUIRE(at.Reply(at.letter).ok());
  at.GoTo(absl::CivilDay(2024, 10, 30));
  Must(at.watcher.LookOnce());
  CHECK(at.Now(reminder).sent_on_size() == 4);
  CHECK(at.Findings().empty());
}

}  // namespace sifa::casework
