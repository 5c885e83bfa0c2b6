// Lists: each object that they ask for and no other, in their order, in few reads of the tables however many objects there are.
// The server has not looked at its tables since they were filled (no ANALYZE).
#include <algorithm>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "libs/casework/journal_reading.h"
#include "libs/casework/letter_fixture.h"
#include "libs/casework/object_index.h"
#include "libs/casework/work.h"
#include "libs/core/clock.h"
#include "libs/procedure/clocks.h"

namespace sifa::casework {
namespace {

constexpr int kLetters = 12'000;
constexpr int kMostReads = 6'500;  // rows of tables and indexes, for one page: less than to go through all letters
constexpr int kPlaces = 40;
constexpr int kRare = 37;                   // the letter that has what is rare
constexpr char kImporter[] = "01IMPORTER";  // who has acted on all letters and has few of them

std::string PlaceOf(int i) { return absl::StrFormat("3307830%02d", i % kPlaces); }

absl::Time HourOf(absl::CivilDay day, int hour) {
  return absl::FromCivil(day, ChinaTime()) + absl::Hours(hour) + absl::Seconds(1);
}

// Letters of places within the county and, the oldest, of another county; everything that a list may ask for is spread over them.
struct Archive : Desk {
  Archive() {
    office.Alter<Letter>().index = [](const Message& message) {
      const auto& letter = static_cast<const Letter&>(message);
      Index index{.day = letter.answered_on(),
                  .terms = CodeTerms("kind", letter.subject().substr(0, 4), 2),
                  .names = {letter.subject().substr(4)}};
      index.blind = {{"subject", letter.subject()}};
      return index;
    };
    std::mt19937 random(11);
    const char* const syllables[] = {"赵", "钱", "孙", "大", "小", "山", "河"};
    for (int i = 0; i < kLetters; ++i) {
      Letter letter;
      const bool other = i < 100;
      const std::string organisation = other ? "X1" : absl::StrCat("O", i % kPlaces);
      letter.set_organisation(organisation);
      letter.set_organisation_path(other ? "/33/3307/330784/X1/"
                                         : absl::StrCat("/33/3307/330783/", PlaceOf(i), "/", organisation, "/"));
      letter.set_region(other ? "330784" : PlaceOf(i));
      letter.set_number(absl::StrCat("第", i, "号"));
      letter.set_state(i == kRare ? Letter::VOIDED : i % 3 == 0 ? Letter::RECEIVED : Letter::ANSWERED);
      letter.set_assignee(i % 1000 == kRare ? kImporter : absl::StrCat("01PERSON", i % 5));
      letter.set_answered_on(FormatDay(absl::CivilDay(2024, 1, 1) + i * 7919 % kLetters / 50));  // old ones among new ones
      std::string subject = i == kRare ? "0202" : absl::StrFormat("01%02d", i % 3);
      for (int k = 0; k < 3; ++k) subject += syllables[random() % std::size(syllables)];
      if (i == kRare) subject += "尾";
      letter.set_subject(subject);
      if (i % 3 == 0 && i % 2 == 0) {  // a limit that runs, of some that are open
        auto* clock = letter.add_clocks();
        clock->set_kind("REPLY_BY");
        clock->set_state(v1::Clock::RUNNING);
        const absl::CivilDay due = absl::CivilDay(2024, 8, 20) + i % 40;
        clock->set_due_on(FormatDay(due));
        if (i % 4 == 0) clock->mutable_due_at()->set_seconds(absl::ToUnixSeconds(HourOf(due, i % 24)));
      }
      Add(letter, i);
    }
    Write();
  }

  void Add(Letter letter, int i) {
    const absl::Time at = office.clock.Now() + absl::Milliseconds(i);
    const Id id = NewId(at);
    letters.type().stamp(&letter, {id.ToString(), "1", letter.organisation(), letter.organisation_path(), at, at});
    all.push_back(letter);
  }

