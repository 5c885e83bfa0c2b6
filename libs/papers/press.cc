#include "libs/papers/press.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::papers {
namespace {

constexpr double kMillimetre = 72 / 25.4;
// GB/T 9704: a page of 210 × 297 mm with a text of 156 × 225 mm, 37 mm from its top and 28 mm from its left.
constexpr double kWidth = 210 * kMillimetre, kHeight = 297 * kMillimetre;
constexpr double kLeft = 28 * kMillimetre, kTop = 37 * kMillimetre;
constexpr double kTextWidth = 156 * kMillimetre, kTextHeight = 225 * kMillimetre;
// Sizes of type in points: 二号, 三号, 小四, 小五.
constexpr double kTitleSize = 22, kBodySize = 16, kTableSize = 12, kFooterSize = 9;
constexpr double kBodyLead = 29, kTableLead = 18, kTitleLead = 36;
constexpr double kSealSize = 42 * kMillimetre;  // of a county's seal with its margin
constexpr double kCellPadding = 4, kRule = 0.6;
constexpr double kNameWidth = 0.19;  // of a table's width: the column of names

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using FontSet = std::unique_ptr<FcConfig, Freer<FcConfigDestroy>>;
using FontMap = std::unique_ptr<PangoFontMap, Freer<g_object_unref>>;
using Context = std::unique_ptr<PangoContext, Freer<g_object_unref>>;
using Layout = std::unique_ptr<PangoLayout, Freer<g_object_unref>>;
using LineWalk = std::unique_ptr<PangoLayoutIter, Freer<pango_layout_iter_free>>;
using Font = std::unique_ptr<PangoFontDescription, Freer<pango_font_description_free>>;
using Surface = std::unique_ptr<cairo_surface_t, Freer<cairo_surface_destroy>>;
using Ink = std::unique_ptr<cairo_t, Freer<cairo_destroy>>;

// A line of set text at its place from the left of a strip.
struct Piece {
  PangoLayoutLine* line = nullptr;
  double x = 0, baseline = 0;
};
// What no page break parts: a line of a paragraph, of a row of a table, the place of a seal.
struct Strip {
  double height = 0;
  std::vector<Piece> pieces;
  std::vector<double> walls;  // of a table: where its columns begin and end
  bool roof = false, floor = false;
  bool glued = false;  // not the first of a page, where the strip before it can come along
  double seal = 0;     // the middle of the place of a seal, from the left; 0: none
};

// Sets one sheet.
class Setting {
 public:
  Setting(PangoContext* context, const Sheet& sheet) : context_(context) {
    Centred(sheet.title, kTitleSize, kTitleLead);
    strips_.push_back({.height = kBodyLead / 2});
    for (size_t i = 0; i < sheet.blocks.size(); ++i) {
      const Block& block = sheet.blocks[i];
      const bool in_table = block.kind == Block::Kind::kRow;
      if (in_table && !in_table_ && i > 0) strips_.push_back({.height = 6});
      if (!in_table && in_table_) strips_.push_back({.height = 10});
      in_table_ = in_table;
      Add(block);
    }
    BreakPages();
  }

  int pages() const { return static_cast<int>(first_of_page_.size()); }
  int unknown_characters() const { return unknown_; }

  void Draw(cairo_t* ink, int page) const {
    const size_t end = page + 1 < pages() ? first_of_page_[page + 1] : strips_.size();
    double y = kTop;
    for (size_t i = first_of_page_[page]; i < end; ++i) {
      const Strip& strip = strips_[i];
      const bool first = i == first_of_page_[page], last = i + 1 == end;
      DrawWalls(ink, strip, y, strip.roof || first, strip.floor || last);
      for (const Piece& piece : strip.pieces) {
        cairo_move_to(ink, kLeft + piece.x, y + piece.baseline);
        pango_cairo_show_layout_line(ink, piece.line);
      }
      if (strip.seal > 0) DrawSeal(ink, kLeft + strip.seal, y + strip.height / 2);
      y += strip.height;
    }
  }

