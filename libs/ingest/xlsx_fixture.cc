#include "libs/ingest/xlsx_fixture.h"

#include <zlib.h>

#include "absl/strings/str_cat.h"

namespace sifa::ingest {
namespace {

constexpr char kSpreadsheet[] = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr char kRelationship[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

// One piece of a deflated stream, which others may follow.
std::string Deflated(absl::string_view bytes, int flush) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string deflated(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(deflated.data());
  stream.avail_out = static_cast<uInt>(deflated.size());
  deflate(&stream, flush);
  deflated.resize(stream.total_out);
  deflateEnd(&stream);
  return deflated;
}

uint32_t Crc(absl::string_view bytes) {
  return static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

void Put(uint64_t value, int bytes, std::string* to) {
  for (; bytes > 0; --bytes, value >>= 8) to->push_back(static_cast<char>(value));
}

std::string Xml(absl::string_view root, absl::string_view attributes, absl::string_view inside) {
  return absl::StrCat(R"(<?xml version="1.0" encoding="UTF-8"?><)", root, " xmlns=\"", kSpreadsheet, "\" xmlns:r=\"",
                      kRelationship, "\" ", attributes, ">", inside, "</", root, ">");
}

std::string Link(absl::string_view id, absl::string_view kind, absl::string_view target) {
  return absl::StrCat("<Relationship Id=\"", id, "\" Type=\"", kRelationship, "/", kind, "\" Target=\"", target, "\"/>");
}

}  // namespace

void ZipMaker::Add(absl::string_view name, absl::string_view bytes) {
  parts_.push_back({std::string(name), Deflated(bytes, Z_FINISH), Crc(bytes), static_cast<uint32_t>(bytes.size())});
}

void ZipMaker::AddRepeated(absl::string_view name, absl::string_view head, const std::string& unit, uint64_t times,
                           absl::string_view tail) {
  Part part{std::string(name), Deflated(head, Z_FULL_FLUSH), Crc(head)};
  const std::string once = Deflated(unit, Z_FULL_FLUSH);
  const uint32_t crc = Crc(unit);
  for (uint64_t i = 0; i < times; ++i) {
    part.deflated += once;
    part.crc = static_cast<uint32_t>(crc32_combine(part.crc, crc, static_cast<z_off_t>(unit.size())));
  }
  part.deflated += Deflated(tail, Z_FINISH);
  part.crc = static_cast<uint32_t>(crc32_combine(part.crc, Crc(tail), static_cast<z_off_t>(tail.size())));
  part.size = static_cast<uint32_t>(head.size() + unit.size() * times + tail.size());
  parts_.push_back(std::move(part));
}

std::string ZipMaker::Bytes(int claimed) const {
  std::string bytes, directory;
  for (const Part& part : parts_) {
    const size_t at = bytes.size();
    const auto facts = [&](std::string* to) {
      Put(20, 2, to), Put(part.flags, 2, to), Put(part.method, 2, to), Put(0, 4, to);
      Put(part.crc, 4, to), Put(part.deflated.size(), 4, to), Put(part.size, 4, to), Put(part.name.size(), 2, to), Put(0, 2, to);
    };
    bytes += "PK\x03\x04";
    facts(&bytes);
    bytes += part.name + part.deflated;
    directory += "PK\x01\x02";
    Put(20, 2, &directory);
    facts(&directory);
    Put(0, 10, &directory), Put(at, 4, &directory);
    directory += part.name;
  }
  const size_t at = bytes.size();
  const auto count = static_cast<uint64_t>(claimed < 0 ? static_cast<int>(parts_.size()) : claimed);
  bytes += directory + "PK\x05\x06";
  Put(0, 4, &bytes), Put(count, 2, &bytes), Put(count, 2, &bytes), Put(directory.size(), 4, &bytes), Put(at, 4, &bytes),
      Put(0, 2, &bytes);
  return bytes;
}

ZipMaker WorkbookMaker::WithoutSheet() const {
  const std::string rels = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  std::string cell_styles;
  for (const int format : styles) absl::StrAppend(&cell_styles, "<xf numFmtId=\"", format, "\"/>");
  ZipMaker zip;
  zip.Add("[Content_Types].xml", R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>)");
  zip.Add("_rels/.rels", rels + Link("rId1", "officeDocument", "xl/workbook.xml") + "</Relationships>");
  zip.Add("xl/workbook.xml", Xml("workbook", "", absl::StrCat("<workbookPr ", properties, "/><sheets>", sheets, "</sheets>")));
  zip.Add("xl/_rels/workbook.xml.rels",
          absl::StrCat(rels, Link("rId1", "worksheet", "worksheets/sheet1.xml"), Link("rId8", "styles", "styles.xml"),
                       Link("rId9", "sharedStrings", "/xl/sharedStrings.xml"), further_links, "</Relationships>"));
  zip.Add("xl/styles.xml",
          Xml("styleSheet", "",
              absl::StrCat("<numFmts>", formats,
                           "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>",
                           cell_styles, "</cellXfs>")));
  zip.Add("xl/sharedStrings.xml", Xml("sst", "", strings));
  for (const auto& [name, bytes] : further_parts) zip.Add(name, bytes);
  return zip;
}

std::string WorkbookMaker::Bytes() const {
  ZipMaker zip = WithoutSheet();
  zip.Add("xl/worksheets/sheet1.xml", Xml("worksheet", "", absl::StrCat("<sheetData>", rows, "</sheetData>", behind_rows)));
  return zip.Bytes();
}

std::string InlineRow(int number, const std::vector<std::string>& cells) {
  std::string row = absl::StrCat("<row r=\"", number, "\">");
  for (const std::string& cell : cells) absl::StrAppend(&row, "<c t=\"inlineStr\"><is><t>", cell, "</t></is></c>");
  return row + "</row>";
}

}  // namespace sifa::ingest
