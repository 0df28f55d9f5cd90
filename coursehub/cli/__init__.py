"""The `coursehub` command: thin commands that parse, call an action and make it permanent.

Exit status: 0 done, 1 refused or something found, 2 wrong usage. With `--json` one JSON document
stands on standard output and nothing else.
"""

import json
import sys
from typing import NoReturn

import click
from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError

from coursehub.cli.allowances import allow
from coursehub.cli.bench import bench
from coursehub.cli.bench_cohort import cohort
from coursehub.cli.bench_marking import marking
from coursehub.cli.content import content
from coursehub.cli.editions import editions
from coursehub.cli.keys import keys
from coursehub.cli.people import demo, users
from coursehub.cli.privacy import erase, export
from coursehub.cli.questions import questions
from coursehub.cli.running import migrate, run, serve, work
from coursehub.cli.site import routes, settings
from coursehub.foundation.refusal import Refused
from coursehub.settings import BadSetting


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def coursehub() -> None:
    """The course platform of the Network: run it, load courses, look after people and editions."""


for command in (
    *(run, serve, work, migrate, settings, routes),
    *(users, demo, content, questions, editions, keys, bench),
):
    coursehub.add_command(command)
for command in (allow, export, erase):
    users.add_command(command)
for command in (cohort, marking):
    bench.add_command(command)


def main() -> None:
    """Run the command line; what can be put right is said in one line."""
    try:
        coursehub()
    except (Refused, BadSetting) as refused:
        _end(str(refused))
    except PermissionError as error:
        _end(
            f"no permission to use {error.filename}. "
            "Make it yours; what the program writes goes where COURSEHUB_DATA_DIR says."
        )
    except OSError as error:
        _end(f"{error.filename or 'a file'} cannot be used ({error.strerror or error})")
    except DatabaseError as error:
        if isinstance(error, IntegrityError | ProgrammingError):
            raise  # a mistake of ours, which must be seen whole
        _end(f"the database cannot be used: {str(error.orig).splitlines()[0]}")


def _end(reason: str) -> NoReturn:
    if "--json" in sys.argv:
        click.echo(json.dumps({"errors": [{"message": reason}]}, ensure_ascii=False))
    sys.exit(f"CourseHub: {reason}")
