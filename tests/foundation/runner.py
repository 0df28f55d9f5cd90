"""A job runner in a process of its own, which a test can kill: once, or beside a server."""

import os
import sys

from coursehub.app import create_app, start_work
from coursehub.foundation import jobs
from coursehub.settings import Settings
from tests.foundation import works

if __name__ == "__main__":
    assert works.found_country.__name__ in str(jobs.registry)
    app = create_app(Settings.from_environment(os.environ))
    if "beside-a-server" in sys.argv:
        start_work(app)
        sys.stdin.read()
    with app.app_context():
        jobs.run_due()
