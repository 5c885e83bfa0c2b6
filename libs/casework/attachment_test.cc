#include "libs/casework/attachment_service.h"

#include <array>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/strings/ascii.h"
#include "libs/casework/letter_fixture.h"
#include "libs/crypto/suite.h"

namespace sifa::casework {
namespace {

using Part = v1::UploadAttachmentRequest;

std::string Pdf(size_t size) {
  std::string bytes = "%PDF-1.7\n";
  while (bytes.size() < size) bytes.push_back(static_cast<char>(bytes.size() * 31 >> 3));
  return bytes;
}

struct Files : Desk {
  Files() : attachments(backend(), {&letters.type()}), service(attachments), c(Receive()) {}

  std::vector<Part> Parts(const std::string& bytes, const std::string& request_id = "",
                          size_t piece = 100'000) {
    std::vector<Part> parts;
    for (size_t at = 0; at < bytes.size() || parts.empty(); at += piece) {
      Part& part = parts.emplace_back();
      part.set_object_type("Letter");
      part.set_object(c.id());
      part.set_file_name("申请书.pdf");
      part.set_content_type("application/pdf");
      part.set_document("ORIGINAL");
      if (at == 0) part.set_request_id(request_id);
      if (at < bytes.size()) part.set_data(bytes.substr(at, piece));
    }
    parts.back().set_last(true);
    return parts;
  }
  absl::StatusOr<v1::Attachment> Upload(std::vector<Part> parts) {
    return Upload(std::move(parts), clerk);
  }
  absl::StatusOr<v1::Attachment> Upload(std::vector<Part> parts, const Claims& who) {
    testing::GivenReader<Part> reader(std::move(parts));
    auto call = OfficeCall("AttachmentService/UploadAttachment", who);
    auto answer = service.Take(call, rpc::Reader<Part>(reader));
    taken = reader.taken();
    return answer;
  }
  absl::StatusOr<std::string> Download(const std::string& id, const Claims& who,
                                       const std::string& purpose = "办案") {
    v1::DownloadAttachmentRequest r;
    r.set_id(id);
    testing::KeptWriter<v1::DownloadAttachmentResponse> writer;
    auto call = OfficeCall("AttachmentService/DownloadAttachment", who, purpose);
    RETURN_IF_ERROR(service.Download(call, r, rpc::Writer<v1::DownloadAttachmentResponse>(writer)));
    std::string bytes;
    for (const auto& part : writer.kept) {
      CHECK(part.data().size() <= kChunkBytes);
      bytes += part.data();
    }
    return bytes;
  }
  int Listed() {
    v1::ListAttachmentsRequest r;
    r.set_object_type("Letter");
    r.set_object(c.id());
    auto call = OfficeCall("AttachmentService/ListAttachments", clerk);
    return Must(service.ListOf(call, r)).attachments_size();
  }

