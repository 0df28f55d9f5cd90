"""Files that others wrote: every question in them is taken, or refused by its name and line.

They stand beside the project, not in it: without them these tests are extra, and say so.
"""

import re
from collections.abc import Callable
from pathlib import Path

from coursehub.questions.formats.reading import read_questions
from coursehub.settings import PROJECT
from tests.program import figure

SAMPLES = PROJECT.parent / "shared" / "samples"
KINDS = ("gift", "moodlexml", "aiken", "legacy", "qti12", "qti2x", "qti30")
OURS = {
    "single_choice",
    "multiple_choice",
    "true_false",
    "matching",
    "ordering",
    "numeric",
    "short_text",
    "cloze",
    "essay",
    "file",
}
# What Moodle calls the types that we have.
THEIRS = "multichoice truefalse shortanswer numerical match ordering cloze multianswer essay"


def samples() -> list[Path]:
    """The files of questions; none, and a line that says so, where they are missing."""
    if not SAMPLES.is_dir():
        figure(f"no files of questions by others beside the project ({SAMPLES})")
    return [path for kind in KINDS for path in sorted((SAMPLES / f"quiz-{kind}").glob("*"))]


def gift(text: str) -> int:
    """Paragraphs that hold more than comments and categories."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(("//", "$CATEGORY"))]
    return sum(bool(part.strip()) for part in re.split(r"\n\s*\n", "\n".join(lines)))


def moodle(text: str) -> int:
    return len(re.findall(r'<question type="(?!category")', text))


def aiken(text: str) -> int:
    return len(re.findall(r"^ANSWER:", text, re.MULTILINE))


COUNTS: dict[str, Callable[[str], int]] = {"gift": gift, "moodle_xml": moodle, "aiken": aiken}


def test_done_3_every_question_of_a_file_is_taken_or_refused():
    for path in samples():
        read = read_questions(path.read_bytes(), "es")
        assert {one.question["type"] for one in read.taken} <= OURS, path
        assert all(one.where and one.why for one in read.refused), path
        if read.kind:
            counted = COUNTS[read.kind](path.read_text())
            assert len(read.taken) + len(read.refused) == counted, path
            assert all(one.where.startswith("line ") for one in read.refused), path
            named = {word for one in read.refused for word in one.why.split(": ")}
            assert not named & set(THEIRS.split()), path
        else:
            assert (read.taken, len(read.refused)) == ([], 1), path


def test_done_3_the_same_file_gives_the_same_questions_again():
    for path in samples():
        once, again = (read_questions(path.read_bytes(), "es") for _ in range(2))
        assert once == again, path
        keys = [one.question["id"] for one in once.taken]
        assert len(set(keys)) == len(keys), path


def test_done_3_table_of_what_was_taken_changed_and_refused():
    """Left in var/, to be read."""
    files = samples()
    lines = ["file\tkind\ttaken\tchanged\trefused\twhy refused"]
    for path in files:
        read = read_questions(path.read_bytes(), "es")
        changed = sum(bool(one.changed) for one in read.taken)
        why = "; ".join(f"{one.where}: {one.why}" for one in read.refused)
        counts = f"{len(read.taken)}\t{changed}\t{len(read.refused)}"
        lines.append(f"{path.parent.name}/{path.name}\t{read.kind or '–'}\t{counts}\t{why}")
    table = PROJECT / "var" / "questions-in-samples.tsv"
    table.parent.mkdir(exist_ok=True)
    table.write_text("\n".join(lines) + "\n")
    assert len(lines) == len(files) + 1


NAMED = {
    "quiz-legacy/sample_blackboard_pool.dat": "Blackboard pool",
    "quiz-legacy/sample_blackboard_qti.dat": "IMS QTI 1.2",
    "quiz-legacy/missingword__question.missingword3.txt": "Moodle missing word",
    "quiz-legacy/multianswer__questions.multianswer.txt": "Moodle embedded answers",
    "quiz-moodlexml/questions.xml": "Moodle backup",
    "quiz-qti2x/ims22_choice_aria.xml": "IMS QTI 2",
    "quiz-qti30/bpig_slider-1.xml": "IMS QTI 3",
    "quiz-qti30/ims30_maxfiles.zip": "IMS content package",
    "h5p/drag.h5p": "H5P",
}


def test_other_kinds_are_refused_by_their_names():
    for name, kind in NAMED.items() if samples() else ():
        read = read_questions((SAMPLES / name).read_bytes(), "es")
        assert read.taken == []
        assert read.refused[0].why.startswith(kind)


def test_no_file_of_any_kind_breaks_the_reader():
    samples()
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file():
            read_questions(path.read_bytes(), "pt")
