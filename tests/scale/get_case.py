"""GetCase through the gateway (HTTPS, JSON) beside an asynchronous gRPC client at the service itself."""

from bureau import Bureau
from limits import unlimited
from load import Noise, cpu_seconds, grpc, median, sure, text_field, wrk
from proofs import Measure

_CALLERS = 64
_METHOD = "/sifa.mediation.v1.CaseService/GetCase"


def bench(suite):
    bureau = Bureau(suite)
    case = bureau.conclude()["id"]
    rounds, seconds = (1, 1) if suite.short else (5, 4)
    through, past, ratios, costs, service = [], [], [], [], []
    with unlimited(suite):
        noise = Noise()
        for i in range(rounds + 1):
            before = cpu_seconds(suite.pid("gateway"))
            a = sure(wrk(suite, "get.lua", seconds, _CALLERS, account="nanma.mediator", path=f"/v1/mediation/cases/{case}"))
            used = cpu_seconds(suite.pid("gateway")) - before
            before = cpu_seconds(suite.pid("mediation"))
            b = sure(grpc(suite, "mediation", _METHOD, text_field(1, case), seconds, _CALLERS, "nanma.mediator"))
            if i == 0 and not suite.short:
                continue  # warming up
            service.append((cpu_seconds(suite.pid("mediation")) - before) / b["calls"] * 1e6)
            through.append(a)
            past.append(b)
            ratios.append(a["rate"] / b["rate"])
            costs.append(used / a["calls"] * 1e6)
    note = f"median of {len(ratios)} rounds of {seconds} s, ratios {min(ratios):.2f}–{max(ratios):.2f}; {noise}"

    def mid(results, key):
        return median([r[key] for r in results])

    direct = mid(past, "rate")
    return [
        Measure("GetCase through the gateway, 64 connections", median(ratios) * direct, "/s", direct, "/s direct gRPC, 64 in flight",
                goal=0.5, note=note),
        Measure("GetCase p99", mid(through, "p99_us") / 1000, "ms", mid(past, "p99_us") / 1000, "ms direct gRPC",
                note=f"p50 {mid(through, 'p50_us') / 1000:.2f} and {mid(past, 'p50_us') / 1000:.2f} ms", lower_is_better=True),
        Measure("GetCase, processor time of the gateway", median(costs), "µs a request", median(service), "µs in mediation"),
    ]
