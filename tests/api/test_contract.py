"""/openapi.json is the contract: valid, closed in itself, and the whole of what the gateway serves."""

import copy
import re
import secrets

from jsonschema import Draft202012Validator

from base import ApiTest
from bureau import PURPOSE
from imports import closed_case
from state import ROOT
from world import NANMA, NANMA_REGION, CaseTest, particulars

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
        """Each route that a .proto declares is a path of the document with that method: of the office's for each service registered."""
        documented = {(method, re.sub(r"\{[^}]*\}", "{}", path)) for path, method, _ in self.operations()}
        texts = {file: file.read_text() for file in (ROOT / "protos").rglob("*.proto")}
        served = {}  # proto service of the office -> services
        for file, text in texts.items():
            for office in re.findall(r"office: \[(.*?)\]", text):
                for name in re.findall(r'"(\w+)"', office):
                    served.setdefault(name, set()).add(file.parts[-3])
        declared = set()
        for file, text in texts.items():
            own = re.findall(r"^service (\w+)", text, re.MULTILINE)
            services = served.get(own[0], set()) if file.parts[-3] == "office" else {file.parts[-3]}
            for method, path in _RULE.findall(text):
                declared |= {(method, re.sub(r"\{[^}]*\}", "{}", path.replace("{service}", name))) for name in services}
        self.assertGreater(len(declared), 60)
        self.assertEqual(declared - documented, set())
        self.assertLessEqual({("get", "/v1/mediation/work"), ("get", "/v1/identity/journal"), ("get", "/v1/work")}, documented)

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


class SchemasTest(CaseTest):
    """What is said of requests and answers, held against real ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.suite.http().must("GET", "/openapi.json")
        cls.components = copy.deepcopy(cls.document["components"])
        for schema in cls.components["schemas"].values():
            if "properties" in schema:
                schema["additionalProperties"] = False  # whatever is not told is a finding

    def fits(self, schema, value, about):
        errors = Draft202012Validator(schema | {"components": self.components}).iter_errors(value)
        self.assertEqual([f"{e.json_path}: {e.message[:200]}" for e in errors], [], about)

    def answers(self, template, caller=None, method="get", body=None, headers=None, query=None, **parts):
        """The JSON of a call, which its operation's schema fits."""
        response = (caller or self.mediator).request(method.upper(), template.format(**parts), query=query, body=body, headers=headers)
        answer, told = self.ok(response), self.document["paths"][template][method]["responses"]["200"]["content"]
        self.fits(told["application/json"]["schema"], answer, f"{method} {template}")
        return answer

    def test_schemas_are_schemas(self):
        """Every component is a JSON Schema of 2020-12."""
        for name, schema in self.document["components"]["schemas"].items():
            with self.subTest(name):
                Draft202012Validator.check_schema(schema)

    def test_answers_fit(self):
        """Answers on the main line, masked ones and lists among them, are what the document says."""
        case = self.agreed()
        self.answers("/v1/mediation/cases/{id}", id=case.id)
        for path in ("/v1/mediation/cases/{id}/history", "/v1/mediation/cases/{id}/actions"):
            self.answers(path, id=case.id)
        self.answers("/v1/mediation/attachments", query={"objectType": "Case", "object": case.id})
        self.answers("/v1/mediation/cases/{id}/clocks/{kind}", id=case.id, kind="CONFIRM")
        self.answers("/v1/mediation/cases:search", method="post", body={"number": case.now["number"]})
        self.answers("/v1/mediation/cases:search", method="post", body={"phone": case.parties[0]["phone"]}, headers=PURPOSE)
        self.answers("/v1/mediation/progress/{code}", self.http(), code=case.first["progressCode"])
        for path in ("/v1/mediation/cases", "/v1/mediation/committees", "/v1/mediation/confirmations", "/v1/mediation/work",
                     "/v1/identity/me", "/v1/reference/regions/{code}"):
            self.answers(path, code=NANMA_REGION)
        self.answers("/v1/mediation/journal", self.county)
        self.answers("/v1/mediation/statistics:query", self.county, "post",
                     {"cube": "mediation.cases", "from": "2020-01-01", "to": "2020-12-31", "region": NANMA_REGION})

    def test_an_imported_case_fits(self):
        """A closed case of past years, which lacks much of what is asked for today."""
        number = f"（2013）契约第{secrets.token_hex(6)}号"
        line = closed_case(number, NANMA, NANMA_REGION, "2013-03-04")
        self.ok(self.county.post_lines("/v1/mediation/cases:import", [line]))
        found = self.answers("/v1/mediation/cases:search", self.county, "post", {"number": number})
        self.assertEqual(len(found["cases"]), 1)

    def test_refusals_fit(self):
        """Refusals by the gateway and by services."""
        for response in (self.http().get("/v1/mediation/cases"), self.mediator.post("/v1/mediation/cases", {})):
            self.assertFalse(response.ok)
            schema = self.components["responses"]["Error"]["content"]["application/json"]["schema"]
            self.fits(schema, response.json, repr(response))

    def test_requests_fit(self):
        """What is accepted is allowed, and what is refused for its form is not."""
        body = {"committee": self.committee["id"], "region": NANMA_REGION, "particulars": particulars()}
        self.ok(self.mediator.post("/v1/mediation/cases", body))
        schema = self.document["paths"]["/v1/mediation/cases"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        self.fits(schema, body, "an application")
        judge = Draft202012Validator(schema | {"components": self.components})
        for bad in ({}, body | {"region": "12"}, body | {"requestId": "请"}, body | {"colour": "red"}):
            self.assertFalse(judge.is_valid(bad), bad)
            self.assertEqual(self.mediator.post("/v1/mediation/cases", bad).status, 400)

    def test_streams_are_told_as_they_travel(self):
        """Uploads and downloads name the forms that the gateway takes and gives, and the parameters of a raw upload."""
        upload = self.document["paths"]["/v1/mediation/attachments"]["post"]
        self.assertEqual(set(upload["requestBody"]["content"]), {"application/octet-stream", "application/x-ndjson"})
        names = {p.get("name", p.get("$ref", "").rsplit("/", 1)[-1]) for p in upload["parameters"]}
        self.assertLessEqual({"objectType", "object", "fileName", "contentType", "document", "IdempotencyKey"}, names)
        self.assertFalse({"data", "last"} & names)
        download = self.document["paths"]["/v1/mediation/attachments/{id}"]["get"]
        self.assertEqual(set(download["responses"]["200"]["content"]),
                         {"application/octet-stream", "application/x-ndjson", "text/event-stream"})
        loading = self.document["paths"]["/v1/mediation/cases:import"]["post"]["requestBody"]["content"]
        self.assertEqual(set(loading), {"application/x-ndjson"})