  void Write() {
    for (size_t begin = 0; begin < all.size(); begin += 500) {
      const absl::Status status = office.pool->InTransaction([&](mysql::Connection& connection) {
        std::vector<Stored> stored;
        for (size_t i = begin; i < std::min(begin + 500, all.size()); ++i) {
          stored.push_back({*ParseId(all[i].id()), 1, {}, std::make_unique<Letter>(all[i])});
          stored.back().created_at = letters.type().common(all[i]).created;
        }
        std::vector<const Stored*> pointers;
        for (const Stored& one : stored) pointers.push_back(&one);
        return backend().store.Insert(connection, letters.type(), pointers, office.clock.Today());
      });
      if (!status.ok()) FAIL(status);
    }
  }

  // The letters of a list in its order, read page by page; and in *reads the most rows that a page read.
  std::vector<std::string> List(ListQuery query, int limit, int64_t* reads = nullptr) {
    std::vector<std::string> ids;
    const absl::Status status = office.pool->WithConnection([&](mysql::Connection& connection) -> absl::Status {
      ids.clear();
      query.limit = limit;
      for (;;) {
        const int64_t before = Reads(connection);
        ASSIGN_OR_RETURN(const auto page, backend().store.List(connection, letters.type(), query));
        if (reads != nullptr) *reads = std::max(*reads, Reads(connection) - before);
        for (const Stored& stored : page) ids.push_back(stored.id.ToString());
        if (static_cast<int>(page.size()) < limit || reads != nullptr) return absl::OkStatus();
        query.GoOnAfter(letters.type(), page.back());
      }
    });
    if (!status.ok()) FAIL(status);
    return ids;
  }

  // A journal in which the importer has received all letters.
  void Journal() {
    const absl::Status status = office.pool->WithConnection([](mysql::Connection& connection) {
      return connection
          .Execute(
              "INSERT INTO journal (id, object_id, object_type, version, organisation, organisation_path, region, actor,"
              " action, from_state, to_state, occurred_on, recorded_at, writer, number, link, mac, image_digest,"
              " request_digest, remark, record, image, request) SELECT id, id, type, 1, organisation,"
              " organisation_path, region, ?, IF(state = ?, 'VOID', 'RECEIVE'), '', '', '2024-01-01', created_at,"
              " '', 1, '', '', '', '', '', '', '', '' FROM object",
              {kImporter, Letter::VOIDED})
          .status();
    });
    if (!status.ok()) FAIL(status);
  }

  // The rows that `ask` makes the server read. One caller at a time has one connection.
  int64_t ReadsOf(const std::function<void()>& ask) {
    const auto reads = [&] {
      int64_t sum = 0;
      const absl::Status status = office.pool->WithConnection([&](mysql::Connection& connection) {
        sum = Reads(connection);
        return absl::OkStatus();
      });
      if (!status.ok()) FAIL(status);
      return sum;
    };
    const int64_t before = reads();
    ask();
    return reads() - before;
  }

  static int64_t Reads(mysql::Connection& connection) {
    const auto rows = Must(connection.Query("SHOW SESSION STATUS LIKE 'Handler_read%'"));
    int64_t sum = 0;
    for (const auto& row : rows) sum += std::stoll(row.Bytes(1));
    return sum;
  }

