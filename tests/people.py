"""People in corrections, for tests through the gateway: numbers of nobody, and a person in his first days."""

CORRECTIONS = "/v1/corrections"
OFFICE = "330783118"
_WEIGHTS, _CHECK = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
TEAM = [{"name": "陈志强", "sex": "1", "role": "01"}, {"name": "李秀英", "sex": "2", "role": "05", "knowsMinors": True}]


def citizen_number(born, order):
    """A citizen number of nobody: of a division that has no people, born on that day (GB 11643)."""
    digits = f"330783{born}{order:03d}"
    return digits + _CHECK[sum(int(d) * w for d, w in zip(digits, _WEIGHTS)) % 11]


def notice(test, id_number, category="02", sex="1", **decision):
    """The answer to the notice of a decision in force since 2024-09-01, of a man on probation for two years where nothing else is said."""
    return test.county.post(f"{CORRECTIONS}/subjects", {"office": OFFICE, "region": OFFICE, "occurredOn": "2024-09-02", "decision": {
        "category": category, "decider": "01", "deciderName": "东阳市人民法院", "number": "（2024）浙0783刑初9号",
        "effectiveOn": "2024-09-01", "termFrom": "2024-09-01", "termTo": "2026-08-31", "offence": "05"} | decision,
        "person": {"name": "赵大山", "idNumber": id_number, "sex": sex, "residence": "南马镇安恬村"}})


def active(test, id_number, **more):
    """The same once he has been received and announced, on 2024-09-06."""
    s = test.ok(notice(test, id_number, **more))

    def act(http, name, **body):
        # The watcher may meanwhile have turned a limit of his, which lies years back.
        return test.ok(http.act(f"{CORRECTIONS}/subjects/{s['id']}:{name}", body))

    s = act(test.county, "register", occurredOn="2024-09-05", missing=["执行通知书"])
    s = act(test.office, "formTeam", team=TEAM, occurredOn="2024-09-05")
    return act(test.office, "announce", occurredOn="2024-09-06")
