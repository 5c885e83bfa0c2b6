#include "services/identity/reference/calendar.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::reference {
namespace {

using N = v1::CalendarNotice;

constexpr procedure::Row<N> kRows[] = {
    {.act = N::IMPORT, .from = {N::STATE_UNSPECIFIED}, .to = N::IN_FORCE, .law = {"全国年节及纪念日放假办法", ""}},
};

// The calendar is the nation's, so whoever stands at the root changes it and nobody below: under the grant
// returned.
absl::StatusOr<const rpc::Grant*> AtRoot(const rpc::Call& call) {
  for (const rpc::Grant* grant : call.GrantsFor(call.method().access.permission())) {
    if (grant->path() == absl::StrCat("/", grant->organisation(), "/")) return grant;
  }
  return Error(absl::StatusCode::kPermissionDenied, "LEVEL_NOT_ENTITLED",
               "节假日安排全国统一，由最上级机构导入");
}

constexpr int kMostNotices = 1000;

// A notice settles the days of its own year and none that another year's has settled: that would change limits of a year of which
// nobody spoke.
absl::Status CheckNotice(const calendar::Calendar& notice, int year, const calendar::Calendar& current) {
  if (!notice.Knows(year)) {
    return InvalidField("csv", "CALENDAR_INCOMPLETE",
                        absl::StrCat("内容不完整：", year, " 年应至少列出元旦和国庆节的放假日期"));
  }
  for (const auto& [date, day] : notice.days()) {
    if (calendar::NoticeYear(day) != year) {
      return InvalidField("csv", "CALENDAR_OTHER_YEAR",
                          absl::StrCat(FormatDay(date), "（", day.name, "）不属于 ", year,
                                       " 年度的安排：只能列出本年的日期，以及上年12月因元旦放假或者调休的日期"));
    }
    const auto settled = current.days().find(date);
    if (settled != current.days().end() && calendar::NoticeYear(settled->second) != year) {
      return InvalidField("csv", "CALENDAR_DAY_SETTLED",
                          absl::StrCat(FormatDay(date), " 已列入 ", calendar::NoticeYear(settled->second),
                                       " 年度的安排，应在该年度的安排中更正"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

constexpr procedure::Procedure<N> kCalendarProcedure = {
    .name = "节假日安排",
    .rows = kRows,
    .states = &N::State_descriptor,
    .acts = &N::Act_descriptor,
};

CalendarService::CalendarService(const casework::Backend& backend)
    : backend_(backend), base_(backend.calendars.Current()), casework_(backend) {}

const casework::Definition<N> kCalendarNotice = {.procedure = &kCalendarProcedure,
                                                 .proto_service = "sifa.reference.v1.CalendarService"};

void CalendarService::Register(rpc::DescribedService& service) {
  service.On("GetCalendarYear", this, &CalendarService::GetYear);
  service.On("ImportCalendar", this, &CalendarService::Import);
  service.On("GetCalendar", this, &CalendarService::GetCalendar);
}

absl::StatusOr<v1::CalendarYear> CalendarService::GetYear(rpc::Call&, const v1::GetCalendarYearRequest& r) {
  const auto& calendar = backend_.calendars.Current();
  ASSIGN_OR_RETURN(const auto days, calendar.ListYear(r.year()));
  v1::CalendarYear year;
  year.set_year(r.year());
  year.set_version(calendar.version());
  for (const calendar::Day& day : days) {
    auto* out = year.add_days();
    out->set_date(FormatDay(day.date));
    out->set_kind(day.kind == calendar::DayKind::kMakeup ? "MAKEUP" : "HOLIDAY");
    out->set_name(day.name);
    out->set_notice_year(calendar::NoticeYear(day));
  }
  return year;
}

absl::StatusOr<N> CalendarService::NewNotice(const rpc::Call& call, const v1::ImportCalendarRequest& r) const {
  ASSIGN_OR_RETURN(const rpc::Grant* root, AtRoot(call));
  ASSIGN_OR_RETURN(const calendar::Calendar notice, calendar::Calendar::Parse(r.csv()));
  RETURN_IF_ERROR(CheckNotice(notice, r.year(), backend_.calendars.Current()));
  N imported;
  imported.set_organisation(root->organisation());
  imported.set_organisation_path(root->path());
  imported.set_year(r.year());
  imported.set_csv(r.csv());
  imported.set_version(backend_.calendars.Current().With(notice).version());
  return imported;
}

absl::StatusOr<N> CalendarService::Import(rpc::Call& call, const v1::ImportCalendarRequest& r) {
  ASSIGN_OR_RETURN(N answer, casework_.Create(call, N::IMPORT, r, [&] { return NewNotice(call, r); }));
  RETURN_IF_ERROR(Refresh());
  return answer;
}

absl::StatusOr<v1::CalendarText> CalendarService::GetCalendar(rpc::Call&, const v1::GetCalendarRequest& r) {
  const auto& calendar = backend_.calendars.Current();
  v1::CalendarText text;
  text.set_version(calendar.version());
  text.set_notices(notices_);
  if (r.known_version() != calendar.version()) text.set_csv(calendar.ToText());
  return text;
}

absl::Status CalendarService::Refresh() {
  std::vector<casework::Stored> notices;
  casework::ListQuery query;
  query.scopes = {"/"};
  query.limit = kMostNotices;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(notices, backend_.store.List(connection, casework_.type(), query));
    return absl::OkStatus();
  }));
  calendar::Calendar calendar = base_;
  for (auto notice = notices.rbegin(); notice != notices.rend(); ++notice) {  // listed newest first
    ASSIGN_OR_RETURN(const auto parsed,
                     calendar::Calendar::Parse(static_cast<const N&>(*notice->object).csv()));
    calendar = calendar.With(parsed);
  }
  if (calendar.version() != backend_.calendars.Current().version()) backend_.calendars.Replace(std::move(calendar));
  notices_ = static_cast<int>(notices.size());
  return absl::OkStatus();
}

}  // namespace sifa::reference