  casework::Attachments attachments;
  AttachmentService service;
  Letter c;
  size_t taken = 0;
};

}  // namespace

TEST_CASE(
    "a file comes back byte for byte, in pieces of at most 256 KB, and each reading stands in the journal") {
  Files files;
  const std::string bytes = Pdf(700'000);
  const auto stored = Must(files.Upload(files.Parts(bytes)));
  CHECK(stored.size() == 700'000);
  CHECK(stored.sha256() == crypto::Hex(crypto::Sha256(bytes)));
  CHECK(stored.content_type() == "application/pdf");
  CHECK(stored.document_label() == "来信原件");
  CHECK(Must(files.Download(stored.id(), files.head, "核对证据")) == bytes);
  CHECK(files.Actions(files.c.id()) ==
        std::vector<std::string>{"RECEIVE", "ADD_ATTACHMENT", "READ_ATTACHMENT"});
  CHECK(files.Reload(files.c).etag() == "1");
  CHECK(files.Listed() == 1);
}

TEST_CASE(
    "an attachment moved, replayed, deleted or inserted in the database, or its content, is found; a moved one is read by "
    "nobody") {
  Files files;
  const auto stored = Must(files.Upload(files.Parts(Pdf(700'000)))), withdrawn = Must(files.Upload(files.Parts(Pdf(300'000))));
  const Letter other = files.Receive("问价");
  files.office.database.RunScript("CREATE TABLE old AS SELECT * FROM attachment;\nCREATE TABLE old_chunk AS SELECT * FROM chunk");
  auto call = files.OfficeCall("AttachmentService/WithdrawAttachment", files.clerk);
  Must(files.attachments.Withdraw(call, withdrawn.id(), "传错", ""));
  files.office.database.RunScript("CREATE TABLE now AS SELECT * FROM attachment");
  REQUIRE(files.Findings().empty());
  const auto after = [&](const std::string& sql) {
    files.office.database.RunScript(sql);
    return files.Findings();
  };
  const auto back = [&] {
    files.office.database.RunScript(
        "DELETE FROM attachment;\nINSERT INTO attachment SELECT * FROM now;\n"
        "DELETE FROM chunk;\nINSERT INTO chunk SELECT * FROM old_chunk");
  };
  const std::string of = "对象 " + files.c.id() + "：附件 ";
  CHECK(after("UPDATE attachment SET object_id = " + files.Sql(other.id()) + " WHERE id = " + files.Sql(stored.id())) ==
        "ATTACHMENT_MOVED " + of + stored.id() + " 被移到对象 " + other.id());
  CHECK(absl::IsDataLoss(files.Download(stored.id(), files.head).status()));
  back();
  CHECK(after("DELETE FROM attachment;\nINSERT INTO attachment SELECT * FROM old") ==
        "ATTACHMENT_CHANGED " + of + withdrawn.id() + " 已经撤出，却又有效");
  back();
  CHECK(after("UPDATE attachment a JOIN old o ON o.id = a.id SET a.meta = o.meta, a.state = o.state") ==
        "ATTACHMENT_CHANGED " + of + withdrawn.id() + " 的说明读不出");
  CHECK(absl::IsDataLoss(files.Download(withdrawn.id(), files.head).status()));
  back();
  CHECK(after("DELETE FROM attachment WHERE id = " + files.Sql(stored.id())) ==
        "ATTACHMENT_DELETED " + of + stored.id() + " 不见了");
  back();
  CHECK(after("INSERT INTO attachment SELECT REPEAT(CHAR(255), 16), object_id, state, version, meta, created_at FROM now LIMIT 1")
            .starts_with("ATTACHMENT_INSERTED "));
  back();
  CHECK(after("DELETE FROM chunk WHERE name = (SELECT name FROM attachment_chunk WHERE sequence = 1 AND attachment_id = " +
              files.Sql(stored.id()) + ")") == "CONTENT_CHANGED " + of + stored.id() + " 的内容不全，或读不出");
  back();
  CHECK(files.Findings().empty());
}

TEST_CASE("an upload that is cut off leaves nothing, neither shown nor stored") {
  Files files;
  auto parts = files.Parts(Pdf(900'000));
  parts.pop_back();  // the one that says last
  CHECK(ReasonOf(files.Upload(parts).status()) == "ATTACHMENT_CUT_OFF");
  CHECK(files.Listed() == 0);
  CHECK(files.Count("SELECT COUNT(*) FROM attachment") == 0);
  CHECK(files.Count("SELECT COUNT(*) FROM chunk") == 0);
  CHECK(files.Actions(files.c.id()) == std::vector<std::string>{"RECEIVE"});
}

TEST_CASE("what a killed process left of an upload is invisible at once and swept after a day") {
  Files files;
  auto call = files.OfficeCall("AttachmentService/UploadAttachment", files.clerk);
  auto upload = Must(files.attachments.Begin(call, {.type = &files.letters.type(), .object = files.c.id()}));
  REQUIRE(upload->Add(Pdf(600'000)).ok());
  upload.release();  // no destructor runs in a process that is killed
  CHECK(files.Listed() == 0);
  CHECK(Must(files.attachments.Sweep()) == 0);
  CHECK(files.Count("SELECT COUNT(*) FROM chunk") == 2);
  files.office.clock.Advance(absl::Hours(25));
  CHECK(Must(files.attachments.Sweep()) == 1);
  CHECK(files.Count("SELECT COUNT(*) FROM chunk") == 0);
  CHECK(files.Count("SELECT COUNT(*) FROM attachment_chunk") == 0);
}

TEST_CASE("the same upload again is one attachment; another content under its request_id is refused") {
  Files files;
  const auto first = Must(files.Upload(files.Parts(Pdf(300'000), "r1")));
  const auto again = Must(files.Upload(files.Parts(Pdf(300'000), "r1")));
  CHECK(again.id() == first.id());
  CHECK(ReasonOf(files.Upload(files.Parts(Pdf(300'001), "r1")).status()) == "REQUEST_ID_REUSED");
  CHECK(files.Listed() == 1);
  CHECK(files.Count("SELECT COUNT(*) FROM attachment") == 1);
  CHECK(Must(files.Download(first.id(), files.clerk)) == Pdf(300'000));
}

TEST_CASE("uploads of the same request and content that meet are one attachment") {
  Files files;
  std::vector<std::thread> clerks;
  std::array<std::string, 6> ids;
  for (size_t i = 0; i < ids.size(); ++i) {
    clerks.emplace_back([&, i] {
      testing::GivenReader<Part> reader(files.Parts(Pdf(600'000), "r1"));
      auto call = files.OfficeCall("AttachmentService/UploadAttachment", files.clerk);
      const auto answer = files.service.Take(call, rpc::Reader<Part>(reader));
      ids[i] = answer.ok() ? answer->id() : answer.status().ToString();
    });
  }
  for (auto& clerk : clerks) clerk.join();
  for (const auto& id : ids) CHECK(id == ids[0]);
  CHECK(files.Listed() == 1);
  CHECK(files.Count("SELECT COUNT(*) FROM attachment") == 1);
  CHECK(files.Count("SELECT COUNT(*) FROM chunk") == 3);
  CHECK(Must(files.Download(ids[0], files.head)) == Pdf(600'000));
}

TEST_CASE("equal content is stored once, and removing one use keeps the other") {
  Files files;
  const auto kept = Must(files.Upload(files.Parts(Pdf(300'000))));
  auto cut = files.Parts(Pdf(300'000));
  cut.back().set_last(false);
  CHECK(!files.Upload(cut).ok());
  CHECK(files.Count("SELECT COUNT(*) FROM chunk") == 2);
  CHECK(Must(files.Download(kept.id(), files.clerk)) == Pdf(300'000));
}

TEST_CASE("nothing of a file lies in the clear, and equal files cannot be told from outside") {
  Files files;
  const std::string bytes = Pdf(1000);
  Must(files.Upload(files.Parts(bytes)));
  CHECK(files.Count("SELECT COUNT(*) FROM chunk WHERE LOCATE('%PDF', body) > 0") == 0);
  CHECK(files.Count("SELECT COUNT(*) FROM attachment WHERE LOCATE('pdf', meta) > 0") == 0);
  CHECK(files.Count("SELECT COUNT(*) FROM chunk WHERE LEFT(HEX(name), 16) = '" +
                    absl::AsciiStrToUpper(crypto::Hex(crypto::Sha256(bytes)).substr(0, 16)) + "'") == 0);
}

TEST_CASE("an upload beyond 50 MB is refused as soon as it is too large") {
  Files files;
  const std::string megabyte = Pdf(1 << 20);
  std::vector<Part> parts;
  for (int i = 0; i < 60; ++i) {
    Part& part = parts.emplace_back();
    part.set_object_type("Letter");
    part.set_object(files.c.id());
    part.set_data(megabyte);
    part.set_last(i == 59);
  }
  CHECK(ReasonOf(files.Upload(parts).status()) == "ATTACHMENT_TOO_LARGE");
  CHECK(files.taken == 51);
  CHECK(files.Count("SELECT COUNT(*) FROM chunk") == 0);
}

TEST_CASE("a file belongs to an object of a type that keeps any, as a paper that its procedure knows") {
  Files files;
  const auto with = [&](const std::function<void(Part&)>& change) {
    auto parts = files.Parts(Pdf(100));
    change(parts[0]);
    return files.Upload(parts);
  };
  CHECK(ReasonOf(with([](Part& part) { part.set_object_type("Correction"); }).status()) == "OBJECT_TYPE_UNKNOWN");
  CHECK(ReasonOf(with([](Part& part) { part.clear_object_type(); }).status()) == "OBJECT_TYPE_UNKNOWN");
  for (const char* document : {"NO_SUCH", "DOCUMENT_UNSPECIFIED"})
    CHECK(ReasonOf(with([&](Part& part) { part.set_document(document); }).status()) == "DOCUMENT_UNKNOWN");
  CHECK(Must(with([](Part& part) { part.clear_document(); })).document().empty());
  v1::ListAttachmentsRequest r;
  r.set_object_type("Correction");
  r.set_object(files.c.id());
  auto call = files.OfficeCall("AttachmentService/ListAttachments", files.clerk);
  CHECK(ReasonOf(files.service.ListOf(call, r).status()) == "OBJECT_TYPE_UNKNOWN");
}

TEST_CASE("an empty upload is refused, and one that is not what it says") {
  Files files;
  CHECK(ReasonOf(files.Upload(files.Parts("")).status()) == "ATTACHMENT_EMPTY");
  CHECK(ReasonOf(files
                     .Upload(files.Parts("\x7f"
                                         "ELF\x02\x01\x01"))
                     .status()) == "ATTACHMENT_TYPE_REFUSED");
  CHECK(ReasonOf(files.Upload(files.Parts("\x89PNG\r\n\x1a\n....")).status()) == "ATTACHMENT_TYPE_REFUSED");
  CHECK(files.Count("SELECT COUNT(*) FROM attachment") == 0);
}

TEST_CASE("a file out of the caller's reach is not there") {
  Files files;
  const auto stored = Must(files.Upload(files.Parts(Pdf(100))));
  CHECK(absl::IsNotFound(files.Download(stored.id(), files.stranger).status()));
  CHECK(absl::IsNotFound(files.Upload(files.Parts(Pdf(100)), files.stranger).status()));
}

TEST_CASE("content is for those who may read personal data, and who say why") {
  Files files;
  const auto stored = Must(files.Upload(files.Parts(Pdf(100))));
  CHECK(ReasonOf(files.Download(stored.id(), files.supervisor).status()) == "PERSONAL_DATA_REFUSED");
  CHECK(ReasonOf(files.Download(stored.id(), files.head, "").status()) == "PURPOSE_REQUIRED");
  CHECK(files.Actions(files.c.id()) == std::vector<std::string>{"RECEIVE", "ADD_ATTACHMENT"});
}

TEST_CASE("the dossier of an object that has ended is closed, but for the first answer to what was uploaded before") {
  Files files;
  const auto stored = Must(files.Upload(files.Parts(Pdf(100), "r1")));
  Must(files.Reply(files.c));
  CHECK(ReasonOf(files.Upload(files.Parts(Pdf(200))).status()) == "DOSSIER_CLOSED");
  CHECK(Must(files.Upload(files.Parts(Pdf(100), "r1"))).id() == stored.id());
  v1::WithdrawAttachmentRequest r;
  r.set_id(stored.id());
  r.set_reason("扫描错页");
  auto withdraw = files.OfficeCall("AttachmentService/WithdrawAttachment", files.clerk);
  CHECK(ReasonOf(files.service.Withdraw(withdraw, r).status()) == "DOSSIER_CLOSED");
  CHECK(Must(files.Download(stored.id(), files.head)) == Pdf(100));
}

TEST_CASE("a withdrawn file keeps its place and its reason, and is given to nobody") {
  Files files;
  const auto stored = Must(files.Upload(files.Parts(Pdf(100))));
  v1::WithdrawAttachmentRequest r;
  r.set_id(stored.id());
  r.set_reason("扫描错页");
  r.set_request_id("w1");
  for (int i = 0; i < 2; ++i) {  // the second is the same request again
    auto call = files.OfficeCall("AttachmentService/WithdrawAttachment", files.clerk);
    const auto withdrawn = Must(files.service.Withdraw(call, r));
    CHECK(withdrawn.state() == v1::Attachment::WITHDRAWN);
    CHECK(withdrawn.withdraw_reason() == "扫描错页");
  }
  CHECK(ReasonOf(files.Download(stored.id(), files.head).status()) == "ATTACHMENT_WITHDRAWN");
  CHECK(files.Listed() == 1);
  CHECK(files.Actions(files.c.id()) ==
        std::vector<std::string>{"RECEIVE", "ADD_ATTACHMENT", "WITHDRAW_ATTACHMENT"});
}

TEST_CASE("a file whose chunks were changed or exchanged in the database is not given out") {
  Files files;
  const auto stored = Must(files.Upload(files.Parts(Pdf(600'000))));
  files.office.database.RunScript(
      "UPDATE attachment_chunk SET sequence = 9 WHERE sequence = 0;\n"
      "UPDATE attachment_chunk SET sequence = 0 WHERE sequence = 1;\n"
      "UPDATE attachment_chunk SET sequence = 1 WHERE sequence = 9");
  CHECK(ReasonOf(files.Download(stored.id(), files.head).status()) == "ATTACHMENT_DAMAGED");
  files.office.database.RunScript(
      "UPDATE chunk SET body = CONCAT(LEFT(body, 100), 'x', SUBSTRING(body, 102))");
  CHECK(ReasonOf(files.Download(stored.id(), files.head).status()) == "ATTACHMENT_DAMAGED");
}

}  // namespace sifa::casework
