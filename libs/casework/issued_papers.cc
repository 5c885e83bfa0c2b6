#include "libs/casework/issued_papers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/objects.h"
#include "libs/casework/past.h"
#include "libs/contract/mask.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/journal/journal.h"
#include "libs/telemetry/log.h"

namespace sifa::casework {
namespace {

constexpr int kMostActs = 2000;  // as of Past
// The folder of objects that every service has.
constexpr char kOffice[] = "office";

const ObjectType* Named(const std::vector<const ObjectType*>& types, const std::string& name) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const ObjectType* type) { return type->name == name; });
  return found == types.end() ? nullptr : *found;
}

// The type of the objects that a field of the type names, by its references or by what a template says; nullptr where it names
// none.
const ObjectType* RelatedType(const ObjectType& type, const std::string& field, const std::string& said,
                              const std::vector<const ObjectType*>& types) {
  const auto reference =
      std::find_if(type.references.begin(), type.references.end(), [&](const Reference& r) { return r.field == field; });
  return Named(types, reference == type.references.end() ? said : reference->to);
}

absl::Status CheckTemplates(const papers::Templates& templates, const ObjectType& type,
                            const std::vector<const ObjectType*>& types) {
  const papers::TypeOfRelated related = [&](const google::protobuf::FieldDescriptor& field, const std::string& said) {
    const bool own = field.containing_type() == type.prototype->GetDescriptor();
    const ObjectType* named = own ? RelatedType(type, field.name(), said, types) : nullptr;
    return named == nullptr ? nullptr : named->prototype->GetDescriptor();
  };
  for (int i = 0; i < type.documents->value_count(); ++i) {
    const auto* document = type.documents->value(i);
    if (document->number() == 0) continue;
    const auto editions = templates.all().find({type.name, document->name()});
    if (editions == templates.all().end()) {
      return Error(absl::StatusCode::kFailedPrecondition, "PAPER_TEMPLATE_MISSING",
                   absl::StrCat(type.label, "的", procedure::LabelOf(type.documents, document->number()), "没有文书模板：",
                                type.name, "/", document->name(), ".txt"));
    }
    for (const auto& [from, paper] : editions->second) RETURN_IF_ERROR(paper.Check(*type.prototype->GetDescriptor(), related));
  }
  return absl::OkStatus();
}

std::shared_ptr<const Message> MaskedCopy(const Message& message) {
  std::shared_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  contract::Mask(copy.get());
  return copy;
}

}  // namespace

absl::StatusOr<papers::Templates> LoadTemplates(const std::string& data_directory, const std::string& service,
                                                const std::vector<const ObjectType*>& types) {
  papers::Templates templates;
  RETURN_IF_ERROR(templates.Load(absl::StrCat(data_directory, "/papers/", service)));
  for (const auto& [of, editions] : templates.all()) {
    const ObjectType* type = Named(types, of.first);
    if (type == nullptr || type->documents == nullptr || type->documents->FindValueByName(of.second) == nullptr) {
      return Error(absl::StatusCode::kInvalidArgument, "PAPER_TEMPLATE_INVALID",
                   absl::StrCat("文书模板", of.first, "/", of.second, ".txt有误：没有这种文书"));
    }
  }
  RETURN_IF_ERROR(templates.Load(absl::StrCat(data_directory, "/papers/", kOffice)));
  for (const ObjectType* type : types) {
    if (type->documents != nullptr) RETURN_IF_ERROR(CheckTemplates(templates, *type, types));
  }
  return templates;
}

struct IssuedPapers::Record {
  const ObjectType* type = nullptr;
  std::vector<journal::Row> rows;              // that changed it, the first first
  std::map<int64_t, std::string> corrections;  // by the version that they made
  std::optional<Past> past;                    // where there are any

  // As it was after its last row up to that one, read as of one of its versions; nullptr where it was not there yet.
  absl::StatusOr<std::shared_ptr<const Message>> At(const Backend& backend, const Id& row, int64_t as_of) const;
};

absl::StatusOr<std::shared_ptr<const Message>> IssuedPapers::Record::At(const Backend& backend, const Id& row,
                                                                        int64_t as_of) const {
  const auto later = std::find_if(rows.begin(), rows.end(), [&](const journal::Row& other) { return row < other.id; });
  if (later == rows.begin()) return nullptr;
  const journal::Row& act = *std::prev(later);
  if (past && as_of > act.version) {
    const Past then = past->AsOf(as_of);
    if (const PastAct* found = then.Find(act.id)) return std::shared_ptr<const Message>(then.Corrected(*found));
  }
  ASSIGN_OR_RETURN(const v1::Image stored, backend.store.DecryptImage(act));
  std::shared_ptr<Message> image(type->prototype->New());
  if (!image->ParseFromString(stored.object())) return Internal("journal image does not parse");
  return image;
}

