"""Keyword in context: words of a text near one another, and the sentences that deny them."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kinds.spec import judged

CHECK = "kind: keyword\ntext: text\nwords: [罚款, 罚没]\nnear: [任务, 指标, '#万元']\nwithin: 5\nunless: [严禁, 不得]"


def verdicts(*texts: str, check: str = CHECK) -> list[str]:
    lines = ["document_id | issued_on | text", *(f"D{n} | 2024-05-01 | {text}" for n, text in enumerate(texts))]
    found = judged(check, {"documents": "\n".join(lines)}, table="documents")
    return [found[f"D{n}"] for n in range(len(texts))]


def test_both_words_within_reach_are_a_hit_in_either_order() -> None:
    assert verdicts("下达罚款任务", "任务包括罚款", "罚款很多", "任务很多", "") == [
        "violation", "violation", "ok", "ok", "unknown",
    ]  # fmt: skip


def test_five_characters_apart_are_near_and_six_are_not() -> None:
    assert verdicts("罚款一二三四五任务", "罚款一二三四五六任务") == ["violation", "ok"]


def test_a_sentence_ends_the_reach() -> None:
    assert verdicts("收到罚款。任务完成", "收到罚款；任务完成", "收到罚款，任务完成") == ["ok", "ok", "violation"]


def test_a_ban_speaks_of_what_it_bans_and_only_in_its_own_sentence() -> None:
    assert verdicts("严禁下达罚款任务", "严禁粗暴执法。下达罚款任务", "罚款任务不得下达", "下达罚款任务；不得拖延") == [
        "ok", "violation", "ok", "violation",
    ]  # fmt: skip


def test_a_hash_stands_for_a_number_and_other_signs_for_themselves() -> None:
    assert verdicts("罚款30万元", "罚款三十万元", "罚款万元", "罚款3.5万元") == [
        "violation", "violation", "ok", "violation",
    ]  # fmt: skip
    plain = "kind: keyword\ntext: text\nwords: ['a.c', '(x)']"
    assert verdicts("a.c", "abc", "(x)", "x", check=plain) == ["violation", "ok", "violation", "ok"]


def near(text: str) -> bool:
    """The oracle: every pair of places, without a pattern for the whole."""
    for sentence in re.split("[。；]", text):
        if any(word in sentence for word in ("严禁", "不得")):
            continue
        ones = [(m.start(), m.end()) for word in ("罚款", "罚没") for m in re.finditer(word, sentence)]
        others = [(m.start(), m.end()) for word in ("任务", "指标") for m in re.finditer(word, sentence)]
        for start, end in ones:
            for start2, end2 in others:
                apart = start2 - end if start2 >= end else start - end2
                if 0 <= apart <= 5:
                    return True
    return False


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["罚款", "罚没", "任务", "指标", "严禁", "不得", "。", "；", "甲", "乙丙", "丁戊己"]),
            max_size=9,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_agrees_with_looking_at_every_pair_of_places(texts: list[list[str]]) -> None:
    written = ["".join(parts) for parts in texts]
    expected = ["unknown" if not text else "violation" if near(text) else "ok" for text in written]
    assert verdicts(*written) == expected
