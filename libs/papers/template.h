// What a paper is made from: a text of data/papers, in the words of the paper, with places that name fields of the object.
//
// A file is read line by line:
//   ; a remark: the article that asks for this paper, which is not printed
//   # the title, of which there is one
//   ## a line under it, in its middle: ## {number}
//   > an addressee: > {decision.decider_name}：
//   | 姓名 | {person.name} | 性别 | {person.sex} |   a row of a table, names and values by turns; with one cell, a heading in it
//   *team | 姓名 | {name} | 身份 | {role} |           a row for each element of a repeated field, whose own fields it names
//   *last sessions | 笔录 | {minutes} |               the same for its last element only
//   _ 社区矫正对象      a signature, with its day
//   = {@county}         the organ, over the day of the act, and the place of its seal
//   ~ parent = Case      the field holds the id of a Case, where the object's references do not say so
//   anything else       a paragraph
// Rows for the same field that follow one another are set together for each element.
// Before any of these may stand a condition, or several: "?article" where the field has something, "?!article" where it has
// nothing,
// "?kind=WARNING" and "?category=02" where it has this value (of an enum the name of the value). They end with a colon.
//   ?kind=WARNING: 决定给予警告。
//
// {a.b} is the field b of the message in the field a. Where a holds the id of another object on which this one stands, it is the
// field of that one, as it was at the act. A repeated field of texts is joined by 、. {@day} is a word that the object does not
// know:
//   @day the day of the act   @law its article   @organ in whose name it was done   @document the name of the paper
//   @county @city @province the bureaus of these divisions   @office the office of the township   @district the county's name
// The division is that of the object; {@county:to_region} is that of the code in a field, {@organ:inspector} the organ with that
// code. A field without a value leaves a gap to be filled by hand in a paragraph, and an empty cell in a table.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "libs/papers/sheet.h"

namespace sifa::papers {

// The words with an @ that a template may use.
bool IsWord(absl::string_view name);

// The type of the objects that the field of a type names by their ids; nullptr where it names none. `said`: what the template
// says.
using TypeOfRelated =
    std::function<const google::protobuf::Descriptor*(const google::protobuf::FieldDescriptor& field, const std::string& said)>;

class Template {
 public:
  // Texts between places: {"给予", "kind", "。"} is 给予{kind}。 Texts have even indexes.
  using Parts = std::vector<std::string>;

  struct Condition {
    std::string path;
    bool holds = true;  // false: the field has nothing
    std::string value;  // empty: any
  };
  struct Line {
    std::vector<Condition> conditions;
    bool is_title = false;
    Block::Kind kind = Block::Kind::kParagraph;
    std::string each;   // the repeated field whose elements have a row each
    bool last = false;  // only its last element has one
    std::vector<Parts> texts;
  };

  // INVALID_ARGUMENT "PAPER_TEMPLATE_INVALID" says which line is wrong; `name` is the file's.
  static absl::StatusOr<Template> Parse(absl::string_view text, const std::string& name);

  // The same where a place or a condition names what objects of the type do not have.
  absl::Status Check(const google::protobuf::Descriptor& type, const TypeOfRelated& related) const;

  const std::vector<Line>& lines() const { return lines_; }
  // The fields whose related objects it looks at, with the type that it says of them: {"subject", ""} of {subject.person.name}.
  std::map<std::string, std::string> Related(const google::protobuf::Descriptor& type) const;

 private:
  absl::StatusOr<const google::protobuf::FieldDescriptor*> Walk(const google::protobuf::Descriptor& type, absl::string_view path,
                                                                const TypeOfRelated& related) const;
  std::string SaidOf(const std::string& field) const;
  std::vector<std::string> PathsOf(const Line& line) const;

  std::string name_;
  std::vector<Line> lines_;
  std::map<std::string, std::string> said_;  // by field the type of the objects that it names
};

}  // namespace sifa::papers
