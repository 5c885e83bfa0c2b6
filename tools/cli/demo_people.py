"""People and disputes of the demonstration: all made up, the same for the same seed.

Citizen IDs are well formed, with the county's prefix and the right check digit, and belong to nobody on purpose; telephone
numbers begin with 1540, a range that no operator has been given."""

import datetime
import random

_SURNAMES = ("王李张吴陈金徐赵马卢楼何蒋许厉葛郭胡韦杜虞骆斯俞申屠包史潘叶朱周吕华应孙黄董任严程施钱龚贾方盛倪"
             "傅沈韩冯邵童洪柳宋郑曹杨")
_MALE = ("建国", "志强", "伟民", "国平", "永康", "海军", "春林", "德明", "晓东", "立新", "根土", "樟木", "金水", "向阳",
         "卫星", "文龙", "俊杰", "浩然", "宇航", "子轩", "兆丰", "庆元", "忠良", "学军", "福生", "景山")
_FEMALE = ("秀英", "丽萍", "小红", "爱珍", "美华", "春兰", "月仙", "桂香", "晓燕", "雅琴", "惠芳", "彩娟", "玉珠", "婷婷",
           "佳怡", "梦洁", "雪梅", "素贞", "云仙", "巧玲", "银花", "思源")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HAN, _MAN, _WOMAN = "01", "1", "2"

# Type of dispute (code table dispute_type): weight among a county's cases, what it is about.
_DISPUTES = {
    "01": (18, ("因老人赡养费用分担发生争执", "因分家析产意见不一", "因彩礼返还发生纠纷", "因子女探望时间发生争吵")),
    "02": (30, ("因排水沟走向发生争执", "因采光通风受影响要求拆除雨棚", "因共用院墙倒塌修缮费用发生争执", "因养鸡扰邻发生口角")),
    "03": (7, ("因宅基地界址不清发生争执", "因老屋翻建占用通道发生纠纷")),
    "04": (6, ("因木雕定作款拖欠发生纠纷", "因房屋租赁押金退还发生争执", "因民间借贷逾期未还发生纠纷")),
    "05": (4, ("因鱼塘承包费发生争执", "因红木加工质量问题发生纠纷")),
    "06": (9, ("因电瓶车碰擦致伤赔偿发生争执", "因犬只伤人医药费发生纠纷", "因帮工受伤赔偿发生争执")),
    "07": (3, ("因山林边界不清发生争执", "因土地流转租金发生纠纷")),
    "08": (3, ("因征地青苗补偿分配发生争执",)),
    "09": (1, ("因加工厂粉尘噪声影响生活发生纠纷",)),
    "1001": (2, ("因工程完工后工资拖欠发生纠纷", "因装修班组工资结算发生争执")),
    "1099": (1, ("因离职补偿发生争议",)),
    "1102": (1, ("因网购家具退货发生纠纷",)),
    "1199": (1, ("因健身房停业退费发生纠纷",)),
    "12": (5, ("因术后恢复不佳对诊疗过程提出异议", "因用药不良反应要求赔偿")),
    "13": (7, ("因交通事故误工费赔偿发生争执", "因交通事故车损赔偿协商不成")),
    "14": (1, ("因物业服务质量拒交物业费发生纠纷", "因小区车位使用发生争执")),
    "99": (4, ("因村务公开事项发生争执", "因集市摊位发生口角")),
}


class People:
    """A source of people. `seed`: any text."""

    def __init__(self, seed):
        self._random = random.Random(f"sifa-{seed}")
        self.choice, self.randint, self.random = self._random.choice, self._random.randint, self._random.random

    def sex(self):
        return self.choice((_MAN, _WOMAN))

    def name(self, sex):
        return self.choice(_SURNAMES) + self.choice(_MALE if sex == _MAN else _FEMALE)

    def phone(self):
        return f"1540{self.randint(0, 9_999_999):07d}"

    def born(self, first=1952, last=2001):
        return datetime.date(first, 1, 1) + datetime.timedelta(self.randint(0, (last - first) * 365))

    def party(self, side):
        sex, born = self.sex(), self.born()
        return {"name": self.name(sex), "idNumber": self.citizen_id(born, sex), "phone": self.phone(), "sex": sex,
                "ethnicGroup": _HAN, "side": side, "address": f"东阳市某村{self.randint(1, 300)}号"}

    def citizen_id(self, born, sex):
        sequence = self.randint(0, 499) * 2 + (1 if sex == _MAN else 0)
        return with_check_digit(f"330783{born:%Y%m%d}{sequence:03d}")

    def member(self, role, sex=None, **more):
        sex = sex or self.sex()
        return {"name": self.name(sex), "role": role, "sex": sex, "ethnicGroup": _HAN, "kind": "2",
                "bornOn": self.born(1958, 1998).isoformat(), "phone": self.phone()} | more

    def dispute(self, only=None):
        """(type, facts): `only` one of these types."""
        types = [t for t in _DISPUTES if only is None or t in only]
        kind = self._random.choices(types, [_DISPUTES[t][0] for t in types])[0]
        return kind, self.choice(_DISPUTES[kind][1])

    def particulars(self, source="2", only=None, **more):
        """Of a case between two people."""
        kind, facts = self.dispute(only)
        first, second = self.party(1), self.party(2)
        return {"type": kind, "source": source, "difficulty": self._random.choices("123", (50, 42, 8))[0],
                "parties": [first, second], "amountFen": str(self.amount()), "claims": "请求公正调解，妥善解决。",
                "facts": f"{first['name']}与{second['name']}{facts}，经村干部劝说未果。"} | more

    def amount(self):
        """Claimed, in fen: two of five disputes are not about money."""
        return 0 if self.random() < 0.4 else self.randint(3, 900) * 10_000


def with_check_digit(body):
    """The 17 digits of a citizen ID with their check digit (GB 11643)."""
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS)) % 11]
