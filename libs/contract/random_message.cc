#include "libs/contract/random_message.h"

#include <cmath>
#include <limits>

#include "google/protobuf/any.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "libs/contract/contracttest.pb.h"

namespace sifa::contract {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string RandomMessage::Text() {
  static const char* const kPieces[] = {"a",         "\"",     "\\",      "/",  "\n",   "\t",
                                        "\x01",      "\x7f",   "司法",    "𠮷", "\r\b", "\f<>",
                                        "\xc2\x80é", "\u2028", "😀 emoji", "0",  "",     "plain ascii text"};
  std::string text;
  for (uint64_t n = Below(6); n > 0; --n) text += kPieces[Below(std::size(kPieces))];
  return text;
}

uint64_t RandomMessage::Number() {
  switch (Below(4)) {
    case 0:
      return Below(3);
    case 1:
      return random_();
    case 2:
      return ~uint64_t{0} << Below(64);
    default:
      return random_() >> Below(64);
  }
}

double RandomMessage::Double() {
  static const double kSpecial[] = {0,   -0.0, 1.5, 1e15, 1e22, -1e300, 5e-324, 0.1, 123456789012345680000.0,
                                    1e-7};
  if (Below(2) == 0) return kSpecial[Below(std::size(kSpecial))];
  const uint64_t bits = random_();
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return std::isfinite(value) ? value : 3;
}

bool RandomMessage::FillWellKnown(Message* message, int depth) {
  using namespace google::protobuf;  // NOLINT
  if (auto* time = dynamic_cast<Timestamp*>(message)) {
    time->set_seconds(static_cast<int64_t>(Below(315537897599)) - 62135596800);
    time->set_nanos(static_cast<int32_t>(Below(3) == 0 ? 0 : Below(1000) * (Below(2) == 0 ? 1000000 : 1001)));
  } else if (auto* duration = dynamic_cast<Duration*>(message)) {
    const int sign = Below(2) == 0 ? 1 : -1;
    duration->set_seconds(sign * static_cast<int64_t>(Below(315576000000)));
    duration->set_nanos(sign * static_cast<int32_t>(Below(1000000000)));
  } else if (auto* mask = dynamic_cast<FieldMask*>(message)) {
    for (uint64_t n = Below(3); n > 0; --n)
      mask->add_paths(Below(2) == 0 ? "a_bool" : "child.by_number.some_bytes");
  } else if (auto* value = dynamic_cast<google::protobuf::Value*>(message)) {
    switch (Below(depth > 0 ? 6 : 4)) {
      case 0:
        value->set_null_value(NULL_VALUE);
        break;
      case 1:
        value->set_number_value(Double());
        break;
      case 2:
        value->set_string_value(Text());
        break;
      case 3:
        value->set_bool_value(Below(2) == 0);
        break;
      case 4:
        Fill(value->mutable_struct_value(), depth - 1);
        break;
      default:
        Fill(value->mutable_list_value(), depth - 1);
    }
  } else if (auto* any = dynamic_cast<Any*>(message)) {
    contracttest::v1::Item item;
    Timestamp time;
    Fill(&item);
    Fill(&time);
    any->PackFrom(Below(2) == 0 ? static_cast<const Message&>(item) : time);
  } else {
    return false;
  }
  return true;
}

void RandomMessage::Fill(Message* message, int depth) {
  if (FillWellKnown(message, depth)) return;
  const auto& type = *message->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (type.options().map_entry()) {  // an empty google.protobuf.Value in a map could not be printed
      FillField(message, field, depth);
      continue;
    }
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (Below(is_message ? 4 : 3) != 0 || (is_message && depth <= 0)) continue;
    if (field->real_containing_oneof() != nullptr && Below(2) == 0) continue;
    for (uint64_t n = field->is_repeated() ? Below(4) : 1; n > 0; --n) FillField(message, field, depth);
  }
}

void RandomMessage::FillField(Message* message, const FieldDescriptor* field, int depth) {
  const Reflection& r = *message->GetReflection();
  const bool many = field->is_repeated();
  const auto put = [&](auto set, auto add, auto value) {
    many ? (r.*add)(message, field, value) : (r.*set)(message, field, value);
  };
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return put(&Reflection::SetBool, &Reflection::AddBool, Below(2) == 0);
    case FieldDescriptor::CPPTYPE_INT32:
      return put(&Reflection::SetInt32, &Reflection::AddInt32, static_cast<int32_t>(Number()));
    case FieldDescriptor::CPPTYPE_INT64:
      return put(&Reflection::SetInt64, &Reflection::AddInt64, static_cast<int64_t>(Number()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(&Reflection::SetUInt32, &Reflection::AddUInt32, static_cast<uint32_t>(Number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(&Reflection::SetUInt64, &Reflection::AddUInt64, Number());
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const double infinity = std::numeric_limits<double>::infinity();
      return put(&Reflection::SetDouble, &Reflection::AddDouble, Below(10) == 0 ? -infinity : Double());
    }
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(&Reflection::SetFloat, &Reflection::AddFloat,
                 Below(10) == 0 ? std::numeric_limits<float>::infinity()
                                : static_cast<float>(static_cast<int32_t>(Number())) / 7);
    case FieldDescriptor::CPPTYPE_ENUM: {
      if (field->enum_type()->full_name() == "google.protobuf.NullValue")
        return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, 0);
      static const int kNumbers[] = {0, 1, 2, 70000, -1, 999, -5};
      return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, kNumbers[Below(std::size(kNumbers))]);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        std::string bytes(Below(9), '\0');
        for (char& c : bytes) c = static_cast<char>(random_());
        return put(&Reflection::SetString, &Reflection::AddString, bytes);
      }
      return put(&Reflection::SetString, &Reflection::AddString, Text());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(many ? r.AddMessage(message, field) : r.MutableMessage(message, field), depth - 1);
  }
}

std::string RandomMessage::Mutate(std::string bytes) {
  static const char kUseful[] = "{}[]\",:\\u0123456789eE+-.ntf \x00\x08\x0a\x12\x80\xff";
  for (uint64_t n = 1 + Below(4); n > 0 && !bytes.empty(); --n) {
    const size_t at = Below(bytes.size());
    switch (Below(5)) {
      case 0:
        bytes[at] = static_cast<char>(random_());
        break;
      case 1:
        bytes[at] = kUseful[Below(sizeof kUseful)];
        break;
      case 2:
        bytes.erase(at, 1 + Below(4));
        break;
      case 3:
        bytes.insert(at, 1, kUseful[Below(sizeof kUseful)]);
        break;
      default:
        bytes.insert(at, bytes.substr(Below(bytes.size()), Below(12)));
    }
  }
  return bytes;
}

}  // namespace sifa::contract
