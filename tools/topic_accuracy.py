#!/usr/bin/env python3
"""How well data/hotline/topic-terms.csv tells topics apart: tools/topic_accuracy.py QUESTIONS.json

QUESTIONS.json: a list of {"question", "label"}, the label being that of a topic in the code table hotline_topic. Prints three lines of top-1, top-3 and
unsure in a hundred: of all terms as they stand; held out, where a term counts for a question only if another question of the file has it, so that
no term helps that may have been taken from the question itself; and of the most frequent topic, for comparison. It scores by itself, as services/hotline/topics.h
says, and so checks the service's arithmetic, too.
"""

import collections
import csv
import json
import pathlib
import sys

_DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
_LEAST, _LEAD = 3, 1  # of topics.cc


def _rows(name: str) -> list[dict]:
    with open(_DATA / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _ranked(terms: list[dict], text: str) -> list[tuple[str, int]]:
    """The topics with their scores, best first; of equal ones the first by code."""
    found = [row for row in terms if row["term"] in text]
    scores: collections.Counter = collections.Counter()
    for row in found:
        inside = any(row["term"] != other["term"] and row["term"] in other["term"] and row["topic"] == other["topic"] for other in found)
        scores[row["topic"]] += 0 if inside else int(row["weight"])
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))


def _is_unsure(ranked: list[tuple[str, int]]) -> bool:
    best, second = ([score for _, score in ranked] + [0, 0])[:2]
    return best < _LEAST or best - second < _LEAD


def _report(name: str, questions: list[tuple[str, str]], ranking) -> None:
    first = third = unsure = 0
    for text, topic in questions:
        ranked = ranking(text)
        best = [code for code, _ in ranked[:3]]
        first += best[:1] == [topic]
        third += topic in best
        unsure += _is_unsure(ranked)
    total = len(questions)
    print(f"{name}: top-1 {100 * first / total:.1f}, top-3 {100 * third / total:.1f}, unsure {100 * unsure / total:.1f} of 100 ({total} questions)")


def main(path: str) -> None:
    codes = {row["label"]: row["code"] for row in _rows("code-tables/hotline.csv") if row["table"] == "hotline_topic"}
    with open(path, encoding="utf-8") as file:
        questions = [(entry["question"], codes[entry["label"]]) for entry in json.load(file)]
    terms = _rows("hotline/topic-terms.csv")
    times = collections.Counter(row for row in {row["term"] for row in terms} for text, _ in questions if row in text)
    _report("as it stands", questions, lambda text: _ranked(terms, text))
    shared = [row for row in terms if times[row["term"]] > 1]
    _report("held out", questions, lambda text: _ranked(shared, text))
    often = collections.Counter(topic for _, topic in questions).most_common(3)
    _report("most frequent", questions, lambda _: often)


if __name__ == "__main__":
    main(sys.argv[1])
