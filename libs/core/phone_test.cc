#include "libs/core/phone.h"

#include <catch2/catch.hpp>

namespace sifa {
namespace {

std::string Phone(absl::string_view typed) { return NormalPhone(typed).value_or("none"); }

}  // namespace

TEST_CASE("a mobile number has 11 digits, however they are grouped") {
  for (const char* typed : {"13800001234", "138 0000 1234", "138-0000-1234", "１３８００００１２３４", "+86 138 0000 1234", "0086-13800001234",
                            "8613800001234", "（+86）138 0000 1234", "013800001234", "\u202a138\u00a00000\u200b1234\u202c", "＋８６－１３８００００１２３４",
                            "138.0000.1234", "138—0000—1234"}) {
    CHECK(Phone(typed) == "13800001234");
  }
  for (const char* typed : {"1381234567", "138123456789", "12345678901", "1380000123a", "13800001234/13900001234"}) {
    CHECK(Phone(typed) == "none");
  }
}

TEST_CASE("a fixed line has its area code of 3 or 4 digits and 7 or 8 of its own") {
  for (const char* typed : {"0579-86620001", "(0579)86620001", "（0579）8662 0001", "0579 86620001", "057986620001", "+86 579 86620001",
                            "+86 (0579) 86620001", "86-0579-86620001", "0579--86620001"}) {
    CHECK(Phone(typed) == "0579-86620001");
  }
  CHECK(Phone("010 6620 0011") == "010-66200011");
  CHECK(Phone("(021)66200011") == "021-66200011");
  CHECK(Phone("0879-6620001") == "0879-6620001");
  for (const char* extension : {"0579-86620001-801", "0579 86620001转801", "(0579)86620001 # 801", "0579-86620001分机801"}) {
    CHECK(Phone(extension) == "0579-86620001转801");
  }
  for (const char* typed : {"86620001", "6620001", "0579-8662", "0579-866200012", "0000000", "0579-06620001", "0579-86620001-8019999"}) {
    CHECK(Phone(typed) == "none");
  }
}

TEST_CASE("service numbers and short codes") {
  for (const char* code : {"110", "119", "120", "12348", "12345", "10086", "95588", "9510105", "96345"}) CHECK(Phone(code) == code);
  CHECK(Phone("400-820-8820") == "4008208820");
  CHECK(Phone("800 820 8820") == "8008208820");
  for (const char* typed : {"1", "11", "1234", "210", "22348", "500-820-8820"}) CHECK(Phone(typed) == "none");
}

TEST_CASE("ITU-T E.164: a number of another country has its code and at most 15 digits") {
  CHECK(Phone("+852 2123 4567") == "+85221234567");
  CHECK(Phone("00886-2-2345-6789") == "+886223456789");
  CHECK(Phone("+1 (415) 555-0100") == "+14155550100");
  for (const char* typed : {"+12345", "+1234567890123456", "+0123456789", "+", "++8521234567"}) CHECK(Phone(typed) == "none");
}

TEST_CASE("what has no digits is no number") {
  for (const char* typed : {"", "-----", "+++++", "1-----", "()", "无", "unknown", "?"}) CHECK(Phone(typed) == "none");
}

TEST_CASE("the normal form of a number is its own") {
  for (const char* typed : {"138 0000 1234", "(0579)86620001转801", "0579-6620001转8", "95588转1", "+43 579 6620001 # 801",
                            "+852 21234567", "400 820 8820", "010-66200011"}) {
    CHECK(Phone(Phone(typed)) == Phone(typed));
  }
}

}  // namespace sifa
