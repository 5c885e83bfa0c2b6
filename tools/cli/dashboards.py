"""`tools/sifa dashboards`: draws the dashboards of deploy/grafana from a Prometheus, without Grafana.

Each dashboard becomes one picture, laid out as Grafana would lay it out, and index.html shows them all. What Grafana's screen decides (how
far back, which of two ways to word a unit) is decided here; queries, thresholds and words are those of the dashboards. It is for
looking at them, in a review and where there is no Grafana; nothing here is live."""

import concurrent.futures
import contextlib
import datetime
import html
import json
import math
import re
import textwrap
import urllib.error
import urllib.parse
import urllib.request

import catalogue
from console import Failure
from state import ROOT

SOURCE = ROOT / "deploy" / "grafana" / "dashboards"
_POINTS = 240
_SERIES = 12          # drawn of one panel; the rest is counted
_CELL, _ROW = 0.72, 0.40  # inches of one column and one row of the grid
_COLOURS = {"green": "#3d8b40", "red": "#c4162a", "orange": "#d9730d", "yellow": "#c79c00", "blue": "#1f60c4", "text": "#24292e"}
_FONTS = ("DejaVu Sans", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "BabelStone Han", "HanaMinA")  # the first that has a character


class Prometheus:
    """Asks one server; the answers are read as {labels: value or points}."""

    def __init__(self, address, hours):
        self._address = address.rstrip("/")
        self.end = datetime.datetime.now(datetime.timezone.utc).timestamp()
        self.start = self.end - hours * 3600
        self.step = max(15.0, (self.end - self.start) / _POINTS)

    def _ask(self, path, **parameters):
        url = f"{self._address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as error:
            raise Failure(f"Prometheus refuses a query: {json.load(error).get('error')}", excerpt=[parameters["query"]]) from None
        except OSError as error:
            raise Failure(f"Prometheus at {self._address} does not answer: {error}", hint="tools/sifa up --observe") from None

    def skip_what_was_before(self):
        """Begins with the first that was scraped, where that is later."""
        first = [points[0][0] for _, points in self.over_time('up{job="sifa"}')]
        if first:
            self.start = max(self.start, min(min(first), self.end - 300) - self.step)
            self.step = max(15.0, (self.end - self.start) / _POINTS)

    def now(self, query):
        return [(series["metric"], float(series["value"][1])) for series in self._ask("query", query=query, time=self.end)]

    def over_time(self, query):
        return [(series["metric"], [(float(t), float(v)) for t, v in series["values"]])
                for series in self._ask("query_range", query=query, start=self.start, end=self.end, step=self.step)]


def expression(text, service, prometheus):
    """A query with the dashboard's variables filled in, as Grafana does it."""
    window = max(60, int(4 * prometheus.step)) if prometheus else 60
    span = int(prometheus.end - prometheus.start) if prometheus else 3600
    for name, value in (("$__rate_interval", f"{window}s"), ("$__range", f"{span}s"), ("$__interval", "60s"), ("$namespace", ".*"), ("$service", service)):
        text = text.replace(name, value)
    return text


def legend(template, labels):
    """The name of a series."""
    if template in (None, "", "__auto"):
        return ", ".join(f"{k} {v}" for k, v in sorted(labels.items()) if k not in ("__name__", "job", "instance")) or ""
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda match: labels.get(match[1], ""), template).strip()


def worded(value, unit, mappings=()):
    """A value as a reader wants it, with its unit."""
    for mapping in mappings:
        options = mapping["options"]
        if mapping["type"] == "value" and (found := options.get(f"{value:g}")):
            return found["text"]
        if mapping["type"] == "special" and math.isnan(value):
            return options["result"]["text"]
    if math.isnan(value):
        return "–"
    if unit == "percentunit":
        return f"{value * 100:.4g} %"
    if unit == "bytes":
        return _scaled(value, 1024, ("B", "KiB", "MiB", "GiB", "TiB"))
    if unit == "s":
        return _seconds(value)
    suffix = {"reqps": " req/s", "cps": " /s", "d": " d"}.get(unit, "")
    return (_scaled(value, 1000, ("", "k", "M", "G")) if abs(value) >= 10000 else f"{value:.4g}") + suffix


def _scaled(value, base, names):
    for name in names[:-1]:
        if abs(value) < base:
            return f"{value:.3g} {name}".rstrip()
        value /= base
    return f"{value:.3g} {names[-1]}"


def _seconds(value):
    for size, name in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        if abs(value) >= size:
            return f"{value / size:.3g} {name}"
    return "0 s" if value == 0 else f"{value * 1000:.3g} ms"


