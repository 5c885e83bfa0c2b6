#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "libs/casework/correction_service.h"
#include "libs/casework/letter_fixture.h"
#include "libs/casework/paper_service.h"

namespace sifa::casework {
namespace {

constexpr char kData[] = SIFA_ROOT "/libs/casework/testdata";

struct Printers : Desk {
  Printers()
      : templates(Must(LoadTemplates(kData, "caseworktest", types))),
        press(Must(papers::Press::Open())),
        issued(backend(), templates, *press),
        contract(Must(contract::Contract::Load("caseworktest"))),
        service(backend(), contract, issued),
        desk(backend(), nullptr),
        corrector(backend(), desk) {}

  absl::StatusOr<v1::ListPapersResponse> List(const Letter& letter, const Claims& who) {
    v1::ListPapersRequest r;
    r.set_object_type("Letter");
    r.set_object(letter.id());
    auto call = OfficeCall("PaperService/ListPapers", who);
    return service.ListOf(call, r);
  }
  absl::StatusOr<std::string> Print(const v1::IssuedPaper& paper, const Claims& who, const std::string& purpose = "") {
    v1::DownloadPaperRequest r;
    r.set_act(paper.act());
    r.set_document(paper.document());
    r.set_wording(paper.wording());
    testing::KeptWriter<v1::DownloadPaperResponse> writer;
    auto call = OfficeCall("PaperService/DownloadPaper", who, purpose);
    RETURN_IF_ERROR(service.Download(call, r, rpc::Writer<v1::DownloadPaperResponse>(writer)));
    std::string bytes;
    for (const auto& part : writer.kept) bytes += part.data();
    CHECK(writer.kept.at(0).content_type() == "application/pdf");
    CHECK(writer.kept.at(0).size() == static_cast<int64_t>(bytes.size()));
    return bytes;
  }
  void Correct(const Letter& letter, const std::string& kind, const std::string& content) {
    v1::RequestCorrectionRequest r;
    r.set_object_type("Letter");
    r.set_object(letter.id());
    v1::Correction::Kind value;
    REQUIRE(v1::Correction::Kind_Parse(kind, &value));
    r.set_kind(value);
    if (!content.empty()) r.mutable_update_mask()->add_paths("subject");
    r.set_content(content);
    r.set_reason("录入有误");
    auto ask = OfficeCall("CorrectionService/RequestCorrection", clerk);
    v1::ApproveCorrectionRequest approval;
    approval.set_id(Must(corrector.Request(ask, r)).id());
    auto approve = OfficeCall("CorrectionService/ApproveCorrection", head);
    Must(corrector.Approve(approve, approval));
  }