// A correction of the object of a paper (no field), or of the one that a field of it names.
struct IssuedPapers::Later {
  std::string field;
  const Record* of;
  int64_t version;
};

absl::StatusOr<IssuedPapers::Record> IssuedPapers::Read(mysql::Connection& connection, const ObjectType& type,
                                                        const Id& object) const {
  Record record{.type = &type};
  ASSIGN_OR_RETURN(const auto rows, connection.Query(absl::StrCat("SELECT ", journal::kWholeColumns,
                                                                  " FROM journal j WHERE j.object_id = ? AND j.version > 0"
                                                                  " ORDER BY j.version LIMIT ?"),
                                                     {object, kMostActs}));
  for (const auto& row : rows) {
    record.rows.push_back(journal::ReadWholeRow(row, 0));
    v1::ActRecord act;
    if (!act.ParseFromString(record.rows.back().record)) return Internal("journal record does not parse");
    if (!act.correction().empty()) record.corrections[record.rows.back().version] = act.correction();
  }
  if (!record.corrections.empty() && type.correctable != nullptr) {
    ASSIGN_OR_RETURN(record.past, Past::Load(backend_, connection, *type.correctable, object));
  }
  return record;
}

absl::StatusOr<std::vector<Wording>> IssuedPapers::Of(const ObjectType& type, const Id& object) const {
  std::vector<Wording> wordings;
  RETURN_IF_ERROR(backend_.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    wordings.clear();
    ASSIGN_OR_RETURN(const Record record, Read(connection, type, object));
    std::map<Id, Record> others;  // on which it stands
    for (const journal::Row& act : record.rows) {
      v1::ActRecord told;
      if (!told.ParseFromString(act.record)) return Internal("journal record does not parse");
      if (!told.papers().empty()) RETURN_IF_ERROR(AddPapersOf(connection, record, act, &others, &wordings));
    }
    return absl::OkStatus();
  }));
  return wordings;
}

absl::Status IssuedPapers::AddPapersOf(mysql::Connection& connection, const Record& record, const journal::Row& act,
                                       std::map<Id, Record>* others, std::vector<Wording>* wordings) const {
  const ObjectType& type = *record.type;
  ASSIGN_OR_RETURN(const auto image, record.At(backend_, act.id, 0));
  v1::ActRecord told;
  told.ParseFromString(act.record);
  for (const v1::Paper& paper : *type.papers(const_cast<Message*>(image.get()))) {
    if (paper.journal_id() != act.id.ToString()) continue;
    Wording wording{.image = image,
                    .day = act.occurred_on,
                    .recorded_at = act.recorded_at,
                    .law = told.law(),
                    .organisation = act.organisation,
                    .salt = act.image.digest};
    wording.paper.set_act(act.id.ToString());
    wording.paper.set_document(paper.kind());
    wording.paper.set_label(paper.label());
    wording.paper.set_wording(1);
    wording.paper.set_state(v1::IssuedPaper::IN_FORCE);
    Corrections corrections;
    const auto add_corrections = [&](const std::string& field, const Record& of) {
      for (const journal::Row& row : of.rows) {
        if (act.id < row.id && of.corrections.contains(row.version)) corrections[row.id] = {field, &of, row.version};
      }
    };
    add_corrections("", record);
    ASSIGN_OR_RETURN(const papers::Template* words, TemplateOf(type, wording));
    for (const auto& [field, said] : words->Related(*type.prototype->GetDescriptor())) {
      const ObjectType* named = RelatedType(type, field, said, backend_.objects->types());
      const auto id = ParseId(TextAt(*image, field));
      if (named == nullptr || !id.ok()) continue;  // it stands on none
      auto other = others->find(*id);
      if (other == others->end()) {
        ASSIGN_OR_RETURN(Record read, Read(connection, *named, *id));
        other = others->emplace(*id, std::move(read)).first;
      }
      ASSIGN_OR_RETURN(auto related, other->second.At(backend_, act.id, 0));
      if (related == nullptr) continue;
      wording.related[field] = std::move(related);
      add_corrections(field, other->second);
    }
    RETURN_IF_ERROR(Describe(type, &wording));
    wordings->push_back(std::move(wording));
    RETURN_IF_ERROR(AddCorrected(type, act.id, corrections, wordings));
  }
  return absl::OkStatus();
}

