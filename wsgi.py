"""The door for web servers: `granian --interface wsgi wsgi:app`."""

import os
import sys

from sqlalchemy.exc import OperationalError

from coursehub.app import create_served_app, start_work
from coursehub.settings import BadSetting, Settings

# `coursehub serve` has asked this already; a web server started by itself has not.
try:
    app = create_served_app(Settings.from_environment(os.environ))
except BadSetting as bad:
    sys.exit(f"CourseHub: {bad}")
except OperationalError as error:
    sys.exit(f"CourseHub: the database cannot be used: {str(error.orig).splitlines()[0]}")
start_work(app)
