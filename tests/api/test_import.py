"""Import of closed cases: good lines are kept, bad ones named; sent again, nothing doubles."""

import json
import time

from bureau import PURPOSE, open_upload
from imports import ImportTest, closed_case, failed, measure
from suite import wait_until

_OFFICE, _REGION = "330783201-00", "330783201"  # 三单乡
_PATH = "/v1/mediation/cases:import"


def case(number, accepted="2014-05-05", /, **more):
    return closed_case(f"（2014）导入第{number}号", _OFFICE, _REGION, accepted, **more)


class ImportOfOldDivisionsTest(ImportTest):
    def test_a_register_in_the_codes_of_its_time(self):
        """东阳市 was 339008 from 1988 to 1990: a case of 1989 keeps that code, and its figures are asked by it or in today's county."""
        self.load([case("旧区划", "1989-05-05", region="339008")])
        of_1989 = ("1989-01-01", "1989-12-31")
        self.assertEqual(measure(self.query(*of_1989, "339008"), "accepted"), 1)
        answer = self.query(*of_1989, "330783")
        self.assertEqual((measure(answer, "accepted"), answer["divisionsOn"]), (1, "1991-01-01"))
        self.assertEqual(measure(self.query(*of_1989, "330783", divisionsOn="2024-01-01"), "accepted"), 1)
        self.assertEqual(len(self.drill_down(*of_1989, "339008")), 1)
        refused = self.office.post_lines(_PATH, [case("旧区划迟", "1999-05-05", region="339008")])
        self.assertEqual(refused.json["errors"][0]["reason"], "REGION_NOT_VALID")


