"""A quiz, an essay, a survey and an assignment as a course's files say them, small and whole."""

QUIZ: dict = {
    "title": {"es": "Cuestionario", "pt": "Questionário", "en": "Quiz"},
    "state": "ready",
    "pass_percent": 70,
    "attempts": 3,
    "questions": [
        {
            "id": f"q-{n}",
            "type": "single_choice",
            "text": {"es": f"Pregunta {n}", "pt": f"Questão {n}", "en": f"Question {n}"},
            "answers": [
                {"id": f"a-{n}-right", "right": True, "text": {"es": "Sí", "pt": "Sim"}},
                {"id": f"a-{n}-wrong", "text": {"es": "No", "pt": "Não"}},
            ],
            "feedback": {"es": f"Comentario {n}"},
        }
        for n in range(1, 5)
    ],
}


ESSAY: dict = {
    "id": "q-essay",
    "type": "essay",
    "text": {"es": "¿Por qué?", "pt": "Por quê?", "en": "Why?"},
    "points": 4,
    "most_words": 300,
    "guidance": {"en": "Look for a source."},
    "rubric": [
        {
            "id": "c-clear",
            "title": {"en": "Clear"},
            "levels": [
                {"points": 0, "text": {"en": "Not clear"}},
                {"points": 10, "text": {"en": "Quite clear"}},
            ],
        }
    ],
}


def _in_three(words: str) -> dict:
    return {"es": f"{words} (es)", "pt": f"{words} (pt)", "en": words}


def _options(*words: str, right: int = 0) -> list[dict]:
    return [
        {"id": f"o-{n}", "text": _in_three(one), "right": n == right}
        for n, one in enumerate(words, 1)
    ]


SURVEY: dict = {
    "title": {"es": "Encuesta", "pt": "Pesquisa", "en": "Survey"},
    "state": "ready",
    "keeping": "anonymous",
    "required": True,
    "questions": [
        {
            "id": "q-like",
            "type": "likert",
            "text": _in_three("How was it?"),
            "required": True,
            "statements": [
                {"id": "s-1", "text": _in_three("It was clear")},
                {"id": "s-2", "text": _in_three("It was useful")},
            ],
            "scale": [{"id": f"p-{n}", "text": _in_three(f"Point {n}")} for n in range(1, 6)],
            "apart": {"id": "p-none", "text": _in_three("Does not apply")},
        },
        {
            "id": "q-rate",
            "type": "scale",
            "text": _in_three("How sure are you?"),
            "statements": [{"id": "s-3", "text": _in_three("I can explain it")}],
            "lowest": 0,
            "highest": 10,
            "low": _in_three("not at all"),
            "high": _in_three("wholly"),
        },
        {
            "id": "q-pick",
            "type": "choice",
            "text": _in_three("What did you use?"),
            "several": True,
            "options": _options("Telephone", "Computer", "Paper"),
        },
        {"id": "q-text", "type": "text", "text": _in_three("What would you change?")},
    ],
}


def half(when: str) -> dict:
    """One survey of a pair: a question with a right answer, and a statement to be rated."""
    know, rate = f"{when}-know", f"{when}-rate"
    options = _options("Right", "Wrong", right=1)
    return SURVEY | {
        "keeping": "paired",
        "pair": "evaluation",
        "when": when,
        "required": False,
        "questions": [
            {"id": know, "type": "choice", "text": _in_three(f"What is it? {when}")}
            | {"options": options, "measures": "concept"},
            SURVEY["questions"][1]
            | {"id": rate}
            | {"statements": [{"id": "s-3", "text": _in_three("I can"), "measures": "doing"}]},
            SURVEY["questions"][3] | {"id": f"{when}-text"},
        ],
    }


ASSIGNMENT: dict = {
    "title": {"es": "Plan de acción", "pt": "Plano de ação", "en": "Action plan"},
    "text": {"es": "Escriba un plan.", "pt": "Escreva um plano.", "en": "Write a plan."},
    "state": "ready",
    "accepts": ["text", "file", "link"],
    "files": {"kinds": ["pdf", "txt"], "most_files": 2, "most_megabytes": 1},
    "most_words": 50,
    "due_days_before_end": 7,
    "late": "deducted",
    "percent_per_day": 10,
    "grace_hours": 1,
    "attempts": 2,
    "anonymous": True,
    "pass_points": 12.0,
    "rubric": [
        {
            "id": f"c-{n}",
            "title": {"es": f"Criterio {n}", "pt": f"Critério {n}", "en": f"Criterion {n}"},
            "levels": [
                {"title": {"es": "Bien"}, "text": {"es": "Sí"}, "least": 6.0, "most": 10.0},
                {"title": {"es": "Mal"}, "text": {"es": "No"}, "least": 0.0, "most": 5.0},
            ],
        }
        for n in (1, 2)
    ]
    + [{"id": "c-3", "title": {"es": "Estilo", "pt": "Estilo", "en": "Style"}, "levels": []}],
}
