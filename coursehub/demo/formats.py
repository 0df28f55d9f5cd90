"""A course of any size, written as files: for measurements and for trying a folder out."""

from pathlib import Path

SENTENCES = {
    "es": "Este párrafo de prueba habla de la prevención y de la comisión de estudio número {n}.",
    "pt": "Este parágrafo de teste fala da prevenção e da comissão de estudo número {n}.",
    "en": "This trial paragraph speaks of prevention and of study commission number {n}.",
}
WORDS_PER_SENTENCE = 14
SENTENCES_PER_PARAGRAPH = 5


def write_course(
    path: Path,
    *,
    lessons: int = 3,
    words: int = 200,
    languages: tuple[str, ...] = ("es", "pt", "en"),
    lessons_per_module: int = 5,
    questions: int = 0,
) -> Path:
    """Write a course folder without ids; its texts say that they are for trial only.

    With `questions`, the first module ends with a quiz of so many.
    """
    modules = [f"m{n:02}" for n in range(1, -(-lessons // lessons_per_module) + 1)]
    _write(path / "course.yaml", _course(modules, languages))
    for number, module in enumerate(modules):
        first = number * lessons_per_module + 1
        mine = range(first, min(first + lessons_per_module, lessons + 1))
        items = [f"lesson: leccion-{n}" for n in mine]
        if questions and number == 0:
            items.append("quiz: cuestionario")
            _write(path / "modules" / module / "cuestionario.yaml", _quiz(questions, languages))
        _write(path / "modules" / module / "module.yaml", _module(module, items, languages))
        for lesson in mine:
            for code in languages:
                text = _lesson(lesson, code, words, is_source=code == languages[0])
                _write(path / "modules" / module / f"leccion-{lesson}.{code}.md", text)
    return path


def _course(modules: list[str], languages: tuple[str, ...]) -> str:
    says = _say("Curso de prueba", languages)
    several = "{" + ", ".join(f"{code}: [Texto de prueba]" for code in languages) + "}"
    return "\n".join(
        [
            f"source_language: {languages[0]}",
            f"languages: [{', '.join(languages)}]",
            f"title: {says}",
            f"summary: {says}",
            "topic: tools",
            "weave: panal",
            "formats: [self_paced]",
            "hours: 10",
            "weeks: 4",
            f"audience: {says}",
            f"certificate: {says}",
            f"outcomes: {several}",
            f"requirements: {several}",
            f"modules: [{', '.join(modules)}]",
            "",
        ]
    )


def _module(name: str, items: list[str], languages: tuple[str, ...]) -> str:
    several = "{" + ", ".join(f"{code}: [Objetivo de prueba]" for code in languages) + "}"
    listed = "".join(f"- {item}\n" for item in items)
    return (
        f"slug: {name}\ntitle: {_say(f'Módulo {name}', languages)}\n"
        f"summary: {_say('Módulo de prueba', languages)}\nobjectives: {several}\n"
        f"hours: 2\nstate: ready\nitems:\n{listed}"
    )


def _quiz(questions: int, languages: tuple[str, ...]) -> str:
    asked = "".join(
        f"- id: q-{n:03}\n  type: single_choice\n"
        f"  text: {_say(f'Pregunta de prueba {n}', languages)}\n  answers:\n"
        f"  - {{id: q-{n:03}-right, right: true, text: {_say('Respuesta correcta', languages)}}}\n"
        + "".join(f"  - {{text: {_say(f'Otra respuesta {m}', languages)}}}\n" for m in range(3))
        + f"  feedback: {_say('Comentario de prueba', languages)}\n"
        for n in range(1, questions + 1)
    )
    return (
        f"title: {_say('Cuestionario de prueba', languages)}\nstate: ready\npass_percent: 70\n"
        f"attempts: 3\nquestions:\n{asked}"
    )


def _lesson(number: int, code: str, words: int, *, is_source: bool) -> str:
    minutes = "minutes: 30\n" if is_source else ""
    says = f"title: Lección {number} ({code})\nsummary: Lección de prueba {number}.\n{minutes}"
    head = f"---\n{says}---\n"
    paragraphs = max(1, words // (WORDS_PER_SENTENCE * SENTENCES_PER_PARAGRAPH))
    blocks = []
    for n in range(paragraphs):
        if n % 4 == 0:
            blocks.append(f"## Parte {n // 4 + 1}")
        sentence = SENTENCES[code]
        blocks.append(
            " ".join(
                sentence.format(n=number * 1000 + n * SENTENCES_PER_PARAGRAPH + m)
                for m in range(SENTENCES_PER_PARAGRAPH)
            )
        )
    return head + "\n" + "\n\n".join(blocks) + "\n"


def _say(text: str, languages: tuple[str, ...]) -> str:
    return "{" + ", ".join(f"{code}: {text}" for code in languages) + "}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
