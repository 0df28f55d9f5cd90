"""The application as `coursehub run` serves it: on this machine only, with demo people."""

from coursehub.app import create_app, start_work

app = create_app()
start_work(app)
