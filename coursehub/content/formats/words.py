"""The few words that a rendered lesson contains of itself, in each language.

They stand in stored HTML and in printed files, so they follow the text's language and not the
reader's.
"""

WORDS = {
    "es": {
        "note": "Nota",
        "notes": "Notas",
        "back": "Volver al texto",
        "table": "Tabla",
        "minutes": "{n} minutos",
        "light": "Versión liviana",
        "sound": "Solo audio",
        "captions": {"es": "Español", "pt": "Portugués", "en": "Inglés"},
        "module": "Módulo {n}",
        "lesson": "Lección {n}",
        "objectives": "Objetivos",
        "reading": "Lecturas",
        "term": "Glosario",
        "content": "Contenido",
        "before": "Antes de empezar",
        "hard": "Este pasaje puede ser difícil de leer. "
        "El texto equivalente que está antes de él cubre el mismo objetivo: "
        "puede omitir este pasaje.",
    },
    "pt": {
        "note": "Nota",
        "notes": "Notas",
        "back": "Voltar ao texto",
        "table": "Tabela",
        "minutes": "{n} minutos",
        "light": "Versão leve",
        "sound": "Somente áudio",
        "captions": {"es": "Espanhol", "pt": "Português", "en": "Inglês"},
        "module": "Módulo {n}",
        "lesson": "Lição {n}",
        "objectives": "Objetivos",
        "reading": "Leituras",
        "term": "Glossário",
        "content": "Conteúdo",
        "before": "Antes de começar",
        "hard": "Esta passagem pode ser difícil de ler. "
        "O texto equivalente que está antes dela cobre o mesmo objetivo: "
        "você pode omitir esta passagem.",
    },
    "en": {
        "note": "Note",
        "notes": "Notes",
        "back": "Back to the text",
        "table": "Table",
        "minutes": "{n} minutes",
        "light": "Light version",
        "sound": "Sound only",
        "captions": {"es": "Spanish", "pt": "Portuguese", "en": "English"},
        "module": "Module {n}",
        "lesson": "Lesson {n}",
        "objectives": "Objectives",
        "reading": "Reading",
        "term": "Glossary",
        "content": "Content",
        "before": "Before you begin",
        "hard": "This passage may be hard to read. "
        "The equivalent text before it covers the same objective: you may leave this passage out.",
    },
}


def word(language: str, name: str, **values: object) -> str:
    return str(WORDS[language][name]).format(**values)


def language_named(language: str, other: str) -> str:
    """The name of another language, in a language."""
    names = WORDS[language]["captions"]
    return str(names[other]) if isinstance(names, dict) else other
