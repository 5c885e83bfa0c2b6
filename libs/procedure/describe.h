// Prints a procedure as a page: its diagram, its rules, its limits. docs/procedures is printed so and checked in tests, so
// that what one reads there is what runs.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "libs/calendar/periods.h"
#include "libs/procedure/procedure.h"

namespace sifa::procedure {

namespace describe_internal {

// Mermaid's state ids cannot be empty or Chinese.
template <class T>
std::string StateId(const Procedure<T>& procedure, int state) {
  return state == 0 ? "[*]" : NameOf(procedure.states(), state);
}

template <class T>
std::vector<int> FromStates(const Procedure<T>& procedure, const Row<T>& row) {
  std::vector<int> states;
  for (int i = 0; i < procedure.states()->value_count(); ++i) {
    const int number = procedure.states()->value(i)->number();
    if (row.from.Has(number)) states.push_back(number);
  }
  return states;
}

template <class T>
std::string Diagram(const Procedure<T>& procedure) {
  std::string text = "```mermaid\nstateDiagram-v2\n";
  for (int i = 1; i < procedure.states()->value_count(); ++i) {
    const int state = procedure.states()->value(i)->number();
    absl::StrAppend(&text, "  ", NameOf(procedure.states(), state), " : ", LabelOf(procedure.states(), state), "\n");
  }
  std::set<std::string> drawn;  // several rows may lead the same way
  for (const Row<T>& row : procedure.rows) {
    for (int to : {row.to, row.fork.to}) {
      if (to == kSameState) continue;
      for (int from : FromStates(procedure, row)) {
        const std::string line = absl::StrCat("  ", StateId(procedure, from), " --> ", StateId(procedure, to), " : ",
                                              LabelOf(procedure.acts(), row.act), "\n");
        if (drawn.insert(line).second) text += line;
      }
    }
  }
  return text + "```\n";
}

// "《民事诉讼法》第205条", with its days and those of the articles before it where it has changed.
inline std::string Cite(const Laws& laws) {
  std::vector<std::string> versions;
  for (const Law& law : laws) {
    versions.push_back(absl::StrCat(law.ToString(), laws.begin() + 1 == laws.end() ? "" : absl::StrCat(" ", law.valid_from, "–", law.valid_to)));
  }
  std::reverse(versions.begin(), versions.end());
  return absl::StrJoin(versions, "<br>");
}

template <class T>
std::string Starts(const Procedure<T>& procedure, const Row<T>& row) {
  std::vector<std::string> words;
  for (const Start<T>& start : row.starts) {
    const std::string length = start.until != nullptr      ? "至约定日"
                               : start.until_at != nullptr ? "至规定时刻"
                                                           : calendar::Describe(start.period);
    words.push_back(absl::StrCat("起 ", LabelOf(procedure.clock_kinds(), start.clock), "（", length,
                                 start.article.empty() ? "" : absl::StrCat("，", start.period.instrument, " §", start.article.Present().article), "）"));
  }
  for (int clock : row.stops) words.push_back("止 " + LabelOf(procedure.clock_kinds(), clock));
  for (int clock : row.suspends) words.push_back("中止 " + LabelOf(procedure.clock_kinds(), clock));
  for (int clock : row.resumes) words.push_back("恢复 " + LabelOf(procedure.clock_kinds(), clock));
  for (const auto& extension : row.extends) words.push_back("延长 " + LabelOf(procedure.clock_kinds(), extension.clock));
  return absl::StrJoin(words, "<br>");
}

template <class T>
std::string Destinations(const Procedure<T>& procedure, const Row<T>& row) {
  std::vector<std::string> states;
  for (int to : {row.to, row.fork.to}) {
    if (to != kSameState) states.push_back(LabelOf(procedure.states(), to));
  }
  return absl::StrJoin(states, "或者");
}

template <class T>
std::string WhoMay(const Row<T>& row, const std::string& permission) {
  if (!permission.empty()) return absl::StrCat("`", permission, "`");
  return row.level == Level::kSystem ? "系统" : row.indirect ? "随另一事项办理" : "本人";
}

}  // namespace describe_internal

// `permission` gives that of an act (the contract has it); empty: nobody's by itself.
template <class T>
std::string Describe(const Procedure<T>& procedure, const std::function<std::string(int act)>& permission) {
  using namespace describe_internal;
  std::string text = absl::StrCat("# ", procedure.name, "\n\nPrinted from its table by `tools/sifa docs`; do not edit.\n\n", Diagram(procedure),
                                  "\n## 办理事项\n\n| 事项 | 状态 | 至 | 决定 | 权限 | 规则 | 期限 | 文书 | 依据 |\n|---|---|---|---|---|---|---|---|---|\n");
  std::map<std::string, std::string> rules;
  for (const Row<T>& row : procedure.rows) {
    std::vector<std::string> from, guards, papers;
    for (int state : FromStates(procedure, row)) from.push_back(state == 0 ? "（新建）" : LabelOf(procedure.states(), state));
    for (const auto* list : {&row.guards, &row.checks}) {
      for (const Guard<T>* guard : *list) {
        guards.push_back(absl::StrCat("`", guard->reason, "`"));
        rules[absl::StrCat(guard->reason, "|", Cite(guard->law))] =  // one rule may stand in several laws
            absl::StrCat("| `", guard->reason, "` | ", guard->rule, " | ", guard->text, " | ", Cite(guard->law), " |\n");
      }
    }
    for (int paper : row.papers) papers.push_back(LabelOf(procedure.papers(), paper));
    absl::StrAppend(&text, "| ", LabelOf(procedure.acts(), row.act), row.aside ? "＊" : "", " | ", absl::StrJoin(from, "、"),
                    " | ", Destinations(procedure, row), " | ", LevelName(row.level), " | ",
                    WhoMay(row, permission(row.act)), " | ", absl::StrJoin(guards, "<br>"), " | ", Starts(procedure, row), " | ",
                    absl::StrJoin(papers, "、"), " | ", Cite(row.law), " |\n");
  }
  if (procedure.state_of != nullptr) text += "\n状态不由事项决定，而由所记载的事实及其日期得出；任何状态下都可以办理以上事项。\n";
  if constexpr (requires(T object) { object.acted_on(); }) {
    text += "\n各事项依次办理，办理日期不早于前一次办理的日期（`ACT_OUT_OF_ORDER`）；标“＊”的事项可以随时补记，不分先后。\n";
  }
  absl::StrAppend(&text, "\n## 规则\n\n| 拒绝理由 | 规则 | 内容 | 依据 |\n|---|---|---|---|\n");
  for (const auto& [reason, line] : rules) text += line;
  absl::StrAppend(&text, "\n## 期限预警\n\n| 期限 | 提前提醒 |\n|---|---|\n");
  for (const ClockKind& kind : procedure.clocks) {
    absl::StrAppend(&text, "| ", LabelOf(procedure.clock_kinds(), kind.clock), " | ", kind.warn_days, " 日", kind.lapses ? "；届满即失权，不计逾期" : kind.target ? "；指导期限，不计逾期" : "",
                    kind.then == 0 ? "" : absl::StrCat("；届满由系统“", LabelOf(procedure.acts(), kind.then), "”"), " |\n");
  }
  return text;
}

}  // namespace sifa::procedure