  papers::Templates templates;
  std::unique_ptr<papers::Press> press;
  IssuedPapers issued;
  contract::Contract contract;
  PaperService service;
  Corrections desk;
  CorrectionService corrector;
};

}  // namespace

TEST_CASE("an act's paper is the same file whenever it is asked for, by those who may read the object") {
  Printers at;
  const Letter letter = Must(at.Reply(at.Receive("赵大山问路")));
  const auto listed = Must(at.List(letter, at.clerk));
  REQUIRE(listed.papers_size() == 1);
  const v1::IssuedPaper& paper = listed.papers(0);
  CHECK(paper.document() == "ANSWER");
  CHECK(paper.label() == "复信");
  CHECK(paper.made_on() == "2024-09-02");
  CHECK(paper.wording() == 1);
  CHECK(paper.state() == v1::IssuedPaper::IN_FORCE);
  CHECK(paper.digest().size() == 64);
  const std::string first = Must(at.Print(paper, at.head, "送达"));
  CHECK(absl::StartsWith(first, "%PDF-"));
  at.office.clock.Advance(absl::Hours(24 * 400));
  CHECK(Must(at.Print(paper, at.head, "送达")) == first);
  CHECK(absl::IsNotFound(at.List(letter, at.stranger).status()));
  CHECK(absl::IsNotFound(at.Print(paper, at.stranger).status()));
  v1::IssuedPaper none = paper;
  none.set_document("ORIGINAL");
  CHECK(absl::IsNotFound(at.Print(none, at.head).status()));
  CHECK(at.Findings() == "");
}

TEST_CASE("a paper is masked but for who may read personal data and says why, and that reading is in the journal") {
  Printers at;
  const Letter letter = Must(at.Reply(at.Receive("赵大山问路")));
  const v1::IssuedPaper paper = Must(at.List(letter, at.clerk)).papers(0);
  const std::string masked = Must(at.Print(paper, at.head));
  CHECK(at.Actions(letter.id()).back() == "REPLY");
  CHECK(Must(at.Print(paper, at.head, "送达")) != masked);
  CHECK(at.Actions(letter.id()).back() == "READ");
  CHECK(Must(at.Print(paper, at.supervisor)) == masked);
  CHECK(ReasonOf(at.Print(paper, at.supervisor, "督查").status()) == "PERSONAL_DATA_REFUSED");
}

TEST_CASE("a correction of what stands on a paper makes another wording of it, and the first is printed as it was") {
  Printers at;
  const Letter letter = Must(at.Reply(at.Receive("赵大山问路")));
  const v1::IssuedPaper made = Must(at.List(letter, at.clerk)).papers(0);
  const std::string first = Must(at.Print(made, at.head, "送达"));
  at.Correct(letter, "AMEND", "{\"subject\": \"赵小山问路\"}");
  auto listed = Must(at.List(letter, at.clerk));
  REQUIRE(listed.papers_size() == 2);
  CHECK(listed.papers(0).state() == v1::IssuedPaper::CORRECTED);
  CHECK(listed.papers(0).digest() == made.digest());
  CHECK_FALSE(listed.papers(0).correction().empty());
  CHECK(listed.papers(1).state() == v1::IssuedPaper::IN_FORCE);
  CHECK(listed.papers(1).wording() == 2);
  CHECK(listed.papers(1).act() == made.act());
  CHECK(listed.papers(1).digest() != made.digest());
  CHECK(Must(at.Print(made, at.head, "送达")) == first);
  const std::string second = Must(at.Print(listed.papers(1), at.head, "送达"));
  CHECK(second != first);
  at.Correct(letter, "WITHDRAW_ACT", "");
  listed = Must(at.List(letter, at.clerk));
  REQUIRE(listed.papers_size() == 2);
  CHECK(listed.papers(0).state() == v1::IssuedPaper::CORRECTED);
  CHECK(listed.papers(1).state() == v1::IssuedPaper::WITHDRAWN);
  CHECK(Must(at.Print(listed.papers(1), at.head, "送达")) == second);
}

TEST_CASE("the start is refused where a document has no template, and where a template is of nothing") {
  Desk at;
  testing::TempDir data("sifa-papers");
  const std::filesystem::path papers = std::filesystem::path(data / "papers");
  std::filesystem::copy(std::string(kData) + "/papers", papers, std::filesystem::copy_options::recursive);
  CHECK(LoadTemplates(data.path(), "caseworktest", at.types).ok());
  std::ofstream(papers / "caseworktest/Letter/ANSWER.2025-01-01.txt") << "# 复信\n{sbject}\n";
  CHECK(ReasonOf(LoadTemplates(data.path(), "caseworktest", at.types).status()) == "PAPER_TEMPLATE_INVALID");
  std::filesystem::remove(papers / "caseworktest/Letter/ANSWER.2025-01-01.txt");
  std::ofstream(papers / "caseworktest/Letter/ENVELOPE.txt") << "# 信封\n";
  CHECK(ReasonOf(LoadTemplates(data.path(), "caseworktest", at.types).status()) == "PAPER_TEMPLATE_INVALID");
  std::filesystem::remove(papers / "caseworktest/Letter/ENVELOPE.txt");
  std::filesystem::remove(papers / "caseworktest/Letter/ANSWER.txt");
  const absl::Status missing = LoadTemplates(data.path(), "caseworktest", at.types).status();
  CHECK(ReasonOf(missing) == "PAPER_TEMPLATE_MISSING");
  CHECK(absl::StrContains(missing.message(), "来信的复信没有文书模板"));
}

}  // namespace sifa::casework
