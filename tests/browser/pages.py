"""An example of every page there is, for each role that may see it."""

COURSE = "introduccion-prevencion-genocidio"
OUTLINE = "derechos-pueblos-indigenas-y-prevencion"
ROLES = {
    "learner": "participante.br@example.org",
    "instructor": "docente.py@example.org",
    "secretariat": "secretaria@example.org",
    "administrator": "administracion@example.org",
}
EVERYONE = ("visitor", *ROLES)
READERS = ("learner", "instructor")
TEACHERS = ("instructor", "secretariat")
KEEPERS = ("secretariat",)
MEMBERS = tuple(ROLES)
PROJECT = "assignments/del-analisis-a-la-accion-proyecto-final"
# Not pages: what machines fetch and what is downloaded.
NO_PAGE = {
    # The demonstration has no question that a person marks.
    "/studio/editions/<edition>/quizzes/<quiz>/marking",
    "/studio/editions/<edition>/quizzes/<quiz>/marking/<question>",
    "/.well-known/did.json",
    "/studio/editions/<edition>/grades/grades.<any(csv, xlsx):form>",
    "/certificates/<code>/certificate.pdf",
    "/certificates/<code>/credential.json",
    "/credentials/keys",
    "/credentials/status/<int:number>",
    "/healthz",
    "/verify/<code>.json",
    "/verify/offline",
    "/readyz",
    "/courses/feed.atom",
    "/quiz-worker.js",
    "/studio/banks/<int:bank>/export.<ending>",
    "/studio/banks/template.xlsx",
    "/uploads/<key>",
    "/learn/<edition>/assignments/<assignment>/reviews/<int:number>/files/<key>",
    # The demo data has no peer review: test_assignment.py looks at these two.
    "/learn/<edition>/assignments/<assignment>/reviews",
    "/learn/<edition>/assignments/<assignment>/reviews/<int:number>",
    "/learn/<edition>/assignments/<assignment>/versions/<int:number>/files/<key>",
    "/studio/editions/<edition>/assignments/<assignment>/<int:submission>/files/<key>",
    "/learn/<edition>/media/<fingerprint>/<name>",
    "/studio/editions/<edition>/surveys/<survey>/results.csv",
    "/learn/<edition>/files/<code>/<any(lessons, modules):kind>/<slug>.<form>",
}
# Where each address leads in the demo data, and for whom the page differs.
EXAMPLES = {
    "/": (["/"], EVERYONE),
    "/studio": (["/studio"], MEMBERS),
    "/studio/banks": (["/studio/banks"], KEEPERS),
    "/studio/banks/<int:bank>": (["/studio/banks/{bank}", "/studio/banks/{bank}?q=zzzz"], KEEPERS),
    "/studio/banks/<int:bank>/import": (["/studio/banks/{bank}/import"], KEEPERS),
    "/studio/banks/<int:bank>/imports/<key>": (["/studio/banks/{bank}/imports/{held}"], KEEPERS),
    "/studio/banks/<int:bank>/questions/<key>": (
        ["/studio/banks/{bank}/questions/{question}"],
        KEEPERS,
    ),
    "/studio/editions/<edition>/certificates": (
        ["/studio/editions/{edition}/certificates"],
        TEACHERS,
    ),
    "/studio/editions/<edition>/certificates/<code>": (
        ["/studio/editions/{edition}/certificates/{code}"],
        ("secretariat",),
    ),
    "/studio/editions/<edition>": (["/studio/editions/{edition}"], TEACHERS),
    "/learn/<edition>/grades": (["/learn/{edition}/grades"], READERS),
    "/studio/editions/<edition>/grades": (["/studio/editions/{edition}/grades"], TEACHERS),
    "/studio/editions/<edition>/grades/import": (
        ["/studio/editions/{edition}/grades/import"],
        ("instructor",),
    ),
    "/studio/editions/<edition>/grades/people/<int:person>": (
        ["/studio/editions/{edition}/grades/people/2"],
        ("instructor",),
    ),
    "/studio/editions/<edition>/grades/scheme": (
        ["/studio/editions/{edition}/grades/scheme"],
        ("instructor",),
    ),
    "/studio/editions/<edition>/quizzes": (["/studio/editions/{edition}/quizzes"], TEACHERS),
    "/studio/editions/<edition>/quizzes/<quiz>": (
        ["/studio/editions/{edition}/quizzes/fundamentos-cuestionario"],
        TEACHERS,
    ),
    "/studio/editions/<edition>/quizzes/<quiz>/questions/<question>": (
        [
            "/studio/editions/{edition}/quizzes/fundamentos-cuestionario/questions/q-acj9h",
            "/studio/editions/{edition}/quizzes/fundamentos-cuestionario/questions/q-acj9h"
            "?remedy=full_marks",
        ],
        TEACHERS,
    ),
    "/studio/editions/<edition>/surveys": (["/studio/editions/{edition}/surveys"], TEACHERS),
    "/studio/editions/<edition>/surveys/<survey>": (
        [
            "/studio/editions/{edition}/surveys/fundamentos-evaluacion-inicial",
            "/studio/editions/{edition}/surveys/del-analisis-a-la-accion-evaluacion-final",
        ],
        ("instructor",),
    ),
    "/certificates/<code>": (["/certificates/{code}"], ("learner",)),
    "/studio/editions/<edition>/assignments": (
        ["/studio/editions/{edition}/assignments"],
        ("instructor",),
    ),
    "/studio/editions/<edition>/assignments/<assignment>": (
        [f"/studio/editions/{{edition}}/{PROJECT}"],
        ("instructor",),
    ),
    "/studio/editions/<edition>/assignments/<assignment>/<int:submission>": (
        [f"/studio/editions/{{edition}}/{PROJECT}/{number}" for number in (1, 2)],
        ("instructor",),
    ),
    "/learn/<edition>/assignments/<assignment>": (
        [f"/learn/{{edition}}/{PROJECT}"],
        READERS,
    ),
    "/learn/<edition>/assignments/<assignment>/versions/<int:number>": (
        [f"/learn/{{edition}}/{PROJECT}/versions/{number}" for number in (1, 2)],
        ("learner",),
    ),
    "/courses": (["/courses", "/courses?language=pt&open=now", "/courses?topic=none"], EVERYONE),
    "/courses/<slug>": ([f"/courses/{COURSE}", f"/courses/{OUTLINE}"], EVERYONE),
    "/editions/<edition>/enrolment/end": (["/editions/{edition}/enrolment/end"], ("learner",)),
    "/help": (["/help"], ("visitor",)),
    "/help/<slug>": (
        [
            f"/help/{slug}"
            for slug in (
                "ayuda",
                "acceso",
                "contacto",
                "apoyo",
                "red",
                "privacidad",
                "condiciones",
                "accesibilidad",
            )
        ],
        ("visitor",),
    ),
    "/learn": (["/learn"], MEMBERS),
    "/learn/<edition>": (["/learn/{edition}"], READERS),
    "/learn/<edition>/<lesson>": (
        [
            "/learn/{edition}/lemkin",
            "/learn/{edition}/red",
            "/learn/{edition}/genocidio",
            "/learn/{edition}/lemkin?view=print",
        ],
        READERS,
    ),
    "/learn/<edition>/certificate": (["/learn/{edition}/certificate"], READERS),
    "/learn/<edition>/end": (["/learn/{edition}/end"], READERS),
    "/learn/<edition>/glossary": (["/learn/{edition}/glossary"], ("learner",)),
    "/learn/<edition>/modules/<module>": (
        ["/learn/{edition}/modules/fundamentos", "/learn/{edition}/modules/procesos-y-alerta"],
        READERS,
    ),
    "/learn/<edition>/quizzes/<quiz>": (
        ["/learn/{edition}/quizzes/fundamentos-cuestionario"],
        READERS,
    ),
    "/learn/<edition>/quizzes/<quiz>/attempts/<int:number>": (
        [
            "/learn/{edition}/quizzes/marco-juridico-cuestionario/attempts/1",
            "/learn/{edition}/quizzes/marco-juridico-cuestionario/attempts/1?page=1",
        ],
        ("learner",),
    ),
    "/learn/<edition>/quizzes/<quiz>/attempts/<int:number>/review": (
        ["/learn/{edition}/quizzes/fundamentos-cuestionario/attempts/1/review"],
        ("learner",),
    ),
    "/learn/<edition>/surveys/<survey>": (
        ["/learn/{edition}/surveys/fundamentos-evaluacion-inicial"],
        READERS,
    ),
    "/learn/<edition>/search": (
        [
            "/learn/{edition}/search",
            "/learn/{edition}/search?q=comision",
            "/learn/{edition}/search?q=zzzz",
        ],
        ("learner",),
    ),
    "/letter-sent": (["/letter-sent"], ("visitor",)),
    "/me": (["/me"], MEMBERS),
    "/me/certificates": (["/me/certificates"], ("learner", "instructor")),
    "/me/email": (["/me/email"], ("learner",)),
    "/me/email/<token>": (["/me/email/nonsense"], ("visitor",)),
    "/me/password": (["/me/password"], ("learner",)),
    "/me/sessions": (["/me/sessions"], ("learner",)),
    "/password": (["/password"], ("visitor",)),
    "/password/<token>": (["/password/nonsense"], ("visitor",)),
    "/sign-in": (["/sign-in"], ("visitor",)),
    "/sign-in/<token>": (["/sign-in/nonsense", "{link}"], ("visitor",)),
    "/sign-up": (["/sign-up"], ("visitor",)),
    "/verify": (["/verify"], ("visitor",)),
    "/verify/<code>": (["/verify/{code}"], ("visitor",)),
    "/sign-up/<token>": (["/sign-up/nonsense", "{confirm}"], ("visitor",)),
}
# Forms whose mistakes are to be seen: whose they are and which of their buttons sends them.
FORMS = {
    "visitor": ["/sign-in", "/sign-up", "/password"],
    "learner": ["/me/password", "/me/email"],
}
# Pages that say no: nothing there, not for this person, not now.
ERRORS = {
    "visitor": ["/there-is-nothing-here", "/help/nothing"],
    "learner": ["/courses/nothing", "/learn/introduccion-nothing"],
    "secretariat": ["/learn/{edition}/nothing"],
}