  // The line under the text of each page.
  void DrawFooter(cairo_t* ink, const std::string& text, int page) {
    PangoLayout* layout = Set(absl::StrCat(text, "　第", page + 1, "页 共", pages(), "页"), kFooterSize, kTextWidth);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    cairo_move_to(ink, kLeft, kTop + kTextHeight + 20);
    pango_cairo_show_layout(ink, layout);
  }

 private:
  PangoLayout* Set(const std::string& text, double size, double width) {
    layouts_.emplace_back(pango_layout_new(context_));
    PangoLayout* layout = layouts_.back().get();
    Font& font = fonts_[size];
    if (font == nullptr) {
      font.reset(pango_font_description_copy(pango_context_get_font_description(context_)));
      pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
    }
    pango_layout_set_font_description(layout, font.get());
    pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
    unknown_ += pango_layout_get_unknown_glyphs_count(layout);
    return layout;
  }

  // Where a line's text begins, as its layout is aligned and indented.
  static double OffsetOf(PangoLayoutIter* lines) {
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(lines, nullptr, &logical);
    return static_cast<double>(logical.x) / PANGO_SCALE;
  }

  void Lines(PangoLayout* layout, double x, double size, double lead) {
    const LineWalk lines(pango_layout_get_iter(layout));
    do {
      strips_.push_back(
          {.height = lead,
           .pieces = {{pango_layout_iter_get_line_readonly(lines.get()), x + OffsetOf(lines.get()), BaselineIn(size, lead)}}});
    } while (pango_layout_iter_next_line(lines.get()));
  }

  // Han characters stand on a baseline a seventh of their size above their foot.
  static double BaselineIn(double size, double lead) { return (lead - size) / 2 + size * 6 / 7; }

  void Centred(const std::string& text, double size, double lead) {
    PangoLayout* layout = Set(text, size, kTextWidth);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    Lines(layout, 0, size, lead);
  }

  void Add(const Block& block) {
    switch (block.kind) {
      case Block::Kind::kCentred:
        return Centred(block.texts[0], kBodySize, kBodyLead);
      case Block::Kind::kAddressee:
        return Lines(Set(block.texts[0], kBodySize, kTextWidth), 0, kBodySize, kBodyLead);
      case Block::Kind::kParagraph: {
        PangoLayout* layout = Set(block.texts[0], kBodySize, kTextWidth);
        pango_layout_set_indent(layout, static_cast<int>(2 * kBodySize * PANGO_SCALE));
        return Lines(layout, 0, kBodySize, kBodyLead);
      }
      case Block::Kind::kRow:
        return Row(block.texts);
      case Block::Kind::kSignature:
        return Signature(block.texts[0]);
      case Block::Kind::kSeal:
        return Seal(block.texts);
    }
  }

  void Signature(const std::string& who) {
    constexpr double kLead = kBodyLead * 1.5;
    Strip strip{.height = kLead};
    strip.pieces.push_back(FirstLine(Set(absl::StrCat(who, "（签名）："), kBodySize, kTextWidth), kBodySize, kLead));
    PangoLayout* day = Set("年　　月　　日", kBodySize, kTextWidth);
    pango_layout_set_alignment(day, PANGO_ALIGN_RIGHT);
    strip.pieces.push_back(FirstLine(day, kBodySize, kLead));
    strips_.push_back(std::move(strip));
  }

  Piece FirstLine(PangoLayout* layout, double size, double lead) {
    const LineWalk lines(pango_layout_get_iter(layout));
    return {pango_layout_iter_get_line_readonly(lines.get()), OffsetOf(lines.get()), BaselineIn(size, lead)};
  }

