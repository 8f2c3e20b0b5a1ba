# ruff: noqa: E501 - rows of a table stand on one line each
"""Made-up exports for the ready profiles, in the forms in which such systems write them: nobody in them exists.

`python data/examples/make.py [FOLDER]` writes them again, a folder a profile. People, firms and plates are those of the
sample county (`auditor.synth.identity`). In every file some rows are bad on purpose; tests/intake/test_ready_profiles.py
names them.
"""

import csv
import io
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from auditor.synth.identity import credit_code, name, plate, resident_number

Rows = Sequence[Sequence[Any]]

PUBLIC = ["CF_WSH", "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_ZJHM", "CF_WFXW", "CF_YJ", "CF_CFLB", "CF_NR_FK",
          "CF_NR_WFFF", "CF_JDRQ", "CF_CFJG"]  # fmt: skip
PUBLIC_ZH = ["行政处罚决定书文号", "行政相对人名称", "行政相对人类别", "统一社会信用代码", "证件号码", "违法行为类型",
             "处罚依据", "处罚类别", "罚款金额（万元）", "没收违法所得、没收非法财物的金额（万元）", "处罚决定日期", "处罚机关"]  # fmt: skip
POLICE, TRANSPORT = "样例县公安局交通警察大队", "样例县交通运输局"


def published(place: int, fine: str, day: str, agency: str = TRANSPORT, gain: str = "", number: str = "") -> list[str]:
    """A published penalty; even ones punish a firm, odd ones a person."""
    firm = place % 2 == 0
    return [
        number or f"样交罚〔2025〕{place:03d}号",
        f"样例县第{place}运输有限公司" if firm else name(place, 3),
        "法人及非法人组织" if firm else "自然人",
        credit_code(place) if firm else "",
        "" if firm else resident_number(place),
        "未取得道路运输经营许可擅自从事道路货物运输经营",
        "道路运输条例第六十三条",
        "罚款、没收违法所得" if gain else "罚款",
        fine,
        gain,
        day,
        agency,
    ]


def double_publicity() -> dict[str, Rows]:
    first = [
        published(1, "0.02", "2025/03/03"),
        published(2, "1.000000", "2025-03-04", gain="0.35"),
        published(3, "0.3", "20250305", POLICE),
        published(4, "0.5", "2025/03/06", "样例县市场监督管理局"),  # another field: filtered
        published(5, "0.5", "2025/03/07", "样例县某某中心"),  # no domain to be told
        published(6, "叁仟元", "2025/03/10"),  # no number
        published(7, "0.03", "2025/02/30"),  # no such day
    ]
    second = [published(11, "0.05", "2025年3月11日"), published(12, "0.12", "2025-03-12")]
    return {
        "双公示行政处罚202503.csv": [PUBLIC, *first],
        "行政处罚信息公示.xlsx": [["行政处罚信息公示表"], PUBLIC_ZH, *second],
    }


def six_in_one() -> dict[str, Rows]:
    violation = ["WFBH", "JDSBH", "JDSLB", "CLJG", "ZQMJ", "JSZH", "DSR", "HPHM", "HPZL", "WFSJ", "WFXW", "WFJFS",
                 "FKJE", "XXLY", "LRSJ", "CLSJ", "JKFS", "JKBJ", "JKRQ", "PZBH"]  # fmt: skip

    def act(place: int, moment: str, procedure: str = "简易程序", paid: str = "", fine: str = "200") -> list[str]:
        return [f"9900{place:08d}", f"99000000000{place:04d}", procedure, "990000000001", f"99{place % 3:04d}",
                resident_number(place), name(place, 3), plate(place), "02", moment, "1625", "6", fine, "现场执法", moment,
                moment, "网上缴款" if paid else "", "1" if paid else "0", paid, f"PZ{place:06d}" if paid else ""]  # fmt: skip

    cases = [
        violation,
        act(1, "2025-03-03 08:05:00", paid="2025-03-05"),
        act(2, "2025/3/4 17:40", "一般程序"),
        act(3, "20250305221500", paid="20250306", fine="1,500.00"),
        act(4, "2025-03-06 09:00:00", "9"),  # a code nobody explained
        act(5, "2025-13-06 09:00:00"),  # no such month
    ]
    surveil = [
        ["序号", "设备编号", "号牌号码", "违法行为代码", "违法时间", "实测值", "录入时间", "审核时间", "审核人", "通知日期"],
        ["S1", "990000000001000001", plate(21), "1636", "2025-03-03 10:00:00", "96", "2025-03-04 09:00:00", "2025-03-05 09:00:00", "990001", ""],
        ["S2", "990000000001000001", plate(22), "1636", "", "88", "2025-03-04 09:00:00", "", "", ""],  # no moment
    ]  # fmt: skip
    force = [
        ["XH", "WFBH", "JDSBH", "QZCSLX", "HPHM", "FXJG", "ZQMJ", "WFSJ"],
        ["Q1", "990000000002", "990000000000101", "扣留机动车", plate(2), "990000000001", "990002", "2025/3/4 17:40"],
        ["Q2", "", "990000000000102", "扣留驾驶证", plate(3), "990000000001", "990000", "2025-03-05 22:15:00"],
        ["Q3", "", "990000000000103", "77", plate(3), "990000000001", "990000", "2025-03-05 22:15:00"],  # unexplained
    ]
    return {"VIO_VIOLATION_202503.csv": cases, "VIO_SURVEIL_202503.csv": surveil, "VIO_FORCE_202503.csv": force}


