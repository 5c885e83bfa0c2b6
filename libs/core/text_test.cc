#include "libs/core/text.h"

#include <catch2/catch.hpp>

namespace sifa {

TEST_CASE("UAX #14: every kind of line break in prose is a line feed") {
  CHECK(NormalProse("a\r\nb\rc\nd\u0085e\u2028f\u2029g\vh\fi") == "a\nb\nc\nd\ne\nf\ng\nh\ni");
  CHECK(NormalProse("a\n\r\nb\r\r\nc") == "a\n\nb\n\nc");
  CHECK(NormalProse("\ufeff第一行\t缩进\u200b") == "第一行\t缩进");
  CHECK(NormalProse("a\u202eb\x01") == "a\u202eb\x01");  // left for the check to refuse
  CHECK(NormalProse("❤\ufe0f 👨\u200d👩") == "❤\ufe0f 👨\u200d👩");
}

TEST_CASE("a line is composed, and has nothing invisible around or in it") {
  CHECK(NormalLine("　南马镇\u200b花园村1号 \r\n") == "南马镇花园村1号");
  CHECK(NormalLine("cafe\u0301") == "caf\u00e9");
  CHECK(NormalLine("南马镇\n花园村") == "南马镇\n花园村");  // left for the check to refuse
}

TEST_CASE("a name has one form: invisible characters dropped, spaces collapsed, its separator U+00B7") {
  CHECK(NormalName("欧\u200b阳\u2060锋\ufeff") == "欧阳锋");
  CHECK(NormalName(" \t赵　 大山\u00a0\r\n") == "赵 大山");
  CHECK(NormalName("\u2060\u200d\ufeff\u3164").empty());
  CHECK(NormalName("\u202a赵大山\u202c") == "赵大山");
  for (const char* dot : {"·", "•", "‧", "・", "･", "∙", "⋅", "\u0387", "⸱"}) {
    CHECK(NormalName(std::string("阿依古丽") + dot + "买买提") == "阿依古丽·买买提");
  }
  CHECK(NormalName("东阳市（南马）A-1 厂") == "东阳市（南马）A-1 厂");  // company names keep their brackets
}

TEST_CASE("variants of Han characters and joins of Mongolian and Arabic letters are part of a name") {
  for (const char* kept : {"\u845b\U000e0100城", "辻\ufe00", "\u182e\u180b\u1824", "\u1828\u180e\u1820", "\u0645\u200c\u0647"}) {
    CHECK(NormalName(kept) == kept);
  }
  CHECK(NormalName("a\ufe0fb\u200d赵\u200d") == "ab赵");
}

TEST_CASE("names that differ in separators, spaces, width, case or variants are compared as one") {
  for (const char* other : {"阿依古丽•买买提", "阿依古丽.买买提", "阿依古丽 买买提", "阿依古丽买买提", "阿依古丽\u200b·买买提"}) {
    CHECK(FoldName(other) == FoldName("阿依古丽·买买提"));
  }
  CHECK(FoldName("ＡＢＣ（东阳）公司") == FoldName("abc(东阳)公司"));
  CHECK(FoldName("\u845b\U000e0100城") == FoldName("葛城"));
  CHECK(FoldName("\ue000甲") == "\ue000甲");  // a private character stands for a rare one
  for (const char* none : {"—", "·", "\u2800", "…？"}) CHECK(FoldName(none).empty());
}

TEST_CASE("certificates and codes are capitals without spaces and hyphens") {
  CHECK(NormalCode("３３０７８３ 19900307 001ｘ") == "33078319900307001X");
  CHECK(NormalCode("d2143569-x") == "D2143569X");
  CHECK(NormalCode("\u200e91330783\u2013ma28 d123‐4f\u00a0") == "91330783MA28D1234F");
  CHECK(NormalToken(" ２０２４-09-27\u200b") == "2024-09-27");
}

TEST_CASE("one registered number is one text") {
  const char* const number = "（2018）南人调字第8号";
  for (const char* typed : {"(2018)南人调字第8号", "[２０１８] 南人调字 第 008 号", "〔2018〕南人调字第０8号", "【2018】南人调字第8号",
                            "（2018)南人调字第8\u200b号", "﹙2018﹚南人调字第٠8号", "｛2018｝南人调字第8号"}) {
    CHECK(NormalNumber(typed) == number);
  }
  CHECK(NormalNumber("(2026)浙0783民特001号") == "（2026）浙0783民特1号");  // the court's code stays
  CHECK(NormalNumber("（2026）浙0783民特") == "（2026）浙0783民特");
  CHECK(NormalNumber("第08—010号") == "第8-10号");
  CHECK(NormalNumber("2018－0０8") == "2018-8");
  CHECK(NormalNumber("第000号") == "第0号");
}

TEST_CASE("a normal form is its own normal form") {
  for (const char* text : {"a\r\nb\u2028", " 赵 大山•\u200b", "〔2018〕南人调字第０8号", "cafe\u0301\u00a0", "\xff\xfe"}) {
    for (auto* form : {&NormalProse, &NormalLine, &NormalName, &NormalToken, &NormalCode, &NormalNumber, &FoldName}) {
      const std::string once = (*form)(text);
      CHECK((*form)(once) == once);
    }
  }
}

}  // namespace sifa