  void Row(const std::vector<std::string>& texts) {
    std::vector<double> walls = {0};
    const size_t pairs = texts.size() / 2;
    for (size_t i = 0; i < texts.size(); ++i) {
      const double name = pairs == 0 ? 1.0 : kNameWidth, value = pairs == 0 ? 1.0 : (1 - kNameWidth * pairs) / pairs;
      walls.push_back(walls.back() + kTextWidth * (i % 2 == 0 ? name : value));
    }
    walls.back() = kTextWidth;
    std::vector<Strip> strips;
    for (size_t i = 0; i < texts.size(); ++i) {
      PangoLayout* layout = Set(texts[i], kTableSize, walls[i + 1] - walls[i] - 2 * kCellPadding);
      const LineWalk lines(pango_layout_get_iter(layout));
      size_t at = 0;
      do {
        if (at == strips.size()) strips.push_back({.height = kTableLead, .walls = walls});
        strips[at++].pieces.push_back({pango_layout_iter_get_line_readonly(lines.get()),
                                       walls[i] + kCellPadding + OffsetOf(lines.get()), BaselineIn(kTableSize, kTableLead)});
      } while (pango_layout_iter_next_line(lines.get()));
    }
    strips.front().roof = strips.back().floor = true;
    Pad(&strips.front(), kCellPadding);
    strips.back().height += kCellPadding;
    std::move(strips.begin(), strips.end(), std::back_inserter(strips_));
  }

  static void Pad(Strip* strip, double above) {
    strip->height += above;
    for (Piece& piece : strip->pieces) piece.baseline += above;
  }

  // The organ over the day, at the right; the seal is set across both.
  void Seal(const std::vector<std::string>& texts) {
    // A page with nothing but a seal could be put under another text: the last two lines come along.
    if (!strips_.empty()) strips_.back().glued = true;
    Strip strip{.height = kSealSize + 8, .glued = true, .seal = kTextWidth - 0.62 * kSealSize};
    double baseline = strip.height / 2 - 4;
    for (const std::string& text : texts) {
      PangoLayout* layout = Set(text, kBodySize, kTextWidth - 2 * kBodySize);
      pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
      strip.pieces.push_back(FirstLine(layout, kBodySize, kBodyLead));
      strip.pieces.back().baseline = baseline;
      baseline += kBodyLead;
    }
    PangoLayout* mark = Set("（印章处）", kFooterSize, kSealSize);
    pango_layout_set_alignment(mark, PANGO_ALIGN_CENTER);
    Piece marked = FirstLine(mark, kFooterSize, kBodyLead);
    marked.x += strip.seal - kSealSize / 2;
    marked.baseline = strip.height / 2 - kSealSize / 3;
    strip.pieces.push_back(marked);
    strips_.push_back(std::move(strip));
  }

  static void DrawWalls(cairo_t* ink, const Strip& strip, double y, bool roof, bool floor) {
    if (strip.walls.empty()) return;
    cairo_set_line_width(ink, kRule);
    for (const double wall : strip.walls) {
      cairo_move_to(ink, kLeft + wall, y);
      cairo_line_to(ink, kLeft + wall, y + strip.height);
    }
    for (const bool above : {true, false}) {
      if (!(above ? roof : floor)) continue;
      cairo_move_to(ink, kLeft, above ? y : y + strip.height);
      cairo_rel_line_to(ink, kTextWidth, 0);
    }
    cairo_stroke(ink);
  }

  static void DrawSeal(cairo_t* ink, double x, double y) {
    constexpr double kDashes[] = {3, 3};
    cairo_save(ink);
    cairo_set_source_rgb(ink, 0.6, 0.6, 0.6);
    cairo_set_line_width(ink, kRule);
    cairo_set_dash(ink, kDashes, 2, 0);
    cairo_new_path(ink);
    cairo_arc(ink, x, y, kSealSize / 2, 0, 2 * 3.14159265358979);
    cairo_stroke(ink);
    cairo_restore(ink);
  }

  void BreakPages() {
    double used = kTextHeight + 1;
    for (size_t i = 0; i < strips_.size(); ++i) {
      if (used + strips_[i].height > kTextHeight) {
        size_t first = i;
        while (strips_[first].glued && first > first_of_page_.back() + 1) --first;
        first_of_page_.push_back(first);
        used = 0;
        for (size_t moved = first; moved < i; ++moved) used += strips_[moved].height;
      }
      used += strips_[i].height;
    }
  }

