"""Signing in and the gateway's manners, before any procedure."""

import unittest

import catalogue
from base import ApiTest


class FrontDoorTest(ApiTest):
    def test_every_process_tells_its_figures(self):
        for s in catalogue.SERVICES:
            status, text = self.suite.inner(s.name, "/metrics")
            self.assertEqual(status, 200)
            self.assertIn("# TYPE", text, s.name)

    def test_every_demonstration_account_signs_in(self):
        for account in self.suite.accounts():
            with self.subTest(account["account"]):
                self.assertTrue(self.suite.token(account["account"]))

    def test_a_wrong_password_and_an_unknown_name_are_refused_alike(self):
        known = self.http().post("/v1/identity/sessions", {"account": self.account("mediator"), "password": "Wrong-0000-word"})
        unknown = self.http().post("/v1/identity/sessions", {"account": "nobody.at.all", "password": "Wrong-0000-word"})
        first, second = self.refused(known, 401, "LOG_IN_REFUSED"), self.refused(unknown, 401, "LOG_IN_REFUSED")
        self.assertEqual(first["message"], second["message"])

    def test_without_a_token_nothing_is_shown(self):
        self.refused(self.http().get("/v1/mediation/cases"), 401)

    def test_an_unknown_address_is_not_found(self):
        self.refused(self.http().get("/v1/mediation/nothing"), 404)

    def test_a_wrong_method_is_told_so(self):
        response = self.http().delete("/v1/identity/sessions")
        self.assertEqual(response.status, 405, repr(response))

    def test_json_that_does_not_parse_and_unknown_fields_are_refused(self):
        for data in (b"{", b'{"account": 7}', b'{"acount": "x", "password": "y"}', b'{"account": "\xff"}'):
            with self.subTest(data):
                self.refused(self.http().request("POST", "/v1/identity/sessions", data=data), 400)


if __name__ == "__main__":
    unittest.main()
