// The numbers of JsonReader, from JSON values and from texts.
#include <limits>
#include <type_traits>

#include "libs/contract/json_reader.h"
#include "libs/contract/text_forms.h"

namespace sifa::contract {
namespace {

using simdjson::dom::element_type;

}  // namespace

template <class Number>
bool JsonReader::IntegerText(absl::string_view text, int64_t lowest, uint64_t highest, Number* number) {
  switch (ParseInteger(text, number)) {
    case Parsed::kMalformed:
      return FailType("整数");
    case Parsed::kOutOfRange:
      return Fail("NUMBER_RANGE", "数值超出范围");
    case Parsed::kOk:
      break;
  }
  const bool too_low = std::is_signed_v<Number> && static_cast<int64_t>(*number) < lowest;
  const bool too_high = *number > 0 && static_cast<uint64_t>(*number) > highest;
  return too_low || too_high ? Fail("NUMBER_RANGE", "数值超出范围") : true;
}

template <class Number>
bool JsonReader::Integer(const Element& value, int64_t lowest, uint64_t highest, Number* number) {
  Parsed parsed = Parsed::kOk;
  switch (value.type()) {
    case element_type::INT64: {
      const int64_t whole = Unchecked<int64_t>(value.get_int64());
      if (whole < lowest || (whole > 0 && static_cast<uint64_t>(whole) > highest))
        parsed = Parsed::kOutOfRange;
      *number = static_cast<Number>(whole);
      break;
    }
    case element_type::UINT64: {  // above the largest int64
      const uint64_t whole = Unchecked<uint64_t>(value.get_uint64());
      if (whole > highest) parsed = Parsed::kOutOfRange;
      *number = static_cast<Number>(whole);
      break;
    }
    case element_type::DOUBLE:
      parsed = ToInteger(Unchecked<double>(value.get_double()), number);
      if (parsed != Parsed::kOk) break;
      if (std::is_signed_v<Number> && static_cast<int64_t>(*number) < lowest) parsed = Parsed::kOutOfRange;
      if (*number > 0 && static_cast<uint64_t>(*number) > highest) parsed = Parsed::kOutOfRange;
      break;
    case element_type::STRING:
      return IntegerText(StringOf(value), lowest, highest, number);
    default:
      parsed = Parsed::kMalformed;
  }
  if (parsed == Parsed::kMalformed) return FailType("整数");
  return parsed == Parsed::kOk ? true : Fail("NUMBER_RANGE", "数值超出范围");
}

// Reads from a JSON value or a text and writes it in the field's form.
template <class Source>
bool JsonReader::Whole(const FieldTable& field, const Source& source) {
  constexpr int64_t kMin32 = std::numeric_limits<int32_t>::min(),
                    kMax32 = std::numeric_limits<int32_t>::max();
  constexpr int64_t kMin64 = std::numeric_limits<int64_t>::min(),
                    kMax64 = std::numeric_limits<int64_t>::max();
  constexpr uint64_t kMaxUnsigned32 = std::numeric_limits<uint32_t>::max();
  int64_t number = 0;
  uint64_t positive = 0;
  switch (field.kind) {
    case Kind::kInt32:
    case Kind::kSint32:
    case Kind::kSfixed32:
      if (!Signed(source, kMin32, kMax32, &number)) return false;
      break;
    case Kind::kInt64:
    case Kind::kSint64:
    case Kind::kSfixed64:
      if (!Signed(source, kMin64, kMax64, &number)) return false;
      break;
    case Kind::kUint32:
    case Kind::kFixed32:
      if (!Unsigned(source, kMaxUnsigned32, &positive)) return false;
      break;
    default:
      if (!Unsigned(source, std::numeric_limits<uint64_t>::max(), &positive)) return false;
  }
  switch (field.kind) {
    case Kind::kInt32:
    case Kind::kInt64:
      out_.Varint(static_cast<uint64_t>(number));
      break;
    case Kind::kSint32:
    case Kind::kSint64:
      out_.Varint(static_cast<uint64_t>(number) << 1 ^ static_cast<uint64_t>(number >> 63));
      break;
    case Kind::kSfixed32:
      out_.Fixed(static_cast<int32_t>(number));
      break;
    case Kind::kSfixed64:
      out_.Fixed(number);
      break;
    case Kind::kFixed32:
      out_.Fixed(static_cast<uint32_t>(positive));
      break;
    case Kind::kFixed64:
      out_.Fixed(positive);
      break;
    default:
      out_.Varint(positive);
  }
  return true;
}

// What JsonReader::Scalar and ScalarText use.
template bool JsonReader::Whole(const FieldTable& field, const simdjson::dom::element& source);
template bool JsonReader::Whole(const FieldTable& field, const absl::string_view& source);

bool JsonReader::Floating(const FieldTable& field, const Element& value) {
  switch (value.type()) {
    case element_type::DOUBLE:
      return PutFloating(field, Unchecked<double>(value.get_double()));
    case element_type::INT64:
      return PutFloating(field, static_cast<double>(Unchecked<int64_t>(value.get_int64())));
    case element_type::UINT64:
      return PutFloating(field, static_cast<double>(Unchecked<uint64_t>(value.get_uint64())));
    case element_type::STRING:
      return FloatingText(field, StringOf(value));
    default:
      return FailType("数字");
  }
}

bool JsonReader::FloatingText(const FieldTable& field, absl::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double number;
  if (text == "NaN") {
    number = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity" || text == "-Infinity") {
    number = text[0] == '-' ? -kInfinity : kInfinity;
  } else if (!ParseNumber(text, &number)) {
    return FailType("数字");
  } else {
    return PutFloating(field, number);
  }
  if (field.kind == Kind::kFloat) {
    out_.Fixed(static_cast<float>(number));
  } else {
    out_.Fixed(number);
  }
  return true;
}

bool JsonReader::PutFloating(const FieldTable& field, double number) {
  if (field.kind == Kind::kDouble) {
    out_.Fixed(number);
    return true;
  }
  constexpr double kMax = std::numeric_limits<float>::max();
  if (number > kMax || number < -kMax) return Fail("NUMBER_RANGE", "数值超出范围");
  out_.Fixed(static_cast<float>(number));
  return true;
}

bool JsonReader::Enum(const FieldTable& field, const Element& value) {
  if (value.is_string()) return EnumName(field, StringOf(value));
  if (value.is_null() && field.kind == Kind::kNullValue) {
    out_.Byte(0);
    return true;
  }
  if (!value.is_number()) return FailType("代码");
  int64_t number;
  constexpr int64_t kMin = std::numeric_limits<int32_t>::min(), kMax = std::numeric_limits<int32_t>::max();
  if (!Integer(value, kMin, kMax, &number)) return false;
  out_.Varint(static_cast<uint64_t>(number));
  return true;
}

}  // namespace sifa::contract
