"""The hotline of the demonstration: the centre of 东阳市 with four groups, thirty agents and its switch; its service points."""

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
    points = [make("servicePoints", f"point/{n}", office=_COUNTY, **point) for n, point in enumerate(_points())]
    return f"{len(agents)} agents of the hotline, {len(points)} service points"


def _points():
    """A centre with its kiosk in town, stations of four townships, and a van that comes on certain days. The places are only near the true ones."""
    office_hours = [{"days": "WORKING_DAY", "from": "08:30", "to": "11:30"}, {"days": "WORKING_DAY", "from": "14:00", "to": "17:30"}]
    town = {"region": _COUNTY, "placeClass": "TOWN", "languages": [_HAN, _MONGOLIAN]}
    yield town | {"name": "东阳市公共法律服务中心", "kind": "01", "latitude": 29.2896, "longitude": 120.2417, "address": "东阳市吴宁街道",
                  "phone": "0579-86620001", "openings": office_hours}
    yield town | {"name": "东阳市公共法律服务中心自助终端", "kind": "04", "latitude": 29.2897, "longitude": 120.2419, "address": "东阳市吴宁街道",
                  "openings": [{"days": day, "from": "00:00", "to": "24:00"} for day in ("WORKING_DAY", "DAY_OFF")]}
    for code, name, latitude, longitude in (("330783118", "南马镇", 29.1386, 120.2975), ("330783123", "横店镇", 29.1614, 120.3217),
                                            ("330783106", "巍山镇", 29.2975, 120.4053), ("330783109", "佐村镇", 29.3711, 120.5525)):
        yield {"region": code, "placeClass": "VILLAGE", "languages": [_HAN], "name": f"{name}公共法律服务工作站", "kind": "02", "latitude": latitude,
               "longitude": longitude, "address": f"东阳市{name}", "openings": office_hours}
    yield {"region": "330783109", "placeClass": "VILLAGE", "languages": [_HAN], "name": "流动法律服务车（佐村）", "kind": "05", "latitude": 29.3805,
           "longitude": 120.5602, "address": "东阳市佐村镇集市", "openings": [{"days": day, "from": "09:00", "to": "11:00"} for day in ("MON#1", "MON#3")]}


def _order(name):
    return len(name), name