def colour(value, defaults):
    """By the thresholds of a panel, or the mapping of the value."""
    for mapping in defaults.get("mappings", ()):
        if mapping["type"] == "value" and (found := mapping["options"].get(f"{value:g}")) and found.get("color"):
            return _COLOURS.get(found["color"], found["color"])
    chosen = "text"
    for step in defaults.get("thresholds", {}).get("steps", ()):
        if step["value"] is None or value >= step["value"]:
            chosen = step["color"]
    return _COLOURS.get(chosen, chosen)


def draw(address, directory, hours, service):
    """Draws all of them into `directory`. Returns [(name, panels, panels without a series)]."""
    try:
        import matplotlib  # pylint: disable=import-outside-toplevel  # of this command only
    except ImportError:
        raise Failure("Drawing needs matplotlib.", hint="apt-get install python3-matplotlib fonts-wqy-zenhei") from None
    if service not in catalogue.with_database():
        raise Failure(f"There is no service {service}.", hint=f"one of: {', '.join(catalogue.with_database())}")
    matplotlib.use("Agg")
    from matplotlib import font_manager  # pylint: disable=import-outside-toplevel
    # It remembers the fonts of its first run.
    remembered = {font.fname for font in font_manager.fontManager.ttflist}
    for path in set(font_manager.findSystemFonts()) - remembered:
        with contextlib.suppress(RuntimeError):  # one of a kind that it does not read
            font_manager.fontManager.addfont(path)
    known = {font.name for font in font_manager.fontManager.ttflist}
    matplotlib.rcParams.update({"font.family": [name for name in _FONTS if name in known] or ["sans-serif"], "font.size": 8,
                                "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#bbbbbb", "axes.unicode_minus": False})
    prometheus = Prometheus(address, hours)
    prometheus.skip_what_was_before()
    directory.mkdir(parents=True, exist_ok=True)
    drawn = []
    for path in sorted(SOURCE.glob("*.json")):
        board = json.loads(path.read_text())
        answers = _answers(board, service, prometheus)
        _picture(board, answers, prometheus, directory / f"{path.stem}.png", service)
        empty = [panel["title"] for panel in board["panels"] if panel.get("targets") and not any(answers[panel["id"]])]
        drawn.append((path.stem, board, empty))
    (directory / "index.html").write_text(_page(drawn, prometheus), encoding="utf-8")
    return [(name, sum(bool(p.get("targets")) for p in board["panels"]), empty) for name, board, empty in drawn]


def _answers(board, service, prometheus):
    """{panel's id: the answer to each of its targets}."""
    def ask(panel, target):
        query = expression(target["expr"], service, prometheus)
        return prometheus.over_time(query) if panel["type"] == "timeseries" else prometheus.now(query)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        asked = {panel["id"]: [pool.submit(ask, panel, target) for target in panel.get("targets", ())] for panel in board["panels"]}
        return {number: [future.result() for future in futures] for number, futures in asked.items()}


def _picture(board, answers, prometheus, path, service):
    from matplotlib.figure import Figure  # pylint: disable=import-outside-toplevel
    from matplotlib.patches import Rectangle  # pylint: disable=import-outside-toplevel
    rows = max(p["gridPos"]["y"] + p["gridPos"]["h"] for p in board["panels"])
    width, height, head = 24 * _CELL, rows * _ROW, 0.6
    figure = Figure(figsize=(width, height + head), dpi=100, facecolor="white")
    figure.text(0.006, 1 - 0.3 / (height + head), board["title"] + (f": {service}" if "$service" in json.dumps(board) else ""), fontsize=14, weight="bold", va="center")
    for panel in board["panels"]:
        at = panel["gridPos"]
        box = (at["x"] * _CELL, (rows - at["y"] - at["h"]) * _ROW, at["w"] * _CELL, at["h"] * _ROW)
        if panel["type"] == "row":
            figure.text((box[0] + 0.1) / width, (box[1] + 0.12) / (height + head), panel["title"], fontsize=11, weight="bold", color="#555555")
            continue
        figure.add_artist(Rectangle(((box[0] + 0.04) / width, (box[1] + 0.04) / (height + head)), (box[2] - 0.08) / width, (box[3] - 0.08) / (height + head),
                                    transform=figure.transFigure, fill=False, edgecolor="#dddddd", linewidth=0.8))
        title = (box[0] + 0.12) / width, (box[1] + box[3] - 0.2) / (height + head)
        figure.text(*title, panel["title"], fontsize=9, weight="bold", va="center")
        left = {"timeseries": 0.62, "bargauge": 2.6}.get(panel["type"], 0.12)
        axes = figure.add_axes(((box[0] + left) / width, (box[1] + 0.15) / (height + head), (box[2] - left - 0.2) / width, (box[3] - 0.55) / (height + head)))
        _DRAW[panel["type"]](axes, panel, answers.get(panel["id"], []), prometheus)
    figure.savefig(path)


