"""附件: evidence and papers are uploaded, read on record, and withdrawn but kept."""

import hashlib
import io
import os
import time
import zipfile

from world import CaseTest

_OCTETS = "application/octet-stream"


class AttachmentTest(CaseTest):
    def upload(self, case, data, name="a.pdf", caller=None, **query):
        fields = "&".join(f"{k}={v}" for k, v in {"fileName": name, **query}.items())
        return (caller or self.mediator).request("POST", f"{case.files}&{fields}", data=data, content_type=_OCTETS)

    def download(self, stored, caller=None, purpose="%E6%A0%B8%E5%AF%B9%E8%AF%81%E6%8D%AE"):  # 核对证据
        headers = {"Accept": _OCTETS} | ({"X-Purpose": purpose} if purpose else {})
        return (caller or self.mediator).request("GET", f"/v1/mediation/attachments/{stored['id']}", headers=headers)

    def test_what_was_uploaded_comes_back(self):
        """A scanned paper comes back byte for byte, and every reading of it is on record."""
        case, data = self.applied(), b"%PDF-1.4\n" + os.urandom(700_000) + b"\n%%EOF\n"
        stored = self.ok(self.upload(case, data, document="EVIDENCE"))
        self.assertEqual((int(stored["size"]), stored["sha256"], stored["contentType"]),
                         (len(data), hashlib.sha256(data).hexdigest(), "application/pdf"))
        answer = self.download(stored)
        self.assertEqual((answer.status, answer.body == data, answer.headers["Content-Type"]), (200, True, "application/pdf"))
        self.assertEqual([a["id"] for a in self.ok(self.mediator.get(case.files))["attachments"]], [stored["id"]])
        read = [e for e in case.history() if "DOWNLOAD" in e["action"] or "READ" in e["action"]]
        self.assertEqual([e["actorAccount"] for e in read], ["nanma.mediator"], case.history())
        self.assertIn("filename*=UTF-8''a.pdf", answer.headers["Content-Disposition"])

    def test_content_takes_a_purpose(self):
        """Content is personal data: who reads it may read such data there, and says why."""
        stored = self.ok(self.upload(self.applied(), b"%PDF-1.4\n%%EOF\n"))
        self.refused(self.download(stored, purpose=None), 400, "PURPOSE_REQUIRED", "X-Purpose")
        supervisor = self.http(self.account("city_supervisor"))
        self.refused(self.download(stored, supervisor), 403, "PERSONAL_DATA_REFUSED")

    def test_what_is_refused(self):
        """Empty files, programs, and contents other than they are said to be are refused."""
        case = self.applied()
        self.refused(self.upload(case, b""), 400, "ATTACHMENT_EMPTY")
        self.refused(self.upload(case, b"MZ" + os.urandom(2000), "a.pdf"), 400, "ATTACHMENT_TYPE_REFUSED")
        self.refused(self.upload(case, b"%PDF-1.4\n%%EOF\n", contentType="image/png"), 400, "ATTACHMENT_TYPE_REFUSED")

    def test_what_a_file_belongs_to(self):
        """Files belong to objects of a type that keeps any, as papers that its procedure knows."""
        case = self.applied()
        self.refused(self.upload(case, b"%PDF-1.4\n%%EOF\n", document="NO_SUCH"), 400, "DOCUMENT_UNKNOWN", "document")
        committee = f"/v1/mediation/attachments?objectType=Committee&object={self.committee['id']}"
        self.refused(self.mediator.get(committee), 400, "OBJECT_TYPE_UNKNOWN", "objectType")
        self.refused(self.mediator.get("/v1/mediation/attachments?objectType=Case"), 400, "FIELD_REQUIRED", "object")

    def test_files_as_offices_and_phones_make_them(self):
        """ISO/IEC 29500 in any order, GB 18030 text, HEIC: kept and named for what they are; what is refused is told what it is."""
        case, package = self.applied(), io.BytesIO()
        with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as parts:
            for name, content in (("word/media/1.jpeg", os.urandom(600_000)), ("word/document.xml", b"<w/>"), ("[Content_Types].xml", b"<Types/>")):
                parts.writestr(name, content)
        docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)
        for data, name, kind in ((package.getvalue(), "a.docx", docx), (heic, "photo", "image/heic"),
                                 ("调解笔录\r\n".encode("gb18030"), "a.txt", "text/plain")):
            self.assertEqual(self.ok(self.upload(case, data, name))["contentType"], kind)
        answer = self.upload(case, heic, "a.mp4")
        self.refused(answer, 400, "ATTACHMENT_TYPE_REFUSED")
        self.assertIn("image/heic", answer.json["message"])

    def test_out_of_reach(self):
        """Another township neither adds, lists nor reads."""
        case = self.applied()
        stored = self.ok(self.upload(case, b"%PDF-1.4\n%%EOF\n"))
        self.refused(self.upload(case, b"%PDF-1.4\n%%EOF\n", caller=self.neighbour), 404)
        self.refused(self.download(stored, self.neighbour), 404)

    def test_withdrawn_content_is_given_to_nobody(self):
        """撤回附件: listed as withdrawn with the reason, read by nobody any more."""
        case = self.applied()
        stored = self.ok(self.upload(case, b"%PDF-1.4\n%%EOF\n"))
        self.ok(self.mediator.post(f"/v1/mediation/attachments/{stored['id']}:withdraw", {"reason": "传错案件"}))
        self.refused(self.download(stored), 400, "ATTACHMENT_WITHDRAWN")
        self.assertEqual([a["state"] for a in self.ok(self.mediator.get(case.files))["attachments"]], ["WITHDRAWN"])

    def test_a_revoked_caller_does_not_finish(self):
        """An upload that goes on after its caller has logged out is refused within seconds and leaves nothing."""
        case = self.applied()
        me = next(entry for entry in self.suite.accounts() if entry["account"] == "nanma.mediator")
        log_in = {"account": me["account"], "password": me["password"]}
        token = self.ok(self.patiently(lambda: self.http().post("/v1/identity/sessions", log_in)))["accessToken"]
        signed = {"Authorization": f"Bearer {token}"}

        def pieces():
            yield b"%PDF-1.4\n" + os.urandom(300_000)
            self.ok(self.http().request("POST", "/v1/identity/sessions:logout", body={}, headers=signed))
            for _ in range(10):
                time.sleep(0.7)
                yield os.urandom(300_000)

        try:
            answer = self.http().request("POST", f"{case.files}&fileName=a.pdf", data=pieces(), content_type=_OCTETS, headers=signed)
            self.refused(answer, 401, "TOKEN_REVOKED")
        except OSError:
            pass  # the connection ended while there was still something to send
        self.assertEqual(self.ok(self.mediator.get(case.files)).get("attachments", []), [])
