"""The hotline of the demonstration: the centre of 东阳市 with four groups, thirty agents and its switch."""

_API = "/v1/hotline"
_COUNTY = "330783"
_GROUPS = (("00", "综合", True), ("01", "婚姻家庭", False), ("02", "劳动劳务", False), ("03", "合同纠纷", False))
_HAN, _MONGOLIAN = "zh", "mn"


def load(suite, accounts):
    """`accounts`: ids by log-in name. Returns a line to show."""
    head = suite.http("dongyang.head", timeout=120)

    def make(collection, key, **fields):
        return head.must("POST", f"{_API}/{collection}", {"requestId": f"demo/hotline/{key}", **fields})

    centre = make("centres", "centre", office=_COUNTY, region=_COUNTY, name="东阳市12348热线", calledNumbers=["12348", "057912348"],
                  serves=[_COUNTY], languages=[_HAN, _MONGOLIAN])["id"]
    groups = {code: make("groups", f"group/{code}", centre=centre, code=code, name=name, fallback=fallback)["id"]
              for code, name, fallback in _GROUPS}
    agents = [name for name in sorted(accounts, key=_order) if name.startswith("dongyang.agent")]
    for n, name in enumerate(agents):
        own = _GROUPS[1 + n % 3][0]
        make("agents", f"agent/{name}", centre=centre, account=accounts[name]["id"], staffNumber=str(101 + n),
             name=accounts[name]["displayName"], extension=str(8101 + n), regions=[_COUNTY],
             skills=[{"group": groups[own], "grade": 1 + n % 3}, {"group": groups["00"], "grade": 1}],
             languages=[_HAN, _MONGOLIAN] if n % 15 == 0 else [_HAN])
    make("switches", "switch", centre=centre, name="东阳市12348交换机", account=accounts["dongyang.switch"]["id"])
    return f"{len(agents)} agents of the hotline"


def _order(name):
    return len(name), name