class ImportOfClosedCasesTest(ImportTest):
    def post(self, lines):
        """Lines are objects, or bytes as they are."""
        data = b"".join((line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()) + b"\n" for line in lines)
        return self.ok(self.office.request("POST", _PATH, data=data, content_type="application/x-ndjson"))

    def test_bad_lines_are_reported_by_number_and_good_ones_kept(self):
        """Every bad line is named by number, field and reason; the good ones between them are in."""
        open_case = {k: v for k, v in case("坏6").items() if k != "concludedOn"}
        stranger = {"name": "张三", "idNumber": "110105194912310021"}
        lines = [(case("好1"), None),
                 (b'{"number": "cut', "JSON_MALFORMED"),
                 (case("坏2", colour="red"), "FIELD_UNKNOWN colour"),
                 (case("坏3", "2014-02-30"), "FIELD_DATE acceptedOn"),
                 (case("坏4", region="999999"), "REGION_UNKNOWN"),
                 (case("坏5", organisation="330783-court"), "COMMITTEE_UNKNOWN organisation"),
                 (open_case, "FIELD_REQUIRED concludedOn"),
                 (case("坏7", result="3"), "CASE_NOT_CLOSED result"),
                 (case("坏8", concludedOn="2014-05-04"), "DATES_OUT_OF_ORDER concludedOn"),
                 (case("坏9", "2999-01-01"), "FIELD_DATE_FUTURE acceptedOn"),
                 (case("坏10", parties=[stranger]), "CITIZEN_ID_INVALID idNumber"),
                 (case("坏11", type="77"), "CODE_UNKNOWN type"),
                 (failed(case("坏12")) | {"performedOn": "2014-06-01"}, "WITHOUT_AGREEMENT performedOn"),
                 (case("坏13") | {"confirmationAppliedOn": "2014-08-01", "confirmationResult": "CONFIRMED"},
                  "CONFIRMATION_TOO_LATE confirmationAppliedOn"),
                 (case("好2"), None)]
        answer = self.post([line for line, _ in lines])
        self.assertEqual((int(answer["received"]), int(answer["imported"]), int(answer["refused"])), (15, 2, 13), answer)
        errors = {int(e["line"]): e for e in answer["errors"]}
        for number, (_, expected) in enumerate(lines, 1):
            if expected is None:
                self.assertNotIn(number, errors)
                continue
            reason, _, field = expected.partition(" ")
            self.assertEqual(errors[number]["reason"], reason)
            self.assertTrue(errors[number].get("field", "").endswith(field), errors[number])
            self.assertTrue(errors[number]["message"])
        self.wait_until_counted()
        self.assertEqual(measure(self.query("2014-05-05", "2014-05-05", _REGION), "accepted"), 2)

    def test_the_same_file_twice_is_not_doubled(self):
        """Sent twice, a file is repeated and not doubled."""
        lines = [case(f"再{n}", "2014-06-06") for n in range(250)]
        first, second = self.post(lines), self.post(lines)
        self.assertEqual((int(first["imported"]), int(first.get("repeated", 0))), (250, 0))
        self.assertEqual((int(second.get("imported", 0)), int(second["repeated"])), (0, 250))
        self.assertEqual(int(self.post([lines[0], lines[0]])["repeated"]), 2)
        self.wait_until_counted()
        self.assertEqual(measure(self.query("2014-06-06", "2014-06-06", _REGION), "accepted"), 250)

    def test_a_number_is_one_however_it_is_written(self):
        """Leading zeros, brackets, spaces and the width of digits make no other case, and find the same one."""
        typed = ["（2014）零字第8号", "(2014)零字第08号", "〔２０１４〕零字 第００８号"]
        answer = self.post([case("x", "2014-09-09", number=number) for number in typed])
        self.assertEqual((int(answer["imported"]), int(answer["repeated"])), (1, 2), answer)
        for number in typed:
            self.assertEqual(len(self.ok(self.office.get("/v1/mediation/cases", number=number))["cases"]), 1, number)

    def test_files_as_other_systems_write_them(self):
        """A byte order mark, Windows line ends, GB 18030, null: read, or named for what it is."""
        line = json.dumps(case("标1", "2014-11-11", facts="双方\r\n争执"), ensure_ascii=False)
        self.assertEqual(int(self.post([b"\xef\xbb\xbf" + line.encode() + b"\r"])["imported"]), 1)
        line = json.dumps(case("标2", "2014-11-11", facts="双方争执"), ensure_ascii=False)
        self.assertEqual(int(self.post([line.encode("gb18030")])["imported"]), 1)
        found = self.ok(self.office.get("/v1/mediation/cases", number="（2014）导入第标2号"))["cases"]
        self.assertEqual(len(found), 1)
        answer = self.post([b"null", b"[]"])
        self.assertEqual([e["reason"] for e in answer["errors"]], ["FIELD_TYPE", "FIELD_TYPE"])

    def test_the_same_number_with_other_content_is_refused(self):
        """A number that came with other content is refused, and what is there stays."""
        self.post([case("异1", "2014-07-07")])
        answer = self.post([case("异1", "2014-07-07", type="01"), case("异2", "2014-07-07")])
        self.assertEqual([(int(e["line"]), e["reason"]) for e in answer["errors"]], [(1, "IMPORTED_DIFFERENTLY")])
        self.assertEqual(int(answer["imported"]), 1)
        self.wait_until_counted()
        answer = self.query("2014-07-07", "2014-07-07", _REGION, groupBy=["type"])
        self.assertEqual([row["keys"][0] for row in answer["rows"]], ["02"])

    def test_a_voided_import_is_replaced_by_the_line_put_right(self):
        """The file that brought a voided case brings nothing back; its line put right does, once, and is counted."""
        lines = [case("废1", "2014-10-10"), case("废2", "2014-10-10")]
        self.post(lines)
        wrong = self.ok(self.office.get("/v1/mediation/cases", number="（2014）导入第废1号"))["cases"][0]
        self.void(wrong["id"])
        again = self.post(lines)
        self.assertEqual((int(again.get("imported", 0)), int(again["repeated"]), int(again["voided"])), (0, 2, 1))
        right = [lines[0] | {"type": "01"}, lines[1]]
        answers = [self.post(right), self.post(right)]
        self.assertEqual([int(a.get("imported", 0)) for a in answers], [1, 0])
        found = self.ok(self.office.get("/v1/mediation/cases", number="（2014）导入第废1号"))["cases"]
        self.assertEqual([(c["id"], c["state"]) for c in found], [(wrong["id"], "ARCHIVED")])
        self.wait_until_counted()
        answer = self.query("2014-10-10", "2014-10-10", _REGION, groupBy=["type"])
        self.assertEqual([(row["keys"][0], measure(answer, "accepted", row)) for row in answer["rows"]], [("01", 1), ("02", 1)])

    def test_an_upload_that_was_cut_off_is_sent_again(self):
        """A connection cut in the middle keeps whole batches; sent again from the start the file is complete, once."""
        lines = [case(f"断{n}", "2014-08-08") for n in range(1000)]
        text = [json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines]
        with open_upload(self.suite, "dongyang.officer", _PATH) as connection:
            for line in text[:450]:
                connection.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")
            connection.sendall(b"1000\r\n{\"number\": \"half")
            wait_until(lambda: self._stored() >= 200, 20, "the first batches")
        kept = self._settled()
        self.assertTrue(200 <= kept < 1000, kept)
        answer = self.post(lines)
        self.assertEqual((int(answer["imported"]), int(answer["repeated"])), (1000 - kept, kept))
        self.wait_until_counted()
        self.assertEqual(measure(self.query("2014-08-08", "2014-08-08", _REGION), "accepted"), 1000)

    def test_imported_cases_are_searched_and_masked_like_others(self):
        """An imported case is found by its number and parties, archived, and masked."""
        party = {"name": "屠导入", "idNumber": "440524880101001", "phone": "15409998877"}  # of an old file
        self.post([case("查1", "2014-09-09", parties=[party], performedOn="2014-09-10")])
        found = self.ok(self.office.get("/v1/mediation/cases", number="（2014）导入第查1号"))["cases"]
        self.assertEqual([c["state"] for c in found], ["ARCHIVED"])
        self.assertNotIn("屠导入", json.dumps(found, ensure_ascii=False))
        by_phone = self.ok(self.office.post("/v1/mediation/cases:search", {"phone": party["phone"]}, headers=PURPOSE))["cases"]
        self.assertEqual([c["id"] for c in by_phone], [found[0]["id"]])
        self.assertTrue(found[0]["particulars"]["parties"][0]["idNumberConverted"])

    def test_a_mediator_may_not_import(self):
        """Import is the office's: a mediator is refused."""
        answer = self.http("nanma.mediator").post_lines(_PATH, [case("禁1")])
        self.refused(answer, 403)

    def test_an_office_imports_for_its_own_committees_only(self):
        """A township's office may not import for another township's committee."""
        answer = self.ok(self.http("nanma.officer").post_lines(_PATH, [case("邻1")]))
        self.assertEqual([e["reason"] for e in answer["errors"]], ["COMMITTEE_UNKNOWN"])

    def _stored(self):
        answer = self.office.must("GET", "/v1/mediation/cases", query={
            "region": _REGION, "acceptedFrom": "2014-08-08", "acceptedTo": "2014-08-08", "pageSize": 200})
        return len(answer.get("cases", []))

    def _settled(self):
        """How many the cut upload left, once that does not change any more."""
        counts = []
        while len(counts) < 3 or len(set(counts[-3:])) > 1:
            time.sleep(0.1)
            self.wait_until_counted()
            counts.append(measure(self.query("2014-08-08", "2014-08-08", _REGION), "accepted"))
        return counts[-1]

