"""The dashboards as pictures: words and colours of values, and every panel drawn from the answers of a stand-in for Prometheus."""

import importlib.util
import json
import tempfile
import threading
import unittest
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import dashboards
from console import Failure
from extras import NotHere


class WordsTest(unittest.TestCase):
    def test_a_value_has_its_unit(self):
        for value, unit, words in ((0.5, "percentunit", "50 %"), (1536, "bytes", "1.5 KiB"), (0.0123, "s", "12.3 ms"), (90, "s", "1.5 min"), (0, "s", "0 s"),
                                   (172800, "s", "2 d"), (3, "reqps", "3 req/s"), (25000, "short", "25 k"), (float("nan"), "short", "–")):
            self.assertEqual(dashboards.worded(value, unit), words)
        self.assertEqual(dashboards.worded(2, "short", [{"type": "value", "options": {"2": {"text": "ready"}}}]), "ready")

    def test_a_threshold_gives_the_colour(self):
        defaults = {"thresholds": {"steps": [{"value": None, "color": "green"}, {"value": 1, "color": "red"}]}}
        self.assertNotEqual(dashboards.colour(0, defaults), dashboards.colour(1, defaults))
        self.assertEqual(dashboards.colour(1, defaults), dashboards.colour(7, defaults))

    def test_a_series_has_the_name_of_its_template(self):
        self.assertEqual(dashboards.legend("{{service}} {{ kind }}", {"service": "hotline", "kind": "TERM"}), "hotline TERM")
        self.assertEqual(dashboards.legend("__auto", {"job": "sifa", "code": "OK"}), "code OK")

    def test_no_line_leads_over_a_time_of_which_nothing_is_known(self):
        points = dashboards.with_gaps([(0, 1.0), (15, 2.0), (90, 3.0)], 15)
        self.assertEqual([t for t, _ in points], [0, 15, 30, 90])
        self.assertNotEqual(points[2][1], points[2][1], "no number")
        self.assertEqual(dashboards.with_gaps([], 15), [])

    def test_no_variable_is_left_in_a_query(self):
        for path in dashboards.SOURCE.glob("*.json"):
            for panel in json.loads(path.read_text())["panels"]:
                for target in panel.get("targets", ()):
                    self.assertNotRegex(dashboards.expression(target["expr"], "mediation", None), r"\$[a-z_{]")


class _StandIn(BaseHTTPRequestHandler):
    """Two series for each query, one for those of a table; none for what counts errors."""

    def do_GET(self):
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.server.queries.append(asked["query"][0])
        result = []
        if "DATA_LOSS" not in asked["query"][0]:
            for i, labels in enumerate(({"service": "mediation", "method": "/a/B"}, {"service": "identity", "method": "/a/C"})):
                if "start" in asked:
                    begin, end = float(asked["start"][0]), float(asked["end"][0])
                    result.append({"metric": labels, "values": [[begin + (end - begin) * k / 4, str(k * (i + 1))] for k in range(5)]})
                else:
                    result.append({"metric": labels, "value": [0, str(i + 1)]})
        body = json.dumps({"status": "success", "data": {"result": result}}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class PictureTest(unittest.TestCase):
    def test_every_panel_is_asked_for_and_drawn(self):
        if importlib.util.find_spec("matplotlib") is None:
            raise NotHere("there is no matplotlib (apt-get install python3-matplotlib)")
        server = ThreadingHTTPServer(("127.0.0.1", 0), _StandIn)
        server.queries = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        with tempfile.TemporaryDirectory() as directory:
            drawn = dashboards.draw(f"http://127.0.0.1:{server.server_port}", Path(directory), 1, "mediation")
            boards = {path.stem: json.loads(path.read_text()) for path in dashboards.SOURCE.glob("*.json")}
            self.assertEqual({name for name, _, _ in drawn}, boards.keys())
            targets = [target for board in boards.values() for panel in board["panels"] for target in panel.get("targets", ())]
            self.assertEqual(len(server.queries), len(targets) + 1, "and one for when it all began")
            page = Path(directory, "index.html").read_text()
            for name, board in boards.items():
                self.assertEqual(Path(directory, f"{name}.png").read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
                self.assertIn(f'src="{name}.png"', page)
                self.assertIn(board["title"], page)
            empty = [title for _, _, titles in drawn for title in titles]
            self.assertIn("Errors by service", empty)
            self.assertNotIn("Memory", empty)
            with self.assertRaisesRegex(Failure, "no service nobody"):
                dashboards.draw("http://127.0.0.1:1", Path(directory), 1, "nobody")
            with self.assertRaisesRegex(Failure, "does not answer"):
                dashboards.draw("http://127.0.0.1:1", Path(directory), 1, "mediation")


if __name__ == "__main__":
    unittest.main()