def _cut(name, length):
    return name if len(name) <= length else name[:length - 1] + "…"


def _nothing(axes):
    axes.set_axis_off()
    axes.text(0.5, 0.5, "no series", ha="center", va="center", color="#999999", fontsize=9, transform=axes.transAxes)


def with_gaps(points, step):
    """The points of a series, with a hole where nothing was measured: a line must not lead over it."""
    whole = points[:1]
    for before, point in zip(points, points[1:]):
        if point[0] - before[0] > 1.5 * step:
            whole.append((before[0] + step, math.nan))
        whole.append(point)
    return whole


def _timeseries(axes, panel, answers, prometheus):
    from matplotlib import dates, ticker  # pylint: disable=import-outside-toplevel
    series = [(legend(target.get("legendFormat"), labels), points) for target, found in zip(panel["targets"], answers) for labels, points in found]
    if not series:
        _nothing(axes)
        return
    defaults = panel["fieldConfig"]["defaults"]
    peak = lambda points: max((v for _, v in points if not math.isnan(v)), default=-math.inf)  # noqa: E731
    series.sort(key=lambda each: -peak(each[1]))
    zone = datetime.timezone(datetime.timedelta(hours=8))  # Beijing time, as everything that the suite shows
    for name, found in series[:_SERIES]:
        points = with_gaps(found, prometheus.step)
        axes.plot([datetime.datetime.fromtimestamp(t, zone) for t, _ in points], [v for _, v in points], linewidth=1.2,
                  marker="." if len(points) < 3 else None, label=_cut(name, 46) or panel["title"])
    axes.set_xlim(datetime.datetime.fromtimestamp(prometheus.start, zone), datetime.datetime.fromtimestamp(prometheus.end, zone))
    values = [v for _, points in series[:_SERIES] for _, v in points if math.isfinite(v)] or [0]
    low, high = min(0, *values), max(0, *values)
    axes.set_ylim(low * 1.08, high * 1.08 if high > low else low + 1)
    axes.yaxis.set_major_locator(ticker.MaxNLocator(4))
    axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: worded(value, defaults["unit"])))
    axes.xaxis.set_major_locator(ticker.MaxNLocator(5))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M" if prometheus.end - prometheus.start < 2 * 86400 else "%m-%d", tz=zone))
    axes.xaxis.set_major_locator(dates.AutoDateLocator(maxticks=6, tz=zone))
    axes.tick_params(labelsize=7, length=2, colors="#666666")
    axes.grid(axis="y", color="#eeeeee")
    more = len(series) - _SERIES
    lines = min(len(series), _SERIES)
    longest = max(len(name) for name, _ in series[:_SERIES])
    columns = max(1, min(1 if lines < 4 else 2 if lines < 9 else 3, int(panel["gridPos"]["w"] * 13.5) // (min(longest, 46) + 6)))
    legend_rows = math.ceil(lines / columns)
    box = axes.get_position()
    share = min(0.6, 0.058 * (legend_rows + (more > 0)) + 0.13)
    axes.set_position((box.x0, box.y0 + box.height * share, box.width, box.height * (1 - share)))
    axes.legend(loc="upper left", bbox_to_anchor=(-0.05, -0.14), ncol=columns, fontsize=6.5, frameon=False, handlelength=1.2, columnspacing=1,
                labelspacing=0.15, borderaxespad=0, title=f"the {_SERIES} highest; {more} more" if more > 0 else None, title_fontsize=6.5)


def _stat(axes, panel, answers, _):
    found = [(legend(target.get("legendFormat"), labels), value) for target, answer in zip(panel["targets"], answers) for labels, value in answer]
    if not found:
        _nothing(axes)
        return
    axes.set_axis_off()
    defaults = panel["fieldConfig"]["defaults"]
    names = len(found) > 1 or panel["options"].get("textMode") == "value_and_name"
    for i, (name, value) in enumerate(found):
        y = 1 - (i + 0.5) / len(found)
        words = worded(value, defaults["unit"], defaults.get("mappings", ()))
        axes.text(0.95 if names else 0.5, y, words, ha="right" if names else "center", va="center", fontsize=11 if names else 20, weight="bold",
                  color=colour(value, defaults), transform=axes.transAxes)
        if names:
            axes.text(0.05, y, name, va="center", fontsize=9, transform=axes.transAxes)


def _bargauge(axes, panel, answers, _):
    found = [(legend(target.get("legendFormat"), labels), value) for target, answer in zip(panel["targets"], answers) for labels, value in answer]
    if not found:
        _nothing(axes)
        return
    defaults = panel["fieldConfig"]["defaults"]
    found = sorted(found, key=lambda each: each[1])[-_SERIES:]
    bars = axes.barh(range(len(found)), [value for _, value in found], color=[colour(value, defaults) for _, value in found], height=0.65)
    axes.bar_label(bars, [worded(value, defaults["unit"]) for _, value in found], padding=3, fontsize=8)
    axes.set_yticks(range(len(found)), [_cut(name, 42) for name, _ in found], fontsize=7)
    axes.set_ylim(-0.6, max(len(found), 4) - 0.4)
    axes.margins(x=0.12)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _table(axes, panel, answers, _):
    rows = {}
    for column, answer in enumerate(answers):
        for labels, value in answer:
            rows.setdefault(legend("__auto", labels), {})[column] = value
    axes.set_axis_off()
    if not rows:
        _nothing(axes)
        return
    heads = _table_heads(panel)
    first = sorted(rows.items(), key=lambda row: -row[1].get(0, 0))[:_SERIES]
    units = [_unit_of(panel, head) for head in heads]
    cells = [[_cut(name.removeprefix("method "), 60),
              *(worded(values[i], units[i]) if i in values else "" for i in range(len(answers)))] for name, values in first]
    table = axes.table(cells, colLabels=["", *heads], cellLoc="right", loc="upper center", edges="horizontal",
                       colWidths=[0.55, *([0.45 / len(heads)] * len(heads))])
    table.auto_set_font_size(False)
    table.set_fontsize(8)
    for (_, column), cell in table.get_celld().items():
        cell.set_edgecolor("#dddddd")
        if column == 0:
            cell.get_text().set_horizontalalignment("left")


def _table_heads(panel):
    """The columns as the dashboard renames them."""
    renamed = {}
    for step in panel.get("transformations", ()):
        renamed.update(step.get("options", {}).get("renameByName", {}))
    return [renamed.get(f"Value #{target['refId']}", target["refId"]) for target in panel["targets"]]


def _unit_of(panel, head):
    for override in panel["fieldConfig"].get("overrides", ()):
        if override["matcher"].get("options") == head:
            return next((p["value"] for p in override["properties"] if p["id"] == "unit"), panel["fieldConfig"]["defaults"]["unit"])
    return panel["fieldConfig"]["defaults"]["unit"]


def _text(axes, panel, _answers_, _prometheus):
    axes.set_axis_off()
    text = re.sub(r"[`*#]", "", panel["options"]["content"])
    lines = [line for part in text.split("\n") for line in (textwrap.wrap(part, int(panel["gridPos"]["w"] * (4 if re.search("[一-鿿]", part) else 8))) or [""])]
    axes.text(0, 1, "\n".join(lines), va="top", fontsize=8.5, transform=axes.transAxes)


_DRAW = {"timeseries": _timeseries, "stat": _stat, "bargauge": _bargauge, "table": _table, "text": _text}


def _page(drawn, prometheus):
    """All of them, with what each panel shows."""
    until = datetime.datetime.fromtimestamp(prometheus.end, datetime.timezone(datetime.timedelta(hours=8)))
    parts = ["<!doctype html><html lang=zh><meta charset=utf-8><title>Sifa: dashboards</title>",
             "<style>body{font:14px sans-serif;margin:1.5em;max-width:1750px}img{max-width:100%;border:1px solid #ddd}dt{font-weight:bold}dd{margin:0 0 .4em 1.5em;color:#555}</style>",
             f"<h1>Sifa: dashboards</h1><p>{(prometheus.end - prometheus.start) / 3600:g} h until {until:%Y-%m-%d %H:%M} (UTC+8). "
             + " · ".join(f'<a href="#{name}">{html.escape(board["title"])}</a>' for name, board, _ in drawn) + "</p>"]
    for name, board, empty in drawn:
        parts.append(f'<h2 id="{name}">{html.escape(board["title"])}</h2><p>{html.escape(board["description"])}</p><img src="{name}.png" alt="{html.escape(board["title"])}">')
        if empty:
            parts.append(f"<p>Without a series: {html.escape(', '.join(empty))}.</p>")
        parts.append("<details><summary>What each panel shows</summary><dl>" + "".join(
            f"<dt>{html.escape(p['title'])}</dt><dd>{html.escape(p['description'])}</dd>" for p in board["panels"] if p.get("targets")) + "</dl></details>")
    return "\n".join(parts) + "\n"