absl::Status IssuedPapers::AddCorrected(const ObjectType& type, const Id& act, const Corrections& corrections,
                                        std::vector<Wording>* wordings) const {
  for (const auto& [row, later] : corrections) {
    if (!later.of->past) continue;
    const std::string& correction = later.of->corrections.at(later.version);
    Wording& last = wordings->back();
    Wording next = last;
    if (later.field.empty()) {
      const Past then = later.of->past->AsOf(later.version);
      const PastAct* past = then.Find(act);
      if (past == nullptr) continue;
      if (!past->in_force()) {
        last.paper.set_state(v1::IssuedPaper::WITHDRAWN);
        last.paper.set_correction(correction);
        break;
      }
      next.image = then.Corrected(*past);
      next.day = then.DayOf(*past);
    } else {
      ASSIGN_OR_RETURN(next.related[later.field], later.of->At(backend_, act, later.version));
    }
    RETURN_IF_ERROR(Describe(type, &next));
    if (next.paper.digest() == last.paper.digest()) continue;
    next.paper.set_wording(last.paper.wording() + 1);
    last.paper.set_state(v1::IssuedPaper::CORRECTED);
    last.paper.set_correction(correction);
    wordings->push_back(std::move(next));
  }
  return absl::OkStatus();
}

absl::StatusOr<const papers::Template*> IssuedPapers::TemplateOf(const ObjectType& type, const Wording& wording) const {
  const auto* paper = templates_.Find(type.name, wording.paper.document(), DayOf(wording.recorded_at));
  if (paper == nullptr) return Internal(absl::StrCat("no template of that day: ", type.name, "/", wording.paper.document()));
  return paper;
}

absl::StatusOr<papers::Sheet> IssuedPapers::SheetOf(const ObjectType& type, const Wording& wording, bool masked) const {
  ASSIGN_OR_RETURN(const papers::Template* paper, TemplateOf(type, wording));
  const auto shown = [&](const std::shared_ptr<const Message>& message) { return masked ? MaskedCopy(*message) : message; };
  const auto image = shown(wording.image);
  papers::Filling filling{*image, wording.day, *backend_.codes, *backend_.regions};
  std::map<std::string, std::shared_ptr<const Message>> related;
  for (const auto& [field, message] : wording.related) {
    related[field] = shown(message);
    filling.related[field] = related[field].get();
  }
  filling.words = papers::OrgansOf(type.common(*image).region, wording.day, *backend_.regions);
  filling.words["organ"] = papers::OrganOf(wording.organisation, wording.day, *backend_.regions);
  filling.words["day"] = papers::DayInWords(wording.day);
  filling.words["law"] = wording.law;
  filling.words["document"] = wording.paper.label();
  papers::Sheet sheet = papers::Fill(*paper, filling);
  sheet.made_at = wording.recorded_at;
  return sheet;
}

absl::Status IssuedPapers::Describe(const ObjectType& type, Wording* wording) const {
  ASSIGN_OR_RETURN(const papers::Sheet sheet, SheetOf(type, *wording, /*masked=*/false));
  wording->paper.set_number(type.common(*wording->image).number);
  wording->paper.set_made_on(FormatDay(wording->day));
  wording->paper.set_digest(crypto::Hex(crypto::Sm3(absl::StrCat(wording->salt, "\n", papers::TextOf(sheet)))));
  return absl::OkStatus();
}

absl::StatusOr<std::string> IssuedPapers::Print(const ObjectType& type, const Wording& wording, bool masked) const {
  ASSIGN_OR_RETURN(papers::Sheet sheet, SheetOf(type, wording, masked));
  sheet.footer = absl::StrCat(masked ? "脱敏件　" : "", "内容摘要（SM3）", wording.paper.digest());
  ASSIGN_OR_RETURN(auto printed, press_.Print(sheet));
  if (printed.unknown_characters > 0) {
    telemetry::Warn("characters of a paper have no form in its fonts",
                    {{"act", wording.paper.act()}, {"document", wording.paper.document()}});
  }
  return std::move(printed.pdf);
}

}  // namespace sifa::casework
