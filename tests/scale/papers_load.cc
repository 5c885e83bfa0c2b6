// Papers a second: a warning decision filled and printed by libs/papers, beside the same texts set by Pango and drawn by cairo
// into a PDF and nothing else. One thread, by turns, medians of rounds; prints both as JSON.
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "libs/papers/fill.h"
#include "libs/papers/press.h"
#include "libs/papers/templates.h"
#include "sifa/corrections/v1/sanction.pb.h"
#include "sifa/corrections/v1/subject.pb.h"

ABSL_FLAG(std::string, data, "data", "The directory of the suite's data");
ABSL_FLAG(double, seconds, 1, "How long each round lasts");
ABSL_FLAG(int, rounds, 5, "How many rounds");

namespace sifa {
namespace {

using corrections::v1::Sanction;

template <class T>
T Must(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
  std::exit(1);
}

// A person nobody is, warned for what nobody did.
Sanction WarningOf(int order) {
  Sanction sanction;
  sanction.set_number(absl::StrCat("（2026）330783矫警字第", order, "号"));
  sanction.set_region("330783118");
  sanction.set_subject("01");
  sanction.mutable_person()->set_name("赵大山");
  sanction.mutable_person()->set_category("02");
  sanction.mutable_person()->set_term_to("2026-08-31");
  sanction.set_kind(Sanction::WARNING);
  sanction.set_criterion("违反报告、会客、外出、迁居等规定，情节较重");
  sanction.set_article("《社区矫正法实施办法》第35条");
  sanction.set_facts(
      "2026年3月1日，未经批准离开东阳市前往义乌市，当晚返回，未报告；3月2日司法所走访时不在居住地，电话无人接听，经家属联系后返回"
      "。");
  return sanction;
}

// What bare Pango and cairo do with the texts of a sheet: one layout a text, one under the other.
class Bare {
 public:
  Bare() {
    FcConfig* fonts = FcConfigCreate();
    for (const std::string& font : papers::UsualFonts()) {
      FcConfigAppFontAddFile(fonts, reinterpret_cast<const FcChar8*>(font.c_str()));
    }
    PangoFontMap* map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), fonts);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72);
    context_ = pango_font_map_create_context(map);
  }

  size_t Print(const papers::Sheet& sheet) {
    size_t size = 0;
    const auto count = [](void* to, const unsigned char*, unsigned bytes) {
      *static_cast<size_t*>(to) += bytes;
      return CAIRO_STATUS_SUCCESS;
    };
    cairo_surface_t* surface = cairo_pdf_surface_create_for_stream(count, &size, 595, 842);
    cairo_t* ink = cairo_create(surface);
    PangoFontDescription* font = pango_font_description_from_string("BabelStone Han 16");
    double y = 100;
    const auto draw = [&](const std::string& text) {
      PangoLayout* layout = pango_layout_new(context_);
      pango_layout_set_font_description(layout, font);
      pango_layout_set_width(layout, 442 * PANGO_SCALE);
      pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
      cairo_move_to(ink, 79, y);
      pango_cairo_show_layout(ink, layout);
      y += 24;
      g_object_unref(layout);
    };
    draw(sheet.title);
    for (const papers::Block& block : sheet.blocks) {
      for (const std::string& text : block.texts) draw(text);
    }
    draw(sheet.footer);
    pango_font_description_free(font);
    cairo_destroy(ink);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    return size;
  }

 private:
  PangoContext* context_;
};

double PerSecond(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const std::chrono::duration<double> length(absl::GetFlag(FLAGS_seconds));
  int done = 0;
  std::chrono::duration<double> spent{};
  do {
    work();
    ++done;
    spent = std::chrono::steady_clock::now() - begin;
  } while (spent < length);
  return done / spent.count();
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void Run() {
  const std::string data = absl::GetFlag(FLAGS_data);
  papers::Templates templates;
  if (const auto status = templates.Load(data + "/papers/corrections"); !status.ok()) Must(absl::StatusOr<int>(status));
  const CodeTables codes = Must(CodeTables::Load(data + "/code-tables"));
  const RegionTable regions = Must(RegionTable::Load(data + "/regions"));
  const auto press = Must(papers::Press::Open());
  Bare bare;
  corrections::v1::Subject subject;
  subject.mutable_person()->set_residence("南马镇安恬村12号");
  subject.mutable_decision()->set_term_from("2024-09-01");
  const absl::CivilDay day(2026, 3, 5);
  const papers::Template& paper = *templates.Find("Sanction", "WARNING_DECISION", day);
  int order = 0;
  const auto sheet = [&] {
    const Sanction sanction = WarningOf(++order);
    papers::Filling filling{
        sanction, day, codes, regions, {{"subject", &subject}}, papers::OrgansOf(sanction.region(), day, regions)};
    filling.words["day"] = papers::DayInWords(day);
    papers::Sheet filled = papers::Fill(paper, filling);
    filled.footer = absl::StrCat("内容摘要（SM3）", std::string(64, '0'));
    return filled;
  };
  std::vector<double> papers, bares;
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
    papers.push_back(PerSecond([&] { Must(press->Print(sheet())); }));
    const papers::Sheet same = sheet();
    bares.push_back(PerSecond([&] { bare.Print(same); }));
  }
  std::printf("{\"papers\": %.1f, \"bare\": %.1f}\n", Median(papers), Median(bares));
}

}  // namespace
}  // namespace sifa

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  sifa::Run();
}