  bool Wanted(const Letter& letter, const ListQuery& q) const {
    const auto in = [&](const std::string& scope) {
      return scope[0] == '=' ? letter.organisation_path() == scope.substr(1)
                             : absl::StartsWith(letter.organisation_path(), scope);
    };
    const Index index = letters.type().index(letter);
    return std::any_of(q.scopes.begin(), q.scopes.end(), in) &&
           (q.organisation.empty() || absl::StrContains(letter.organisation_path(), "/" + q.organisation + "/")) &&
           (q.region.empty() || RegionCode::Parse(letter.region())->IsWithin(*RegionCode::Parse(q.region))) &&
           (q.states.empty() || std::count(q.states.begin(), q.states.end(), letter.state()) > 0) &&
           (q.number.empty() || q.number == letter.number()) && (q.assignee.empty() || q.assignee == letter.assignee()) &&
           (q.day_from.empty() || letter.answered_on() >= q.day_from) && (q.day_to.empty() || letter.answered_on() <= q.day_to) &&
           (!q.open || *q.open == (letter.state() == Letter::RECEIVED)) &&
           std::all_of(q.terms.begin(), q.terms.end(),
                       [&](const Term& term) { return std::count(index.terms.begin(), index.terms.end(), term) > 0; }) &&
           std::all_of(q.blind.begin(), q.blind.end(), [&](const Term& term) { return term.value == letter.subject(); }) &&
           (q.name.empty() || absl::StrContains(letter.subject().substr(4), q.name));
  }
  std::vector<std::string> Expected(const ListQuery& query) const {
    const bool by_days = !query.day_from.empty() || !query.day_to.empty();
    std::vector<std::pair<std::string, std::string>> wanted;  // by what the list is ordered
    for (const Letter& letter : all) {
      if (Wanted(letter, query)) wanted.emplace_back(by_days ? letter.answered_on() : "", letter.id());
    }
    std::sort(wanted.rbegin(), wanted.rend());
    std::vector<std::string> ids;
    for (const auto& [day, id] : wanted) ids.push_back(id);
    return ids;
  }

  std::vector<Letter> all;
};

// What a caller may ask for, one condition at a time: rare ones, frequent ones, such as nothing has.
struct Condition {
  const char* name;
  std::function<void(ListQuery*)> add;
};
const Condition kConditions[] = {
    {"a place", [](ListQuery* q) { q->region = PlaceOf(7); }},
    {"the county", [](ListQuery* q) { q->region = "330783"; }},
    {"the city", [](ListQuery* q) { q->region = "330700"; }},
    {"the other county", [](ListQuery* q) { q->region = "330784"; }},
    {"an empty place", [](ListQuery* q) { q->region = "330785"; }},
    {"an office", [](ListQuery* q) { q->organisation = "O9"; }},
    {"an organisation above offices", [](ListQuery* q) { q->organisation = PlaceOf(9); }},
    {"the city's bureau", [](ListQuery* q) { q->organisation = "3307"; }},
    {"an empty office", [](ListQuery* q) { q->organisation = "O"; }},
    {"a rare state", [](ListQuery* q) { q->states = {Letter::VOIDED}; }},
    {"two states",
     [](ListQuery* q) {
       q->states = {Letter::VOIDED, Letter::RECEIVED};
     }},
    {"a number", [](ListQuery* q) { q->number = "第4711号"; }},
    {"no number", [](ListQuery* q) { q->number = "第0号之一"; }},
    {"a person", [](ListQuery* q) { q->assignee = "01PERSON3"; }},
    {"nobody", [](ListQuery* q) { q->assignee = "01NOBODY"; }},
    {"a day", [](ListQuery* q) { q->day_from = q->day_to = "2024-03-05"; }},
    {"many old days", [](ListQuery* q) { q->day_to = "2024-06-30"; }},
    {"old days", [](ListQuery* q) { q->day_to = "2024-01-20"; }},
    {"many days", [](ListQuery* q) { q->day_from = "2024-01-02", q->day_to = "2024-08-20"; }},
    {"no day", [](ListQuery* q) { q->day_from = "2030-01-01"; }},
    {"a code",
     [](ListQuery* q) {
       q->terms.push_back({"kind", "01"});
     }},
    {"a leaf",
     [](ListQuery* q) {
       q->terms.push_back({"kind", "0101"});
     }},
    {"a rare code",
     [](ListQuery* q) {
       q->terms.push_back({"kind", "02"});
     }},
    {"open ones", [](ListQuery* q) { q->open = true; }},
    {"a frequent name", [](ListQuery* q) { q->name = "大山"; }},
    {"a rare name",
     [](ListQuery* q) {
       q->name = "尾";
       q->name = "河尾";
     }},
    {"a whole name", [](ListQuery* q) { q->name = "赵大山"; }},
};

TEST_CASE("a list has what it asks for and nothing else, by one condition or several, in pages, for any reach") {
  Archive archive;
  const std::vector<std::vector<std::string>> reaches = {
      {"/"},
      {"/33/3307/330783/"},
      {"/33/3307/330784/"},
      {"=/33/3307/330783/" + PlaceOf(9) + "/O9/"},
      {"/33/3307/330783/" + PlaceOf(7) + "/", "/33/3307/330783/" + PlaceOf(9) + "/", "=/33/3307/330784/X1/"},
      {}};
  std::mt19937 random(17);
  const auto check = [&](ListQuery query, int limit) {
    const std::vector<std::string> expected = archive.Expected(query), found = archive.List(query, limit);
    CHECK(found.size() == expected.size());
    CHECK((found == expected));
  };
  for (const Condition& condition : kConditions) {
    INFO(condition.name);
    ListQuery query;
    query.scopes = {"/33/3307/"};
    condition.add(&query);
    check(query, 1000);
  }
  for (int i = 0; i < 150; ++i) {
    ListQuery query;
    query.scopes = reaches[random() % reaches.size()];
    std::string names;
    for (size_t k = random() % 4; k > 0; --k) {
      const Condition& condition = kConditions[random() % std::size(kConditions)];
      condition.add(&query);
      absl::StrAppend(&names, condition.name, ", ");
    }
    INFO(names);
    check(query, 200 + static_cast<int>(random() % 800));
  }
}

TEST_CASE("a page of a list reads few rows, whatever it asks for and wherever they are") {
  Archive archive;
  const auto check = [&](const ListQuery& query, const std::string& what) {
    int64_t reads = 0;
    archive.List(query, 51, &reads);
    INFO(what << " for " << query.scopes[0] << ": " << reads);
    CHECK(reads < kMostReads);
  };
  for (const Condition& condition : kConditions) {
    for (const char* scope : {"/33/3307/330783/", "/33/3307/330784/", "/33/3307/330783/330783007/"}) {
      ListQuery query;
      query.scopes = {scope};
      condition.add(&query);
      check(query, condition.name);
      query.day_from = "2024-01-02";  // most of all
      query.day_to = "2024-07-31";
      check(query, absl::StrCat(condition.name, " in many days"));
    }
  }
}

// Pages of a worklist, to its end.
struct Worklist : Archive {
  Worklist() : work(backend(), types) {}

