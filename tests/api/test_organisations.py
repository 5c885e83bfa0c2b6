"""Organisations: where they may stand, and what keeps them there."""

import unittest

from base import ApiTest

_PATH = "/v1/identity/organisations"


class OrganisationTest(ApiTest):
    def setUp(self):
        self.system = self.http("dongyang.system")

    def test_a_code_stays_in_the_division_above(self):
        """Whoever had the code of the neighbouring county would read its figures."""
        body = {"code": "330784", "parentCode": "330783", "name": "永康市司法局", "kind": "JUSTICE_OFFICE", "level": 4}
        self.refused(self.system.post(_PATH, body), 400, "ORGANISATION_CODE_OUTSIDE")
        self.refused(self.system.post(_PATH, body | {"code": "330783000"}), 400, "ORGANISATION_CODE_MALFORMED")

    def test_an_organisation_with_work_stays_where_it_is(self):
        """改变隶属、撤销: refused while mediation has objects in its name; they would stay behind."""
        village = self.ok(self.system.get(_PATH, parentCode="330783118", kind="COMMITTEE", pageSize=200))["organisations"][-1]
        path = f"{_PATH}/{village['organisation']}"
        self.refused(self.system.act(f"{path}:move", {"parentCode": "330783", "reason": "体制调整"}), 400, "ORGANISATION_HAS_WORK")
        self.refused(self.system.act(f"{path}:dissolve", {"reason": "撤销"}), 400, "ORGANISATION_HAS_WORK")
        self.assertEqual(self.ok(self.system.get(path))["organisationPath"], village["organisationPath"])


if __name__ == "__main__":
    unittest.main()