  PangoContext* const context_;
  std::map<double, Font> fonts_;
  std::vector<Layout> layouts_;  // the lines of the strips are theirs
  std::vector<Strip> strips_;
  std::vector<size_t> first_of_page_;
  int unknown_ = 0;
  bool in_table_ = false;
};

std::string InstantOf(absl::Time time) { return absl::FormatTime("%Y-%m-%dT%H:%M:%S+08:00", time, ChinaTime()); }

}  // namespace

std::vector<std::string> UsualFonts() {
  return {"/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf", "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
          "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"};
}

// Pango's font maps are one thread's at a time, so each has its own.
class Press::Case {
 public:
  static absl::StatusOr<std::unique_ptr<Case>> Make(const std::vector<std::string>& fonts) {
    auto made = std::make_unique<Case>();
    made->fonts_.reset(FcConfigCreate());
    for (const std::string& font : fonts) {
      if (!FcConfigAppFontAddFile(made->fonts_.get(), reinterpret_cast<const FcChar8*>(font.c_str())))
        return Internal(absl::StrCat("font ", font, " cannot be read"));
    }
    made->map_.reset(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(made->map_.get()), made->fonts_.get());
    // A point of the page is a unit of the layout.
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(made->map_.get()), 72);
    made->context_.reset(pango_font_map_create_context(made->map_.get()));
    PangoContext* context = made->context_.get();
    pango_context_set_language(context, pango_language_from_string("zh-cn"));
    pango_context_set_round_glyph_positions(context, false);
    const std::unique_ptr<cairo_font_options_t, Freer<cairo_font_options_destroy>> options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options.get());
    const Font font(pango_font_description_from_string("BabelStone Han, HanaMinA, HanaMinB"));
    pango_context_set_font_description(context, font.get());
    return made;
  }

  absl::StatusOr<Printed> Print(const Sheet& sheet) {
    Setting setting(context_.get(), sheet);
    Printed printed{.pages = setting.pages()};
    const auto write = [](void* to, const unsigned char* bytes, unsigned size) {
      static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
      return CAIRO_STATUS_SUCCESS;
    };
    const Surface surface(cairo_pdf_surface_create_for_stream(write, &printed.pdf, kWidth, kHeight));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, sheet.title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "司法");
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, InstantOf(sheet.made_at).c_str());
    {
      const Ink ink(cairo_create(surface.get()));
      for (int page = 0; page < printed.pages; ++page) {
        setting.Draw(ink.get(), page);
        setting.DrawFooter(ink.get(), sheet.footer, page);
        cairo_show_page(ink.get());
      }
    }
    cairo_surface_finish(surface.get());
    if (const auto status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
      return Internal(absl::StrCat("a paper cannot be printed: ", cairo_status_to_string(status)));
    printed.unknown_characters = setting.unknown_characters();
    return printed;
  }

 private:
  FontSet fonts_;
  FontMap map_;
  Context context_;
};

Press::Press(std::vector<std::string> fonts) : fonts_(std::move(fonts)) {}
Press::~Press() = default;

absl::StatusOr<std::unique_ptr<Press>> Press::Open(std::vector<std::string> fonts) {
  for (const std::string& font : fonts) {
    struct stat found;
    if (stat(font.c_str(), &found) != 0) {
      return Error(absl::StatusCode::kFailedPrecondition, "PAPER_FONT_MISSING", absl::StrCat("文书所用的字体没有安装：", font));
    }
  }
  return std::unique_ptr<Press>(new Press(std::move(fonts)));
}

absl::StatusOr<std::unique_ptr<Press::Case>> Press::Take() {
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      auto taken = std::move(idle_.back());
      idle_.pop_back();
      return taken;
    }
  }
  return Case::Make(fonts_);
}

absl::StatusOr<Press::Printed> Press::Print(const Sheet& sheet) {
  ASSIGN_OR_RETURN(auto taken, Take());
  auto printed = taken->Print(sheet);
  absl::MutexLock lock(&mutex_);
  idle_.push_back(std::move(taken));
  return printed;
}

}  // namespace sifa::papers
