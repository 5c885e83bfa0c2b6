"""A public call with an answer of 1 KB and no database behind it: what the way through the gateway costs."""

import json

from limits import unlimited
from load import Noise, cpu_seconds, grpc, median, sure, text_field, varint_field, wrk
from proofs import Measure

_CALLERS = 64
# The cheapest method with an answer of about 1 KB: a limit of seven working days, with every step of its computation.
_BODY = {"instrument": "APL", "amount": 7, "unit": "DAY", "eventDate": "2024-09-27"}
_METHOD = "/sifa.reference.v1.PeriodService/ComputePeriod"


def bench(suite):
    request = text_field(1, _BODY["instrument"]) + varint_field(2, _BODY["amount"]) + varint_field(3, 2) + text_field(4, _BODY["eventDate"])
    rounds, seconds = (1, 1) if suite.short else (5, 4)
    through, past, ratios, costs = [], [], [], []
    with unlimited(suite):
        noise = Noise()
        for i in range(rounds + 1):
            before = cpu_seconds(suite.pid("gateway"))
            a = sure(wrk(suite, "get.lua", seconds, _CALLERS, path="/v1/reference/periods:compute", body=json.dumps(_BODY)))
            used = cpu_seconds(suite.pid("gateway")) - before
            b = sure(grpc(suite, "identity", _METHOD, request, seconds, _CALLERS))
            if i == 0 and not suite.short:
                continue
            through.append(a)
            past.append(b)
            ratios.append(a["rate"] / b["rate"])
            costs.append(used / a["calls"] * 1e6)

    def mid(results, key):
        return median([r[key] for r in results])

    direct = mid(past, "rate")
    size = f"{past[0]['bytes']} B as protobuf, {through[0]['bytes'] // through[0]['calls']} B as HTTP"
    return [
        Measure("answer of 1 KB through the gateway, 64 connections", median(ratios) * direct, "/s", direct,
                "/s direct gRPC, 64 in flight", goal=0.4,
                note=f"{size}; median of {len(ratios)} rounds of {seconds} s, ratios {min(ratios):.2f}–{max(ratios):.2f}; {noise}"),
        Measure("answer of 1 KB, p50", mid(through, "p50_us") / 1000, "ms", mid(past, "p50_us") / 1000, "ms direct gRPC"),
        Measure("answer of 1 KB, p99", mid(through, "p99_us") / 1000, "ms", mid(past, "p99_us") / 1000, "ms direct gRPC"),
        Measure("answer of 1 KB, processor time of the gateway", median(costs), "µs a request"),
    ]
