"""Log-in and log-out, tokens, lock-out, and the three administrators, by accounts made for each test."""

import secrets

import totp
from base import ApiTest
from suite import wait_until

_GOOD = "Rainy-Hills-%s-93"


class SessionTest(ApiTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system, cls.security = cls.suite.http("dongyang.system"), cls.suite.http("dongyang.security")
        cls.above = cls.suite.http("zhejiang.security")

    def sign_in(self, account, password, **more):
        return self.patiently(lambda: self.http().post("/v1/identity/sessions", {"account": account, "password": password} | more))

    def bearer(self, token, method="GET", path="/v1/identity/me", body=None):
        return self.http().request(method, path, body=body, headers={"Authorization": f"Bearer {token}"})

    def newcomer(self, role="mediator", organisation="330783118-00"):
        """(account, password) of somebody new with one post and a password of his own."""
        name = "t." + secrets.token_hex(6)
        made = self.ok(self.system.post("/v1/identity/accounts", {"account": name, "displayName": "新人", "organisation": organisation}))
        self.assertEqual(made["account"].get("posts", []), [])
        self.ok(self.security.act(f"/v1/identity/accounts/{name}:grantPost", {"role": role, "organisation": organisation}))
        return name, self.redeemed(name, made["half"], self.confirmed(name, self.security))

    def confirmed(self, name, by):
        """The second half of a code."""
        return self.ok(by.act(f"/v1/identity/accounts/{name}:confirmReset", {"reason": "本人核实"}))["half"]

    def redeem(self, name, first, second, password):
        return self.patiently(lambda: self.http().post(
            "/v1/identity/accounts:redeemReset", {"account": name, "firstHalf": first, "secondHalf": second, "newPassword": password}))

    def redeemed(self, name, first, second):
        """The password that the holder has set with both halves."""
        password = _GOOD % secrets.token_hex(4)
        self.ok(self.redeem(name, first, second, password))
        return password

    def test_from_two_halves_to_work(self):
        """A new account has no password until its holder has set one with the halves of two administrators."""
        name, password = self.newcomer()
        tokens = self.ok(self.sign_in(name, password))
        self.assertEqual([(p["role"], p["organisation"]) for p in tokens["posts"]], [("mediator", "330783118-00")])
        self.assertEqual(self.bearer(tokens["accessToken"], path="/v1/mediation/cases").status, 200)

    def test_wrong_name_and_wrong_password_are_refused_alike(self):
        """Nobody learns from a refusal which accounts there are."""
        name, _ = self.newcomer()
        answers = [self.sign_in(name, "wrong"), self.sign_in("t." + secrets.token_hex(6), "wrong")]
        for answer in answers:
            self.refused(answer, 401, "LOG_IN_REFUSED")
        self.assertEqual(answers[0].json["message"], answers[1].json["message"])

    def test_five_failures_lock(self):
        """锁定: after five wrong passwords the right one is refused too, until the security administrator unlocks."""
        name, password = self.newcomer()
        for _ in range(5):
            self.assertEqual(self.sign_in(name, "wrong").status, 401)
        answer = self.sign_in(name, password)
        self.assertEqual(answer.reason, "ACCOUNT_LOCKED", repr(answer))
        self.refused(self.system.act(f"/v1/identity/accounts/{name}:unlock", {"reason": "本人核实"}), 403)
        self.ok(self.security.act(f"/v1/identity/accounts/{name}:unlock", {"reason": "本人核实"}))
        self.ok(self.sign_in(name, password))

    def test_a_refresh_token_works_once(self):
        """Refreshing gives a new pair; the old refresh token used again ends the whole session."""
        name, password = self.newcomer()
        first = self.ok(self.sign_in(name, password))
        refresh = lambda token: self.patiently(lambda: self.http().post("/v1/identity/sessions:refresh", {"refreshToken": token}))  # noqa: E731
        second = self.ok(refresh(first["refreshToken"]))
        self.assertNotEqual(first["refreshToken"], second["refreshToken"])
        self.refused(refresh(first["refreshToken"]), 401)
        self.refused(refresh(second["refreshToken"]), 401)
        self.gone(second["accessToken"])

    def test_logging_out_ends_the_token_everywhere(self):
        """退出: the access token is refused by every service from the next moment."""
        tokens = self.ok(self.sign_in(*self.newcomer()))
        self.assertTrue(self.bearer(tokens["accessToken"], "POST", "/v1/identity/sessions:logout", {}).ok)
        self.gone(tokens["accessToken"])
        self.gone(tokens["accessToken"], "/v1/mediation/cases")

    def test_a_disabled_account_is_out(self):
        """停用: nobody signs in, and what was signed in ends."""
        name, password = self.newcomer()
        token = self.ok(self.sign_in(name, password))["accessToken"]
        self.ok(self.system.act(f"/v1/identity/accounts/{name}:disable", {"reason": "离职"}))
        self.gone(token)
        self.assertEqual(self.sign_in(name, password).reason, "ACCOUNT_DISABLED")

    def gone(self, token, path="/v1/identity/me"):
        """Within the five seconds in which services learn of it."""
        wait_until(lambda: self.patiently(lambda: self.bearer(token, path=path)).status == 401, 5, f"the refusal at {path}")

    def test_a_second_factor(self):
        """动态口令: once enrolled and confirmed, log-in asks for a code, which is good once."""
        name, password = self.newcomer()
        token = self.ok(self.sign_in(name, password))["accessToken"]
        enrolment = self.ok(self.bearer(token, "POST", "/v1/identity/me:enrolTotp", {}))
        code = totp.code(enrolment["secret"], int(self.suite.clock.now()))
        as_shown = f"{code[:3]} {code[3:]}"
        self.assertTrue(self.ok(self.bearer(token, "POST", "/v1/identity/me:confirmTotp", {"code": as_shown}))["totpEnabled"])
        self.assertEqual(self.sign_in(name, password).reason, "TOTP_REQUIRED")
        self.assertEqual(self.sign_in(name, password, totpCode="000000").reason, "TOTP_REFUSED")
        self.assertEqual(self.sign_in(name, password, totpCode=code).reason, "TOTP_USED")  # by the enrolment
        code = totp.code(enrolment["secret"], int(self.suite.clock.now()) + 30)
        self.ok(self.sign_in(name, password, totpCode=code))
        self.assertFalse(self.sign_in(name, password, totpCode=code).ok, "a code is good once")
        self.refused(self.system.act(f"/v1/identity/accounts/{name}:removeTotp", {"reason": "遗失"}), 403)
        first = self.ok(self.security.act(f"/v1/identity/accounts/{name}:removeTotp", {"reason": "遗失"}))["half"]
        self.assertEqual(self.sign_in(name, password).reason, "TOTP_REQUIRED", "one administrator alone takes nothing away")
        self.ok(self.sign_in(name, self.redeemed(name, first, self.confirmed(name, self.above))))

    def test_a_reset_needs_two_administrators_and_the_holder(self):
        """重置口令: no administrator ever has what opens an auditor's account; the county's and the province's have a half each."""
        name, password = self.newcomer("auditor", "330783")
        reset, confirm = f"/v1/identity/accounts/{name}:resetPassword", f"/v1/identity/accounts/{name}:confirmReset"
        reason = {"reason": "遗忘口令"}
        self.refused(self.security.act(confirm, reason), 400, "RESET_NOT_ASKED")
        first = self.ok(self.security.act(reset, reason))
        self.assertNotIn("firstHalf", first["account"]["reset"])
        self.assertEqual(self.sign_in(name, first["half"]).reason, "LOG_IN_REFUSED")
        self.refused(self.security.act(confirm, reason), 400, "SAME_ADMINISTRATOR")
        self.refused(self.system.act(confirm, reason), 403)
        self.ok(self.sign_in(name, password))
        second = self.confirmed(name, self.above)
        self.refused(self.redeem(name, second, first["half"], "Rainy-Hills-42"), 401, "RESET_REFUSED")
        self.refused(self.redeem(name, first["half"], second, "short"), 400, "PASSWORD_TOO_SHORT")
        fresh = self.redeemed(name, first["half"], second)
        self.refused(self.redeem(name, first["half"], second, "Rainy-Hills-42"), 401, "RESET_REFUSED")
        self.assertEqual(self.sign_in(name, password).reason, "LOG_IN_REFUSED")
        tokens = self.ok(self.sign_in(name, fresh))
        self.refused(self.security.act("/v1/identity/accounts/dongyang.security:resetPassword", reason), 400, "OWN_ACCOUNT")
        acts = [e["action"] for e in self.ok(self.bearer(tokens["accessToken"], path=f"/v1/identity/accounts/{name}/history"))["entries"]]
        self.assertLessEqual({"RESET_PASSWORD", "CONFIRM_RESET", "REDEEM_RESET"}, set(acts))

    def test_weak_passwords_are_refused(self):
        """Short, common or former passwords, and those that hold the name, are refused."""
        name, password = self.newcomer()
        token = self.ok(self.sign_in(name, password))["accessToken"]
        for weak in ("short1A", "aaaaaaaaaaaa", "Password123456", name + "-A1", password):
            answer = self.bearer(token, "POST", "/v1/identity/me:changePassword", {"currentPassword": password, "newPassword": weak})
            self.assertEqual(answer.status, 400, f"{weak}: {answer!r}")

    def test_the_three_administrators_are_three(self):
        """三员分立: one makes accounts, one grants, one reads the journal; nobody holds two of these."""
        name, _ = self.newcomer()
        auditor = self.http("dongyang.auditor")
        self.refused(self.security.post("/v1/identity/accounts", {"account": "t.x", "displayName": "甲", "organisation": "330783"}), 403)
        self.refused(self.system.act(f"/v1/identity/accounts/{name}:grantPost", {"role": "mediator", "organisation": "330783118-00"}), 403)
        self.refused(self.system.get(f"/v1/identity/accounts/{name}/history"), 403)
        history = self.ok(auditor.get(f"/v1/identity/accounts/{name}/history"))["entries"]
        self.assertLessEqual({"CREATE", "GRANT_POST", "CONFIRM_RESET", "REDEEM_RESET"}, {e["action"] for e in history})
        grant = lambda role: self.security.act(f"/v1/identity/accounts/{other}:grantPost", {"role": role, "organisation": "330783"})  # noqa: E731
        other, _ = self.newcomer("system_admin", "330783")
        self.assertFalse(grant("security_admin").ok)
        self.assertFalse(grant("auditor").ok)

    def test_administration_has_a_reach(self):
        """A county's administrator administers his county, not the province above it."""
        self.refused(self.system.get("/v1/identity/accounts/zhejiang.system"), 404)
        answer = self.system.post("/v1/identity/accounts", {"account": "t." + secrets.token_hex(4), "displayName": "乙", "organisation": "33"})
        self.assertIn(answer.status, (403, 404))

    def test_tokens_are_verified_with_published_keys(self):
        """The public keys are there for verifiers outside the suite."""
        keys = self.ok(self.patiently(lambda: self.http().get("/v1/identity/keys")))["keys"]
        self.assertTrue(keys and all((k["kty"], k["crv"], k["alg"]) == ("OKP", "Ed25519", "EdDSA") and "d" not in k for k in keys))
