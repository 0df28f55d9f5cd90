"""Ids are written where they are missing, once, and nothing else is touched."""

import re

from coursehub.content.formats.findings import Findings
from coursehub.content.formats.folder import open_folder
from tests.content.stage import (
    CODES,
    FIRST,
    SECOND,
    append,
    change,
    course,
    give_ids,
    told,
    without_ids,
)

ADDED = (
    (r"^\{#[a-z]-[a-z0-9]{5}( from=f[0-9a-f]{9})?\}\n", ""),
    (r"^ *from: (f[0-9a-f]{9}|\{pt: f[0-9a-f]{9}, en: f[0-9a-f]{9}\})\n", ""),
    (r"- id: [a-z0-9-]+\n +", "- "),
    (r"^ *id: [a-z0-9-]+\n", ""),
    (r"\{id: [a-z0-9-]+, ", "{"),
)


def contents(path) -> dict[str, str]:
    return {str(f.relative_to(path)): f.read_text() for f in path.rglob("*.[my][da]*")}


def test_after_ids_a_course_has_no_mistakes(tmp_path):
    path = without_ids(tmp_path)
    assert told(path)
    give_ids(path)
    assert told(path) == []


def test_only_ids_and_fingerprints_are_added(tmp_path):
    path = without_ids(tmp_path)
    before = contents(path)
    give_ids(path)
    for name, after in contents(path).items():
        for added, kept in ADDED:
            after = re.sub(added, kept, after, flags=re.MULTILINE)
        assert after == before[name], name


def test_twice_writes_nothing_the_second_time(tmp_path):
    assert give_ids(course(tmp_path)) == {}


def test_ids_stay_when_texts_titles_and_files_change(tmp_path):
    path = course(tmp_path)
    before = ids_in(path / FIRST)
    change(path / FIRST, "Este párrafo", "Aquel párrafo")
    change(path / FIRST, "title: Lección 1", "title: Otra lección")
    append(path / FIRST, "\nUn párrafo más.\n")
    assert set(give_ids(path)) == {FIRST}
    after = ids_in(path / FIRST)
    assert [key for key in after if key in before] == before
    assert len(after) == len(before) + 1


def test_a_block_has_one_id_in_all_languages(tmp_path):
    path = course(tmp_path)
    by_language = [ids_in(path / FIRST.replace(".es.", f".{code}.")) for code in CODES]
    assert by_language[0] == by_language[1] == by_language[2]


def test_a_block_added_to_all_languages_gets_one_id(tmp_path):
    path = course(tmp_path)
    for code in CODES:
        append(path / SECOND.replace(".es.", f".{code}."), "\nUno más.\n")
    give_ids(path)
    assert told(path) == []


def test_where_translations_do_not_match_nothing_is_guessed(tmp_path):
    path = course(tmp_path)
    append(path / SECOND, "\nUno.\n\nDos.\n")
    append(path / SECOND.replace(".es.", ".pt."), "\nUm.\n")
    give_ids(path)
    said = [line for line in told(path) if ".pt.md" in line]
    assert "this block has no id" in said[-1]


def test_a_mapping_in_braces_over_several_lines_stays_readable(tmp_path):
    path = without_ids(tmp_path)
    braces = "{es: Grupo que estudia., pt: Grupo que estuda., en: A group that studies.}}"
    change(path / "glossary.yaml", "- term: {es: com", "- {\n  term: {es: com")
    change(path / "glossary.yaml", "study commission}\n  al", "study commission},\n  al")
    change(path / "glossary.yaml", "estudio]}\n", "estudio]},\n")
    change(path / "glossary.yaml", braces[:-1], braces)
    give_ids(path)
    assert told(path) == []


def test_a_new_language_in_a_dated_mapping_is_dated_too(tmp_path):
    path = course(tmp_path)
    text = (path / "course.yaml").read_text()
    pt = re.search(r"pt: f[0-9a-f]{9}, ", text)
    change(path / "course.yaml", pt.group(), "")
    give_ids(path)
    assert told(path) == []


def test_letters_of_all_the_world_do_not_shift_the_places(tmp_path):
    path = without_ids(tmp_path)
    change(path / "glossary.yaml", "# Terms", "# 李 🌱 e\u0301 Terms")
    change(path / "glossary.yaml", "Grupo que estudia.", "Grupo 🌱 李 que estudia.")
    give_ids(path)
    assert told(path) == []


def test_a_new_term_does_not_get_the_id_that_another_term_has(tmp_path):
    path = course(tmp_path)
    taken = "terms:\n- id: genocide\n  term: {es: Genocidio, pt: Genocídio, en: Crime}\n"
    named = "- term: {es: El genocidio, pt: O genocídio, en: Genocide}\n"
    defined = "  definition: {es: Uno., pt: Um., en: One.}\n"
    (path / "glossary.yaml").write_text(taken + defined + named + defined)

    give_ids(path)

    assert told(path) == []


def test_an_unreadable_folder_gets_no_ids(tmp_path):
    path = without_ids(tmp_path)
    (path / "course.yaml").write_text("a: [")
    assert give_ids(path) == {}


def test_hidden_files_are_no_part_of_a_course(tmp_path):
    path = course(tmp_path)
    (path / ".notes").write_text("mine")
    (path / ".git").mkdir()
    (path / ".git" / "config").write_text("x")
    assert told(path) == []
    assert not any(name.startswith(".") for name in open_folder(path, Findings()).texts)


def ids_in(file) -> list[str]:
    return re.findall(r"^\{#([a-z0-9-]+)", file.read_text(), re.MULTILINE)
