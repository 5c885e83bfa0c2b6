// 参考答复 and 法律援助登记: what an agent says, in which version, and where a caller was told to apply.
#include "services/hotline/snippet.h"

#include "services/hotline/work_order_fixture.h"

namespace sifa::hotline {
namespace {

constexpr char kText[] = R"("title": "拖欠工资如何讨要", "text": "可以向劳动保障监察机构投诉", "textMongolian": "ᠬᠥᠳᠡᠯᠮᠦᠷᠢ",
                            "laws": ["《劳动法》第91条"], "validFrom": "2026-01-01")";

std::string DraftJson(const std::string& more = "") {
  return absl::StrCat(R"({"office": "330783", "region": "330783", "topic": "02", )", kText, more, "}");
}

}  // namespace

TEST_CASE("a snippet is attached in the version that was read out, and a revision does not change what was said") {
  Orders at;
  Snippet snippet = at.Do<Snippet>("DraftSnippet", DraftJson(), at.head);
  CHECK(snippet.version() == 1);
  const WorkOrder order = at.Create();
  const auto attach = [&] { return R"({"snippet": ")" + snippet.id() + "\"}"; };
  CHECK(at.Refusal("AttachSnippet", order, attach(), at.agent) == "SNIPPET_NOT_VALID");
  snippet = at.Do("PublishSnippet", snippet, "{}", at.head);
  WorkOrder said = at.Do("AttachSnippet", order, attach(), at.agent);
  snippet = at.Do("ReviseSnippet", snippet,
                  R"({"title": "拖欠工资如何讨要", "text": "也可以申请支付令", "laws": ["《劳动合同法》第30条"],
                                                "validFrom": "2026-11-02"})",
                  at.head);
  CHECK(snippet.version() == 2);
  REQUIRE(snippet.earlier_size() == 1);
  CHECK(snippet.earlier(0).text() == "可以向劳动保障监察机构投诉");
  said = at.Do("AttachSnippet", said, attach(), at.agent);
  REQUIRE(said.snippets_size() == 2);
  CHECK(said.snippets(0).version() == 1);
  CHECK(said.snippets(1).version() == 2);
  snippet = at.Do("RetireSnippet", snippet, R"({"reason": "法律修订"})", at.head);
  CHECK(at.Refusal("AttachSnippet", said, attach(), at.agent) == "SNIPPET_NOT_VALID");
  CHECK(at.Findings() == "");
}

TEST_CASE("a snippet holds for its days only, and they are in order") {
  Orders at;  // 2026-11-02
  CHECK(at.Refusal<Snippet>("DraftSnippet", DraftJson(R"(, "validTo": "2025-12-31")"), at.head) == "VALIDITY_MALFORMED");
  const Snippet past =
      at.Do("PublishSnippet", at.Do<Snippet>("DraftSnippet", DraftJson(R"(, "validTo": "2026-11-01")"), at.head), "{}", at.head);
  CHECK(at.Refusal("AttachSnippet", at.Create(), R"({"snippet": ")" + past.id() + "\"}", at.agent) == "SNIPPET_NOT_VALID");
}

TEST_CASE("法律援助法 §38: litigation goes where the case is handled, anything else where the dispute is handled or arose") {
  Orders at;
  const WorkOrder order = at.Create();
  const auto aid = [](const char* litigation, const char* basis) {
    return absl::StrCat(R"({"legalAid": {"litigation": )", litigation, R"(, "basis": ")", basis, R"(", "place": "330783118"}})");
  };
  CHECK(at.Refusal("RecordLegalAid", order, aid("true", "03"), at.agent) == "LEGAL_AID_PLACE");
  CHECK(at.Refusal("RecordLegalAid", order, aid("false", "01"), at.agent) == "LEGAL_AID_PLACE");
  const WorkOrder told = at.Do("RecordLegalAid", order, aid("true", "01"), at.agent);
  CHECK(told.legal_aid().agency() == "东阳市法律援助中心");
  CHECK(told.legal_aid().recorded_on() == "2026-11-02");
  CHECK(told.state() == WorkOrder::CREATED);
  CHECK(at.Do("RecordLegalAid", told, aid("false", "03"), at.agent).legal_aid().basis() == "03");
}

}  // namespace sifa::hotline
