"""The catalogue of errors reads every form in which the sources make one."""

import unittest

import error_catalogue

_SOURCE = """
constexpr procedure::Law kAccess = {"GB/T 22239", "8.1"};
constexpr Guard<A> kOwn = {"A1", "OWN_ACCOUNT", "不能对"
                           "自己", kAccess, [](const A& a, const Facts&) { return false; }};
const casework::Definition<A> kA = {.references = {{"case_id", "Case", "CASE_FROM_A", "应当先"
                                                    "作废"}}};
absl::Status Denied(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kPermissionDenied, reason, message);
}
absl::Status Check() {
  if (a) return InvalidField("to", "ACCOUNT_DISABLED", absl::StrCat("账号 ", name, " 已停用"));  // "NOT_THIS", "…"
  if (b) return Refused("NOT_JOINT", "应当共同提出", {"民事诉讼法", "205"});
  if (c) return Denied("PEER_REFUSED", "无权调用");
  return Error(absl::StatusCode::kAborted, "ETAG_STALE", "已被更新");
}
"""


class ErrorCatalogueTest(unittest.TestCase):
    def test_every_form_is_read(self):
        source = error_catalogue.without_comments(_SOURCE)
        found = set(error_catalogue.errors_of(source, error_catalogue.wrappers_of(source), error_catalogue.laws_of(source)))
        self.assertEqual(found, {
            ("OWN_ACCOUNT", "FAILED_PRECONDITION", "不能对自己", "《GB/T 22239》第8.1条"),
            ("CASE_FROM_A", "FAILED_PRECONDITION", "应当先作废", ""),
            ("ACCOUNT_DISABLED", "INVALID_ARGUMENT", "账号 … 已停用", ""),
            ("NOT_JOINT", "FAILED_PRECONDITION", "应当共同提出", "《民事诉讼法》第205条"),
            ("PEER_REFUSED", "PERMISSION_DENIED", "无权调用", ""),
            ("ETAG_STALE", "ABORTED", "已被更新", ""),
        })

    def test_the_sources_are_covered(self):
        pages = error_catalogue.pages()
        self.assertIn("| `ADMINISTRATORS_NOT_SEPARATE` | FAILED_PRECONDITION |", pages["identity.md"])
        self.assertIn("| `TOKEN_REVOKED` | UNAUTHENTICATED |", pages["shared.md"])


if __name__ == "__main__":
    unittest.main()