  std::vector<std::string> Pages(v1::ListWorkRequest r, const Claims& who, int size) {
    std::vector<std::string> ids;
    r.set_page_size(size);
    r.add_types("Letter");
    do {
      auto call = OfficeCall("WorkService/ListWork", who);
      const auto page = Must(work.List(call, r));
      CHECK(page.counts().empty());
      for (const auto& item : page.items()) ids.push_back(item.object_id());
      r.set_page_token(page.next_page_token());
    } while (!r.page_token().empty());
    return ids;
  }

  WorkService work;
};

TEST_CASE(
    "a worklist has the open objects by the instants at which their limits end, those without one last, each once over all "
    "pages") {
  Worklist at;
  const auto expected = [&](bool overdue, const std::string& person) {
    std::vector<std::pair<absl::Time, std::string>> open;
    for (const Letter& letter : at.all) {
      if (letter.state() != Letter::RECEIVED || !absl::StartsWith(letter.organisation_path(), "/33/3307/330783/")) continue;
      if (!person.empty() && letter.assignee() != person) continue;
      absl::Time end = absl::InfiniteFuture();
      if (absl::CivilDay day; !letter.clocks().empty() && ParseDay(letter.clocks(0).due_on(), &day)) {
        end = procedure::DueAt(letter.clocks(0)).value_or(absl::FromCivil(day + 1, ChinaTime()));
      }
      if (!overdue || end <= at.office.clock.Now()) open.emplace_back(end, letter.id());
    }
    std::sort(open.begin(), open.end());
    std::vector<std::string> ids;
    for (const auto& [due, id] : open) ids.push_back(id);
    return ids;
  };
  v1::ListWorkRequest r;
  CHECK(at.Pages(r, at.head, 150) == expected(false, ""));
  r.set_kind(v1::ListWorkRequest::OVERDUE);
  CHECK(at.Pages(r, at.head, 97) == expected(true, ""));
  Desk::Claims person = at.head;
  person.set_sub("01PERSON3");
  r.set_mine(true);
  CHECK(at.Pages(r, person, 10) == expected(true, "01PERSON3"));
  r.set_kind(v1::ListWorkRequest::TODO);
  CHECK(at.Pages(r, person, 200) == expected(false, "01PERSON3"));
  CHECK(at.Pages(r, at.stranger, 200).empty());
}

TEST_CASE("every item of a worklist says where a page after it begins, and whose it is") {
  Worklist at;
  for (const auto kind : {v1::ListWorkRequest::TODO, v1::ListWorkRequest::OVERDUE}) {
    v1::ListWorkRequest r;
    r.set_kind(kind);
    r.set_page_size(20);
    r.add_types("Letter");
    auto call = at.OfficeCall("WorkService/ListWork", at.head);
    const auto page = Must(at.work.List(call, r));
    REQUIRE(page.items_size() == 20);
    CHECK(page.items(19).page_token_after() == page.next_page_token());
    r.set_page_token(page.items(6).page_token_after());
    const auto rest = Must(at.work.List(call, r));
    for (int i = 7; i < 20; ++i) CHECK(rest.items(i - 7).object_id() == page.items(i).object_id());
    CHECK(page.items(0).service() == "caseworktest");
  }
}

TEST_CASE("a page of a worklist reads few rows, however much there is") {
  constexpr int kPage = 50;
  Worklist at;
  at.Journal();
  Desk::Claims importer = at.head;
  importer.set_sub(kImporter);
  const auto check = [&](v1::ListWorkRequest r, const Desk::Claims& who, const std::string& what) {
    r.set_page_size(kPage);
    auto call = at.OfficeCall("WorkService/ListWork", who);
    v1::ListWorkResponse page;
    const int64_t reads = at.ReadsOf([&] { page = Must(at.work.List(call, r)); });
    INFO(what << ": " << reads << " rows for " << page.items_size());
    CHECK(reads > 0);
    // Without a second page it is the first again.
    CHECK(reads < 60 * kPage + (r.page_token().empty() ? 2 * kLetters / 3 : 0));
  };
  v1::ListWorkRequest r;
  check(r, at.head, "待办");
  r.set_kind(v1::ListWorkRequest::OVERDUE);
  check(r, at.head, "逾期");
  r.set_kind(v1::ListWorkRequest::DONE);
  check(r, importer, "已办");
  r.set_mine(true);
  check(r, importer, "已办, the importer's own");
  r.set_mine(false);
  r.add_types("Correction");
  check(r, importer, "已办 of a type that none is of");
  r.add_types("Letter");
  check(r, importer, "已办 of two types");
}

TEST_CASE("a page of the journal reads few rows, whatever it asks for") {
  Archive archive;
  archive.Journal();
  JournalService journal(archive.backend(), archive.types);
  const auto check = [&](const v1::ListJournalRequest& r, const char* scope, size_t found) {
    Desk::Claims who = archive.head;
    who.mutable_grants(0)->set_path(scope);
    auto call = archive.OfficeCall("JournalService/ListJournal", who);
    v1::ListJournalResponse page;
    const int64_t reads = archive.ReadsOf([&] { page = Must(journal.List(call, r)); });
    INFO(r.ShortDebugString() << " in " << scope << ": " << reads);
    CHECK(page.entries_size() == static_cast<int>(found));
    CHECK(reads > 0);
    CHECK(reads < kLetters);
  };
  const char kCounty[] = "/33/3307/330783/", kOther[] = "/33/3307/330784/";
  v1::ListJournalRequest r;
  r.set_page_size(100);
  check(r, kCounty, 100);
  check(r, kOther, 100);
  r.set_actor(kImporter);
  check(r, kOther, 100);
  r.set_action("RECEIVE");
  check(r, kCounty, 100);
  check(r, kOther, 99);
  r.set_action("VOID");
  check(r, kCounty, 0);
  check(r, kOther, 1);
  r.clear_action();
  r.set_actor("01NOBODY");
  check(r, kCounty, 0);
  r.clear_actor();
  r.set_object_type("Correction");
  check(r, kCounty, 0);
  r.clear_object_type();
  r.set_object(archive.all[kRare].id());
  check(r, kOther, 1);
}

TEST_CASE("已办 is what the caller has acted on, by his latest act on each, each once over all pages") {
  Desk desk;
  WorkService work(desk.backend(), desk.types);
  std::vector<Letter> letters;
  for (int i = 0; i < 7; ++i) letters.push_back(desk.Receive(absl::StrCat("第", i, "封")));
  desk.office.clock.Advance(absl::Seconds(1));
  for (const int i : {3, 0}) {  // of which the clerk is the last to have acted
    test::EditLetterRequest edit;
    edit.set_id(letters[i].id());
    edit.set_subject("改");
    Must(desk.Edit(edit, *ParseId(letters[i].id())));
  }
  std::vector<std::string> found;
  int64_t last_act = absl::ToUnixSeconds(desk.office.clock.Now());
  v1::ListWorkRequest r;
  r.set_kind(v1::ListWorkRequest::DONE);
  r.set_page_size(2);
  do {
    auto call = desk.OfficeCall("WorkService/ListWork", desk.clerk);
    const auto page = Must(work.List(call, r));
    for (const auto& item : page.items()) {
      found.push_back(item.object_id());
      CHECK(item.acted_at().seconds() <= last_act);
      last_act = item.acted_at().seconds();
    }
    if (!page.next_page_token().empty()) CHECK(page.items().rbegin()->page_token_after() == page.next_page_token());
    r.set_page_token(page.next_page_token());
  } while (!r.page_token().empty());
  CHECK(last_act == absl::ToUnixSeconds(desk.office.clock.Now()) - 1);
  REQUIRE(found.size() == 7);
  const auto at = [&](int place) { return std::find_if(letters.begin(), letters.end(), [&](const Letter& l) { return l.id() == found[place]; }) - letters.begin(); };
  CHECK(at(0) == 0);
  CHECK(at(1) == 3);
  std::vector<int64_t> rest;
  for (int i = 2; i < 7; ++i) rest.push_back(at(i));
  std::sort(rest.begin(), rest.end());
  CHECK(rest == std::vector<int64_t>{1, 2, 4, 5, 6});
  auto of_head = desk.OfficeCall("WorkService/ListWork", desk.head);
  r.clear_page_token();
  CHECK(Must(work.List(of_head, r)).items().empty());
}

TEST_CASE("F8: a name of any length is looked for, and its characters must stand in one name, in this order") {
  Archive archive;
  std::string longest;
  for (int i = 0; i < 100; ++i)
    longest += std::string("\xe4") + static_cast<char>(0xb8 + i / 60) + static_cast<char>(0x80 + i % 60);
  Letter letter = archive.all[0];
  letter.set_number("长");
  letter.set_subject("0101" + longest);
  archive.all.clear();
  archive.Add(letter, kLetters);
  letter.set_number("反");
  std::string turned;
  for (size_t i = 0; i < longest.size(); i += 3) turned.insert(0, longest.substr(i, 3));
  letter.set_subject("0101" + turned);
  archive.Add(letter, kLetters + 1);
  archive.Write();
  ListQuery query;
  query.scopes = {"/"};
  const auto found = [&](const std::string& name) {
    query.name = name;
    return archive.List(query, 50).size();
  };
  CHECK(found(longest) == 1);
  CHECK(found(longest.substr(3, 90 * 3)) == 1);
  CHECK(found(turned) == 1);
  CHECK(found(longest + "尾") == 0);
  CHECK(found(longest.substr(0, 6) + longest.substr(9)) == 0);
  query.terms = {{"kind", "01"}, {"kind", "0101"}};
  query.assignee = "01PERSON0";
  query.region = "330784";
  query.organisation = "X1";
  query.states = {Letter::RECEIVED, Letter::ANSWERED};
  query.day_from = "2024-01-01";
  CHECK(found(longest) == 1);
}

}  // namespace
}  // namespace sifa::casework
