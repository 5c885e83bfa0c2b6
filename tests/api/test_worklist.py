"""待办: the officer's day over all services in one answer."""

import unittest

from world import CaseTest


class WorklistTest(CaseTest):
    def walk(self, caller, path, size, **query):
        """The ids of a worklist over its pages."""
        ids, token = [], None
        while True:
            page = self.ok(caller.get(path, pageSize=size, pageToken=token, **query))
            ids += [item["objectId"] for item in page.get("items", [])]
            token = page.get("nextPageToken")
            if not token:
                return ids

    def test_it_has_what_the_services_have(self):
        """In the same order, each once, whatever the size of the pages; every item says whose it is."""
        self.mediating()
        for query in ({}, {"kind": "OVERDUE"}, {"kind": "DONE"}, {"kind": "TODO", "mine": True}):
            of_service = self.walk(self.mediator, "/v1/mediation/work", 200, **query)
            self.assertEqual(self.walk(self.mediator, "/v1/work", 200, **query), of_service, query)
            self.assertEqual(self.walk(self.mediator, "/v1/work", 7, **query), of_service, query)
        page = self.ok(self.mediator.get("/v1/work", counts="true"))
        self.assertEqual({item["service"] for item in page["items"]}, {"mediation"})
        self.assertEqual({count["service"] for count in page["counts"]}, {"hotline", "mediation"})  # orders come to committees, too
        self.assertNotIn("missing", page)

    def test_who_has_no_right_there_sees_nothing_of_it(self):
        """A security administrator has no work of mediation's, and is not told that there is any."""
        self.refused(self.http("dongyang.security").get("/v1/mediation/work"), 403)
        self.assertEqual(self.ok(self.http("dongyang.security").get("/v1/work")), {})
        self.refused(self.http().get("/v1/work"), 401)

    def test_a_token_of_another_list_is_refused(self):
        token = self.ok(self.office.get("/v1/work", pageSize=1))["nextPageToken"]
        self.ok(self.office.get("/v1/work", pageSize=1, pageToken=token))
        for query in ({"kind": "DONE"}, {"mine": True}):
            self.refused(self.office.get("/v1/work", pageToken=token, **query), 400, "PAGE_TOKEN_INVALID", "pageToken")
        self.refused(self.office.get("/v1/work", pageToken=token[:-3]), 400, "PAGE_TOKEN_INVALID")


if __name__ == "__main__":
    unittest.main()
