"""Questions of every type that hypothesis draws, and answers to them."""

from hypothesis import strategies as st

from coursehub.content.formats.questions import QUESTION, as_data

WORDS = st.text(alphabet="abcdeñáüÇ 123", min_size=1, max_size=12).filter(str.strip)
CREDITS = st.sampled_from([0.25, 0.5, 1.0])
NUMBERS = st.integers(-1000, 1000).map(float)


def texts():
    return st.fixed_dictionaries({"es": WORDS}, optional={"pt": WORDS, "en": WORDS})


def named(prefix: str, parts: list[dict]) -> list[dict]:
    return [{"id": f"{prefix}-{n:02}"} | one for n, one in enumerate(parts)]


ONE = st.just(1)


@st.composite
def choices(draw, rights: st.SearchStrategy[int]):
    """Answers of a choice, so many of them right."""
    answers = named("ans", draw(st.lists(PART, min_size=2, max_size=6)))
    for one in draw(st.permutations(answers))[: draw(rights)]:
        one["right"] = True
    return answers


ACCEPTED = st.lists(
    st.fixed_dictionaries({"text": texts(), "credit": CREDITS}), min_size=1, max_size=3
)
AMOUNTS = st.lists(
    st.fixed_dictionaries(
        {"value": NUMBERS, "tolerance": st.sampled_from([0.0, 0.5]), "credit": CREDITS}
    ),
    min_size=1,
    max_size=3,
)
PART = st.fixed_dictionaries({"text": texts()})


@st.composite
def gapped(draw) -> dict:
    gaps = []
    for n in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["choices", "accepted", "amounts"]))
        made = {"choices": choices(ONE), "accepted": ACCEPTED, "amounts": AMOUNTS}[kind]
        points = draw(st.sampled_from([1.0, 2.0]))
        gaps.append({"id": f"gap-{n}", kind: draw(made), "points": points})
        for m, one in enumerate(gaps[-1].get("choices", ())):
            one["id"] = f"gap-{n}-{m}"
    text = " … ".join(f"[[{gap['id']}]]" for gap in gaps)
    return {"type": "cloze", "text": {"es": text}, "gaps": gaps}


SEVERAL = st.integers(1, 5)


def asking(kind: str, **parts: st.SearchStrategy) -> st.SearchStrategy[dict]:
    return st.fixed_dictionaries({"type": st.just(kind), "text": texts(), **parts})


def some(prefix: str, part: st.SearchStrategy[dict], least: int, most: int):
    return st.lists(part, min_size=least, max_size=most).map(lambda parts: named(prefix, parts))


UNITS = st.sampled_from([[], [{"name": "m"}, {"name": "km", "factor": 1000.0}]])
SIMPLE = {
    "single_choice": asking("single_choice", answers=choices(ONE), shuffle=st.booleans()),
    "multiple_choice": asking("multiple_choice", answers=choices(SEVERAL)),
    "true_false": asking("true_false", is_true=st.booleans()),
    "matching": asking(
        "matching",
        pairs=some("pair", st.fixed_dictionaries({"text": texts(), "match": texts()}), 2, 5),
        decoys=some("decoy", PART, 0, 2),
    ),
    "ordering": asking("ordering", steps=some("step", PART, 2, 6)),
    "numeric": asking("numeric", amounts=AMOUNTS, units=UNITS),
    "short_text": asking(
        "short_text",
        accepted=ACCEPTED,
        forgives_case=st.booleans(),
        forgives_accents=st.booleans(),
    ),
    "cloze": gapped(),
    "essay": asking("essay"),
}
CASE = asking("case", questions=some("sub", st.one_of(*SIMPLE.values()), 1, 3))
SHAPES = SIMPLE | {"case": CASE}


@st.composite
def questions(draw, *kinds: str) -> dict:
    """A question of any kind, or of these, as a published version holds it."""
    shape = draw(st.sampled_from(kinds or sorted(SHAPES)))
    said = {"id": "q-one", "points": draw(st.sampled_from([1.0, 2.5, 3.0]))}
    return as_data(QUESTION.validate_python(said | draw(SHAPES[shape])))


def answers(question: dict) -> st.SearchStrategy:
    """A canonical answer, right or wrong, whole or not."""
    return ANSWERS[question["type"]](question)


def _matched(question: dict) -> st.SearchStrategy:
    pairs = ids(question["pairs"])
    options = [*pairs, *ids(question.get("decoys", ()))]
    return st.dictionaries(st.sampled_from(pairs), st.sampled_from(options))


def _placed(question: dict) -> st.SearchStrategy:
    steps = ids(question["steps"])
    return st.dictionaries(st.sampled_from(steps), st.integers(1, len(steps)))


def _number(_question: dict) -> st.SearchStrategy:
    value = st.one_of(NUMBERS.map(str), st.text(max_size=5))
    return st.fixed_dictionaries({"value": value, "unit": st.sampled_from(["", "m", "km", "x"])})


def _words(_question: dict) -> st.SearchStrategy:
    return st.one_of(st.just(""), WORDS)


ANSWERS = {
    "single_choice": lambda q: st.sampled_from([None, *ids(q["answers"])]),
    "multiple_choice": lambda q: st.sets(st.sampled_from(ids(q["answers"]))).map(sorted),
    "true_false": lambda q: st.sampled_from([None, True, False]),
    "matching": _matched,
    "ordering": _placed,
    "numeric": _number,
    "short_text": _words,
    "essay": _words,
    "cloze": lambda q: st.fixed_dictionaries({gap["id"]: typed(gap) for gap in q["gaps"]}),
    "case": lambda q: st.fixed_dictionaries({o["id"]: answers(o) for o in q["questions"]}),
}


def typed(gap: dict) -> st.SearchStrategy[str]:
    if gap.get("choices"):
        return st.sampled_from(["", *ids(gap["choices"])])
    return st.one_of(st.just(""), WORDS, NUMBERS.map(str))


def ids(parts) -> list[str]:
    return [one["id"] for one in parts]


def right_answer(question: dict):
    """An answer that earns the most."""
    return KNOWN[question["type"]](question)


def _best(credited: list[dict]) -> dict:
    return max(credited, key=lambda one: one["credit"])


KNOWN = {
    "single_choice": lambda q: next(one["id"] for one in q["answers"] if one["right"]),
    "multiple_choice": lambda q: [one["id"] for one in q["answers"] if one["right"]],
    "true_false": lambda q: q["is_true"],
    "ordering": lambda q: {step["id"]: n for n, step in enumerate(q["steps"], 1)},
    "numeric": lambda q: {"value": str(_best(q["amounts"])["value"]), "unit": ""},
    "short_text": lambda q: _best(q["accepted"])["text"]["es"],
}
