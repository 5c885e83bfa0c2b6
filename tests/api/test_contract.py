"""/openapi.json is the contract: valid, closed in itself, and the whole of what the gateway serves."""

import re

from base import ApiTest
from state import ROOT

_HTTP = ("get", "post", "put", "patch", "delete")
_RULE = re.compile(r'\b(get|post|put|patch|delete): "([^"]+)"')


class OpenApiTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.suite.http().must("GET", "/openapi.json")

    def walk(self, node, path="#"):
        yield path, node
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in items:
            yield from self.walk(value, f"{path}/{key}")

    def operations(self):
        for path, item in self.document["paths"].items():
            for method in _HTTP:
                if method in item:
                    yield path, method, item[method]

    def test_it_is_openapi_3_1(self):
        """Version 3.1, with a title, a version, paths and schemas."""
        self.assertRegex(self.document["openapi"], r"^3\.1\.\d+$")
        self.assertTrue(self.document["info"]["title"] and self.document["info"]["version"])
        self.assertTrue(self.document["paths"] and self.document["components"]["schemas"])

    def test_every_reference_leads_somewhere(self):
        """Each $ref resolves inside the document."""
        count = 0
        for path, node in self.walk(self.document):
            if isinstance(node, dict) and isinstance(node.get("$ref"), str):
                count += 1
                target = self.document
                self.assertTrue(node["$ref"].startswith("#/"), path)
                for part in node["$ref"][2:].split("/"):
                    part = part.replace("~1", "/").replace("~0", "~")
                    self.assertIn(part, target, f"{path}: {node['$ref']}")
                    target = target[part]
        self.assertGreater(count, 100)

    def test_every_routed_method_is_in_it(self):
        """Each route that a .proto declares is a path of the document with that method."""
        documented = {(method, re.sub(r"\{[^}]*\}", "{}", path)) for path, method, _ in self.operations()}
        declared = set()
        for file in (ROOT / "protos").rglob("*.proto"):
            declared |= {(method, re.sub(r"\{[^}]*\}", "{}", path)) for method, path in _RULE.findall(file.read_text())}
        self.assertGreater(len(declared), 60)
        self.assertEqual(declared - documented, set())

    def test_operations_are_complete(self):
        """Every operation has an id of its own, an answer, and all parameters of its path."""
        ids = []
        for path, method, operation in self.operations():
            ids.append(operation["operationId"])
            self.assertIn("200", operation["responses"], f"{method} {path}")
            named = {p["name"] for p in operation.get("parameters", []) if p.get("in") == "path"}
            self.assertEqual(named, set(re.findall(r"\{(\w+)", path)), f"{method} {path}")
        self.assertEqual(len(ids), len(set(ids)), "operation ids are unique")

    def test_enumerations_and_formats_are_told(self):
        """A reader learns which states there are, and which fields are needed."""
        schemas = self.document["components"]["schemas"]
        text = str(schemas)
        self.assertIn("AGREED_WRITTEN", text)
        self.assertTrue(any("required" in s for s in schemas.values()))
