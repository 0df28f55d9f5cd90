"""From a form to an answer: nothing typed is lost, nothing foreign comes in."""

from hypothesis import given
from hypothesis import strategies as st

from coursehub.questions.rules.answering import is_answered, read_answer, why_not_answer
from coursehub.questions.rules.arranging import arrange
from coursehub.questions.rules.grading import grade
from tests.questions.shapes import answers, questions

FIELDS = st.dictionaries(
    st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3), max_size=6
)


def fields_of(question: dict, answer, prefix: str, order: dict) -> dict[str, list[str]]:
    """The fields of a form that was filled in so."""
    match question["type"]:
        case "multiple_choice":
            return {prefix: list(answer)}
        case "true_false":
            return {prefix: [str(answer).lower()]}
        case "matching":
            places = {pair: order[""].index(key) + 1 for pair, key in answer.items()}
            return in_parts(prefix, places)
        case "ordering" | "cloze":
            return in_parts(prefix, answer)
        case "numeric":
            return {prefix: [answer["value"]], f"{prefix}.unit": [answer["unit"]]}
        case "case":
            return of_case(question, answer, prefix, order)
    return {prefix: [answer or ""]}


def in_parts(prefix: str, answer: dict) -> dict[str, list[str]]:
    return {f"{prefix}.{part}": [str(value)] for part, value in answer.items()}


def of_case(question: dict, answer: dict, prefix: str, order: dict) -> dict[str, list[str]]:
    found = {}
    for one in question["questions"]:
        key = one["id"]
        found |= fields_of(one, answer[key], f"{prefix}.{key}", order[key])
    return found


def among(question: dict, answer, order: dict):
    """The answer with only those options of a matching question that are shown."""
    if question["type"] == "matching":
        return {pair: key for pair, key in answer.items() if key in order[""]}
    if question["type"] == "case":
        return {
            one["id"]: among(one, answer[one["id"]], order[one["id"]])
            for one in question["questions"]
        }
    return answer


@given(st.data(), questions())
def test_what_a_form_says_is_read_as_it_was_filled_in(data, question):
    order = arrange(question, "seed")
    answer = among(question, data.draw(answers(question)), order)

    fields = fields_of(question, answer, "q-one", order)

    assert read_answer(question, fields, "q-one", order) == answer


@given(st.data(), questions(), st.text(max_size=5))
def test_how_answers_are_shuffled_changes_no_marks(data, question, seed):
    first, other = arrange(question, "seed"), arrange(question, seed)
    answer = among(question, data.draw(answers(question)), first)
    shown = [
        read_answer(question, fields_of(question, answer, "q", order), "q", order)
        for order in (first, other)
    ]

    assert grade(question, shown[0]) == grade(question, shown[1])


@given(questions(), FIELDS)
def test_fields_of_another_form_are_no_answer_and_no_mistake(question, fields):
    order = arrange(question, "seed")
    answer = read_answer(question, fields, "q-one", order)

    assert grade(question, answer).points >= 0
    if not any(name.startswith("q-one") for name in fields):
        assert not is_answered(question, answer)


def test_a_number_that_is_none_is_kept_and_told():
    question = {"type": "numeric", "amounts": [{"value": 1}]}
    answer = read_answer(question, {"q": ["doce"]}, "q", {})

    assert answer == {"value": "doce", "unit": ""}
    assert "12.5" in why_not_answer(question, answer)
    assert why_not_answer(question, {"value": "12,5", "unit": ""}) is None


def test_a_place_given_twice_is_told():
    question = {"type": "ordering", "steps": [{"id": "s-1"}, {"id": "s-2"}]}

    assert why_not_answer(question, {"s-1": 1, "s-2": 1})
    assert why_not_answer(question, {"s-1": 1, "s-2": 2}) is None
