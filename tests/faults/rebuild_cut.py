"""A rebuild of the figures outlives its request and a killed service: it goes on from where it stood, and finds nothing wrong."""

from bureau import Bureau, assert_whole
from suite import wait_until

_ACTS = 1500, 12_000  # cases to count, in the short form and in full
_WITHIN = 240


def prove(suite):
    bureau, caller = Bureau(suite), suite.http("zhejiang.system")
    count = _ACTS[0] if suite.short else _ACTS[1]
    lines = [_closed_case(bureau, n) for n in range(count)]
    answer = suite.http("dongyang.officer", timeout=_WITHIN).post_lines("/v1/mediation/cases:import", lines, timeout=_WITHIN)
    assert answer.ok and "errors" not in answer.json, repr(answer)
    bureau.settle()

    begun = caller.must("POST", "/v1/mediation/statistics:rebuild", {"replace": True})
    assert begun["state"] == "RUNNING", begun

    def now():
        path = f"/v1/mediation/statistics/rebuilds/{begun['id']}"
        return wait_until(lambda: (answer := caller.get(path)).ok and answer.json, 30, "an answer of the service")

    stood = []
    for _ in range(2):
        before = stood[-1] if stood else 0
        found = wait_until(lambda before=before: (r := now()) and (r["state"] != "RUNNING" or _position(r) > before) and r,
                           60, "progress of the rebuild", pause=0.01)
        if found["state"] != "RUNNING":
            break
        suite.kill("mediation")
        stood.append(_position(found))
        suite.start_process("mediation")
        again = _position(now())
        assert again >= stood[-1], f"it stood at {stood[-1]} and begins again at {again}"
    assert stood, "the rebuild was over before it could be cut off"
    done = wait_until(lambda: (r := now())["state"] != "RUNNING" and r, _WITHIN, "the end of the rebuild", pause=0.1)
    assert done["state"] == "FINISHED" and done["replaced"], done
    assert int(done.get("differenceCount", 0)) == 0, done["differences"]
    rows = assert_whole(suite)
    print(f"    begun at once, killed at row {' and '.join(map(str, stood))} of {done['of']}, gone on from there: {done['contributions']}"
          f" contributions and {done['counters']} counters compared, none differs; {rows} journal rows verify")


def _position(rebuild):
    return int(rebuild.get("position", 0))


def _closed_case(bureau, number):
    day = f"2013-{1 + number % 12:02d}-{1 + number % 28:02d}"
    return {"number": f"（2013）重算第{number}号", "organisation": bureau.organisation, "region": bureau.region, "type": "02", "source": "2",
            "acceptedOn": day, "concludedOn": day, "result": "1", "agreementForm": "2"}
