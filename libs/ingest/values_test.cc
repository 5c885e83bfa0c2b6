#include "libs/ingest/values.h"

#include <catch2/catch.hpp>

using namespace sifa::ingest;

namespace {

std::string Day(absl::string_view text) {
  const auto day = ReadDay(text);
  return day ? absl::FormatCivilTime(*day) : "none";
}

std::string Serial(int64_t serial, bool from_1904 = false) {
  const auto day = DayOfSerial(serial, from_1904);
  return day ? absl::FormatCivilTime(*day) : "none";
}

int64_t Fen(absl::string_view text, absl::string_view unit = "万元") {
  int64_t fen = -1;
  switch (ReadAmount(text, unit, &fen)) {
    case AmountVerdict::kRead:
    case AmountVerdict::kReadInItsUnit:
      return fen;
    case AmountVerdict::kNegative:
      return -2;
    case AmountVerdict::kInvalid:
      break;
  }
  return -1;
}

std::string Plain(absl::string_view number, bool lost = false) {
  bool digits_lost;
  const auto plain = PlainDecimal(number, &digits_lost);
  CHECK(digits_lost == lost);
  return plain.value_or("none");
}

}  // namespace

TEST_CASE("a day is read in each of the six forms of text") {
  for (const char* text : {"2024/3/5", "2024/03/05", "2024-3-5", "2024.03.05", "2024年3月5日", "20240305", "二〇二四年三月五日",
                           "２０２４／３／５", " 2024-03-05 00:00:00", "2024-03-05T09:30:00", "2024年03月05日 9:30"}) {
    INFO(text);
    CHECK(Day(text) == "2024-03-05");
  }
  CHECK(Day("二○二三年十二月二十一日") == "2023-12-21");
  CHECK(Day("二零二三年十月三十日") == "2023-10-30");
}

TEST_CASE("what is no day of the calendar is no day") {
  for (const char* text : {"", "2023/2/29", "2024/13/1", "2024/4/31", "24/3/5", "2024", "2024/3", "2024/3-5", "3/5/2024",
                           "20241301", "1899/1/1", "二〇二四年十三月一日", "2024年3月5", "2024/3/5上午", "45356"}) {
    INFO(text);
    CHECK(Day(text) == "none");
  }
}

TEST_CASE("Excel's 1900 has a 29 February that is no day, and 1904 counts from 0") {
  CHECK(Serial(1) == "1900-01-01");
  CHECK(Serial(59) == "1900-02-28");
  CHECK(Serial(60) == "none");
  CHECK(Serial(61) == "1900-03-01");
  CHECK(Serial(45356) == "2024-03-05");
  CHECK(Serial(0) == "none");
  CHECK(Serial(0, true) == "1904-01-01");
  CHECK(Serial(43894, true) == "2024-03-05");
  CHECK(Serial(-1) == "none");
  CHECK(Serial(99999999) == "none");
}

TEST_CASE("a bare number is a day only where it is one of 2000 to 2100") {
  CHECK(DayOfBareSerial("36526", false) == absl::CivilDay(2000, 1, 1));
  CHECK(DayOfBareSerial("45356.5", false) == absl::CivilDay(2024, 3, 5));
  CHECK_FALSE(DayOfBareSerial("36525", false));
  CHECK_FALSE(DayOfBareSerial("100000", false));
  CHECK_FALSE(DayOfBareSerial("five", false));
}

TEST_CASE("money is exact: six decimals of ten thousand yuan are one fen") {
  CHECK(Fen("0.000001") == 1);
  CHECK(Fen("0.123456") == 123'456);
  CHECK(Fen("1234567890.123456") == 1'234'567'890'123'456);
  CHECK(Fen("0.0000001") == -1);
  CHECK(Fen("0.10000000") == 100'000);
  CHECK(Fen("5000", "元") == 500'000);
  CHECK(Fen("0.01", "元") == 1);
  CHECK(Fen("0.001", "元") == -1);
  CHECK(Fen("1E-05") == 10);
  CHECK(Fen("99999999999999999999") == -1);
}

TEST_CASE("an amount may have thousands, a sign of currency, blanks and full width") {
  CHECK(Fen("1,234.5", "元") == 123'450);
  CHECK(Fen("¥1,000,000.00", "元") == 100'000'000);
  CHECK(Fen("人民币 5000元整", "元") == 500'000);
  CHECK(Fen("１．５") == 1'500'000);
  CHECK(Fen("1,23", "元") == -1);
  CHECK(Fen("1,2345", "元") == -1);
  CHECK(Fen("约5000", "元") == -1);
  CHECK(Fen("3000-5000", "元") == -1);
  CHECK(Fen("") == -1);
}

TEST_CASE("a unit in the cell counts before that of its column") {
  int64_t fen = 0;
  CHECK(ReadAmount("5000元", "万元", &fen) == AmountVerdict::kReadInItsUnit);
  CHECK(fen == 500'000);
  CHECK(ReadAmount("1.5万元", "万元", &fen) == AmountVerdict::kRead);
  CHECK(fen == 1'500'000);
  CHECK(ReadAmount("壹万伍仟元整", "元", &fen) == AmountVerdict::kRead);
  CHECK(fen == 1'500'000);
}

TEST_CASE("no amount is negative, however a bookkeeper writes it") {
  CHECK(Fen("-5", "元") == -2);
  CHECK(Fen("(1,000.00)", "元") == -2);
  CHECK(Fen("-0", "元") == 0);
}

TEST_CASE("the largest amount of a text is found in digits and in Chinese numerals") {
  CHECK(LargestAmountIn("1.警告；2.罚款人民币伍仟元整（¥5,000.00元）") == 500'000);
  CHECK(LargestAmountIn("罚款1.2万元，没收违法所得300元") == 1'200'000);
  CHECK(LargestAmountIn("罚款贰拾万零伍佰元") == 20'050'000);
  CHECK(LargestAmountIn("罚款二百元") == 20'000);
  CHECK_FALSE(LargestAmountIn("警告，2024年3月5日前改正"));
}

TEST_CASE("a number of a workbook reads as Excel shows it") {
  CHECK(Plain("0.12345599999999999") == "0.123456");
  CHECK(Plain("1.1000000000000001") == "1.1");
  CHECK(Plain("9.9999999999999995E-7") == "0.000001");
  CHECK(Plain("9.99999999999999999") == "10");
  CHECK(Plain("5000") == "5000");
  CHECK(Plain("1.5E4") == "15000");
  CHECK(Plain("-0.50") == "-0.5");
  CHECK(Plain("000") == "0");
  CHECK(Plain("123456789012345") == "123456789012345");
  CHECK(Plain("1E400") == "none");
  CHECK(Plain("abc") == "none");
  CHECK(Plain("1.2.3") == "none");
}

TEST_CASE("a whole number of over 15 digits has lost some") {
  CHECK(Plain("330726198001011234", true) == "330726198001011000");
  CHECK(Plain("3.3072619800101101E+17", true) == "330726198001011000");
  CHECK(IsShortened("3.30726E+17"));
  CHECK(IsShortened("9E+15"));
  CHECK_FALSE(IsShortened("91330726MA28E5E37"));
  CHECK_FALSE(IsShortened("12E+15"));
}
