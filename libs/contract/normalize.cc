#include "libs/contract/normalize.h"

#include <algorithm>
#include <vector>

namespace sifa::contract {
namespace {

// A field on the wire: its tag begins at `begin`.
struct Piece {
  const FieldTable* field = nullptr;
  const char* begin = nullptr;
  const char* value = nullptr;
  const char* end = nullptr;

  absl::string_view whole() const { return {begin, static_cast<size_t>(end - begin)}; }
};

bool IsKnown(const FieldTable* field, uint32_t wire_type) {
  if (field == nullptr) return false;
  return field->wire_type == wire_type ||
         (field->repeated && field->packable() && wire_type == kLengthDelimited);
}

// The next field at p, of any kind; `field` is nullptr where the type does not know it. False at malformed
// bytes.
inline bool NextPiece(const MessageTable& table, const char* p, const char* end, Piece* piece) {
  uint64_t tag;
  piece->begin = p;
  piece->value = ReadVarint(p, end, &tag);
  if (piece->value == nullptr || tag >> 3 == 0 || tag > UINT32_MAX) return false;
  piece->end = SkipValue(piece->value, end, tag & 7);
  if (piece->end == nullptr) return false;
  piece->field = table.ByNumber(static_cast<uint32_t>(tag >> 3));
  if (!IsKnown(piece->field, tag & 7)) piece->field = nullptr;
  return true;
}

// Leaves of each oneof what was set after the last other member of it: a member clears the others.
void DropOverridden(const MessageTable& table, std::vector<Piece>* pieces) {
  if (table.oneofs == 0) return;
  std::vector<const FieldTable*> winners(table.oneofs, nullptr);
  std::vector<bool> closed(table.oneofs, false);
  std::vector<Piece> kept;
  for (auto piece = pieces->rbegin(); piece != pieces->rend(); ++piece) {
    const int oneof = piece->field->oneof;
    if (oneof >= 0) {
      if (winners[oneof] == nullptr) winners[oneof] = piece->field;
      if (winners[oneof] != piece->field) closed[oneof] = true;
      if (closed[oneof]) continue;
    }
    kept.push_back(*piece);
  }
  pieces->assign(kept.rbegin(), kept.rend());
}

void AppendMerged(const std::vector<Piece>& pieces, size_t from, size_t to, std::string* out) {
  std::string content;
  for (size_t i = from; i < to; ++i) {
    absl::string_view bytes;
    ReadBytes(pieces[i].value, pieces[i].end, &bytes);
    content.append(bytes.data(), bytes.size());
  }
  std::string length;
  Buffer buffer(&length, 16);
  buffer.Varint(content.size());
  buffer.Finish();
  out->append(pieces[from].field->tag).append(length).append(content);
}

}  // namespace

Order CheckOrder(const MessageTable& table, absl::string_view wire) {
  const char* p = wire.data();
  const char* const end = p + wire.size();
  int64_t last = -1;
  uint64_t oneofs = 0;
  bool after_unknown = false;
  Order order = Order::kNormal;
  Piece piece;
  for (; p < end; p = piece.end) {
    if (!NextPiece(table, p, end, &piece)) return Order::kMalformed;
    if (piece.field == nullptr) {
      after_unknown = true;  // between the pieces of a repeated field it would cut the list in two
      continue;
    }
    const int64_t index = piece.field->index;
    const bool many = piece.field->repeated || piece.field->map;
    if (index < last || (index == last && (!many || after_unknown))) order = Order::kLoose;
    last = index;
    after_unknown = false;
    if (piece.field->oneof >= 0) {
      const uint64_t bit = uint64_t{1}
                           << (piece.field->oneof & 63);  // beyond 64 oneofs: needlessly loose, still right
      if (oneofs & bit) order = Order::kLoose;
      oneofs |= bit;
    }
  }
  return order;
}

std::string Normalize(const MessageTable& table, absl::string_view wire) {
  std::vector<Piece> pieces;
  Piece piece;
  for (const char* p = wire.data(); p < wire.data() + wire.size(); p = piece.end) {
    if (!NextPiece(table, p, wire.data() + wire.size(), &piece)) return "";
    if (piece.field == nullptr) continue;
    pieces.push_back(piece);
  }
  DropOverridden(table, &pieces);
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.field->index < b.field->index; });
  std::string result;
  for (size_t i = 0, next; i < pieces.size(); i = next) {
    const FieldTable& field = *pieces[i].field;
    for (next = i + 1; next < pieces.size() && pieces[next].field == &field;) ++next;
    if (field.repeated || field.map) {
      for (size_t at = i; at < next; ++at)
        result.append(pieces[at].whole().data(), pieces[at].whole().size());
    } else if (field.kind == Kind::kMessage) {
      AppendMerged(pieces, i, next, &result);
    } else {
      result.append(pieces[next - 1].whole().data(), pieces[next - 1].whole().size());
    }
  }
  return result;
}

absl::string_view LastValue(const FieldTable& field, absl::string_view wire) {
  absl::string_view last;
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    const char* value = ReadVarint(p, end, &tag);
    if (value == nullptr) return "";
    p = SkipValue(value, end, tag & 7);
    if (p == nullptr) return "";
    if (tag == (static_cast<uint64_t>(field.number) << 3 | field.wire_type))
      last = absl::string_view(value, static_cast<size_t>(p - value));
  }
  return last;
}

std::string Merged(const FieldTable& field, absl::string_view wire) {
  std::string content;
  const char* p = wire.data();
  const char* const end = p + wire.size();
  while (p < end) {
    uint64_t tag = 0;
    absl::string_view bytes;
    const char* value = ReadVarint(p, end, &tag);
    p = value == nullptr ? nullptr : SkipValue(value, end, tag & 7);
    if (p == nullptr) return content;
    if (tag != (static_cast<uint64_t>(field.number) << 3 | kLengthDelimited)) continue;
    ReadBytes(value, end, &bytes);
    content.append(bytes.data(), bytes.size());
  }
  return content;
}

}  // namespace sifa::contract
