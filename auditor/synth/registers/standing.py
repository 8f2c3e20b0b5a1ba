"""Innocent complaints, documents and restrictions: settled in time, without a quota, approved and published."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from auditor.synth.agency import UNITS, Agency
from auditor.synth.planting import Planted
from auditor.synth.police_records import Complaint, Document, Restriction
from auditor.synth.records import Row
from auditor.synth.workdays import LEDGERS_BEGIN, YEAR, after, at_office, is_working

_TOPICS = (
    ("咨询违法处理地点", "来电人咨询处理电子监控记录的窗口和时间。"),
    ("反映信号灯配时", "来电人建议延长路口左转绿灯时间。"),
    ("反映标线不清", "来电人反映学校门口标线磨损，希望重新施划。"),
    ("咨询驾驶证换证", "来电人咨询换领驾驶证需要的材料。"),
    ("对处罚有疑问", "来电人对一次罚款有疑问，已解释。"),
)
_CHANNELS = ("12345", "12345", "12328", "122", "petition")
_DOCUMENTS = (
    ("关于加强雨雪天气道路交通安全工作的通知", "各中队加强巡逻，及时设置警示标志，做好应急准备。"),
    ("关于开展执法案卷评查的通知", "各单位于月底前完成自查，重点核对文书送达和程序记录。"),
    ("执法人员培训安排", "本月组织两次业务学习，内容为程序规定与文书制作。"),
    ("关于严格规范公正文明执法的通知", "严禁下达或者变相下达指标，不得将罚款数额与考核挂钩。"),
)


class Complaints:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:complaints")
        self._daily = max(size / 40_000, 0.2)
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """Questions and suggestions; what was looked into was not found true."""
        count = int(self._daily) + (self._rng.random() < self._daily % 1)
        return [self._complaint(day) for _ in range(count)]

    def _complaint(self, day: date) -> Complaint:
        rng = self._rng
        topic, text = _TOPICS[int(rng.random() * len(_TOPICS))]
        received = datetime.combine(day, datetime.min.time()) + timedelta(minutes=480 + int(rng.random() * 700))
        due = datetime.combine(after(day, 15), datetime.min.time()) + timedelta(hours=17, minutes=30)
        return Complaint(
            complaint_id="",
            channel=_CHANNELS[int(rng.random() * len(_CHANNELS))],
            received_at=received,
            topic=topic,
            text=text,
            unit_id=UNITS[int(rng.random() * len(UNITS))].unit_id,
            due_at=due if rng.random() < 0.7 else None,
            resolved_at=at_office(rng, after(day, 1 + int(rng.random() * 10))),
            upheld=False if rng.random() < 0.6 else None,
            outcome="已答复",
        )


class Documents:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:documents")
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """About one a week."""
        if not is_working(day) or self._rng.random() >= 0.2:
            return ()
        title, text = _DOCUMENTS[int(self._rng.random() * len(_DOCUMENTS))]
        unit = ("JJ00", "JT00")[int(self._rng.random() * 2)]
        return [Document(document_id="", unit_id=unit, title=title, issued_on=day, text=text)]


class Restrictions:
    def __init__(self, agency: Agency, seed: int, size: int) -> None:
        self._rng = Random(f"{seed}:restrictions")
        self.entries: list[Planted] = []

    def of_day(self, day: date, rows: Sequence[Row]) -> Sequence[Row]:
        """All stood before the year began."""
        return [self._restriction(number) for number in range(1, 11)] if day == LEDGERS_BEGIN else ()

    def _restriction(self, number: int) -> Restriction:
        installed = datetime(YEAR - 2, 1 + number, 5, 9) + timedelta(days=int(self._rng.random() * 20))
        kind = ("height", "width", "traffic")[number % 3]
        return Restriction(
            restriction_id="",
            kind=kind,
            place_id=f"LX{number:02d}",
            place_name=f"样例县{number}号桥",
            approved_ref=f"样政批〔{YEAR - 2}〕{number}号",
            detour_published_at=installed - timedelta(days=15),
            installed_at=installed,
        )
