"""The order in which an attempt shows a question's answers, fixed when the attempt begins."""

import random

from coursehub.questions.rules import Json


def arrange(question: Json, seed: str) -> Json:
    """The ids of a question's answers in the order in which one attempt shows them.

    Under "" stands the question's own order, under the id of a gap or of a case's question theirs.
    The same question and seed give the same order, on every machine.
    """
    chance = random.Random(f"{seed}/{question.get('id')}")  # noqa: S311 - no secret
    match question["type"]:
        case "single_choice" | "multiple_choice":
            keys = [answer["id"] for answer in question["answers"]]
            return {"": keys if question.get("shuffle") is False else _shuffled(keys, chance)}
        case "matching":
            return {"": _shuffled(list(options_of(question)), chance)}
        case "ordering":
            return {"": _disordered([step["id"] for step in question["steps"]], chance)}
        case "cloze":
            choices = {gap["id"]: gap["choices"] for gap in question["gaps"] if gap.get("choices")}
            return {
                key: _shuffled([answer["id"] for answer in answers], chance)
                for key, answers in choices.items()
            }
        case "case":
            return {one["id"]: arrange(one, seed) for one in question["questions"]}
    return {}


def options_of(question: Json) -> dict[str, Json]:
    """What can be chosen in a matching question, by key: each text once, then what fits nothing.

    The key is the id of the first pair with that text, or the decoy's own.
    """
    options: dict[str, Json] = {}
    keys = keys_of_matches(question)
    for pair in question["pairs"]:
        options.setdefault(keys[pair["id"]], pair["match"])
    return options | {decoy["id"]: decoy["text"] for decoy in question.get("decoys", ())}


def keys_of_matches(question: Json) -> dict[str, str]:
    """For each pair of a matching question the key of the option that belongs to it."""
    first: dict[str, str] = {}
    keys = {}
    for pair in question["pairs"]:
        text = repr(sorted(pair["match"].items()))
        keys[pair["id"]] = first.setdefault(text, pair["id"])
    return keys


def _shuffled(keys: list[str], chance: random.Random) -> list[str]:
    return chance.sample(keys, len(keys))


def _disordered(keys: list[str], chance: random.Random) -> list[str]:
    """Another order than the right one: what is shown first must not be the answer."""
    shown = _shuffled(keys, chance)
    return shown if shown != keys else [*keys[1:], keys[0]]