def transport_ledger() -> dict[str, Rows]:
    header = ["案号", "案件来源", "程序类型", "执法单位", "执法人员一", "执法人员二", "当事人", "当事人证照号", "车牌号", "案由",
              "违法程度", "案发时间", "受案时间", "处罚决定日期", "车货总重(t)", "限重(t)", "轴数", "处罚金额(元)", "结案日期"]  # fmt: skip

    def case(place: int, moment: Any, fine: Any, source: str = "现场检查", gross: Any = 52.3) -> list[Any]:
        return [f"样交罚案〔2025〕{place}号", source, "一般程序", "样例县交通运输综合行政执法大队", "ZF001", "ZF002",
                f"样例县第{place}运输有限公司", credit_code(place), plate(place), "车辆超限行驶公路", "一般", moment,
                "2025-03-04", "2025-03-20", gross, 49, 6, fine, ""]  # fmt: skip

    cases = [
        ["样例县交通运输行政执法案件台账"],
        ["填报单位：样例县交通运输综合行政执法大队"],
        header,
        case(1, datetime(2025, 3, 3, 8, 5), 1500),
        case(2, "2025年3月4日8时5分", "1500元"),
        case(3, datetime(2025, 3, 5, 9, 30), "1,000.00", gross="50.1吨"),
        case(4, datetime(2025, 3, 6, 9, 30), 500, source="群众反映"),  # no such way
        ["合计", *[None] * 16, 4500, None],
    ]
    station = [
        ["checkNo", "siteCode", "checkTime", "plateNum", "axleCnt", "sumWeight", "limitWeight", "checkType"],
        ["J1", "21990001", "2025-03-03 07:50:00", plate(1), "6", "52300", "49000", "1"],
        ["J2", "21990001", "2025-03-03 09:50:00", plate(1), "6", "48600", "49000", "2"],
        ["J3", "21990001", "2025-03-04 07:50:00", plate(2), "6", "", "49000", "1"],  # no weight
    ]
    weighed = [["过磅记录"], ["检测单号", "案号", "检测站", "检测时间", "车牌号", "轴数", "车货总重(t)", "限重(t)"],
               ["G1", "样交罚案〔2025〕3号", "样例站", "2025-03-05 09:10", plate(3), 6, 50.1, 49]]  # fmt: skip
    unloaded = [["卸载记录"], ["卸载单号", "检测单号", "卸载时间", "卸载前重量(t)", "卸载后重量(t)", "卸载重量(t)", "卸载费(元)"],
                ["X1", "J1", "2025-03-03 08:40", 52.3, 48.6, 3.7, 0]]  # fmt: skip
    return {
        "交通执法案件台账.xlsx": cases,
        "治超检测.csv": station,
        "过磅记录.xlsx": weighed,
        "卸载记录.xlsx": unloaded,
    }


def hotline() -> dict[str, Rows]:
    header = [
        "工单编号",
        "来电时间",
        "诉求类型",
        "诉求内容",
        "承办单位",
        "涉及车牌",
        "办理期限",
        "办结时间",
        "是否属实",
        "满意度",
    ]
    return {
        "12345热线工单.xlsx": [
            ["12345政务服务热线工单明细"],
            header,
            ["GD1", "2025-03-03 08:05:00", "执法投诉", "反映重复处罚", POLICE, plate(1), "2025-03-10", "2025-03-08 10:00", "属实", "满意"],
            ["GD2", "2025/3/4 8:05", "执法投诉", "反映停车场收费", TRANSPORT, "", "2025-03-11", "", "", ""],
            ["GD3", "2025年3月5日8时5分", "咨询", "咨询处理窗口", POLICE, "", "", "2025-03-05", "无法核实", "不满意"],
            ["GD4", "昨天上午", "执法投诉", "反映态度", POLICE, "", "", "", "不属实", "满意"],  # no moment
        ]
    }  # fmt: skip


EXAMPLES = {
    "double-publicity": double_publicity,
    "six-in-one": six_in_one,
    "transport-ledger": transport_ledger,
    "hotline-12345": hotline,
}


def write(folder: Path, files: dict[str, Rows]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file, rows in files.items():
        if file.endswith(".csv"):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            (folder / file).write_bytes(text.getvalue().encode("gb18030"))
            continue
        book = xlsxwriter.Workbook(folder / file, {"default_date_format": "yyyy-mm-dd hh:mm:ss"})
        book.set_properties({"created": datetime(2025, 12, 31)})
        sheet = book.add_worksheet("台账")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
        book.close()


if __name__ == "__main__":
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for profile, made in EXAMPLES.items():
        write(home / profile, made())
        settings = f"# A made-up export for the ready profile of this name.\nprofile: ../../profiles/{profile}.yaml\n"
        (home / profile / "auditor.yaml").write_text(settings + 'period: "2025-03"\n', encoding="utf-8")
