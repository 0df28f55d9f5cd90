"""What commands answer: done, refused in one line, used wrongly."""

from subprocess import CompletedProcess


def refused(done: CompletedProcess) -> str:
    """Why: status 1, one line on the error side, nothing on the other."""
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.startswith("CourseHub: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def misused(done: CompletedProcess) -> str:
    """How it is used: status 2."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("Usage: "), done.stderr
    return done.stderr
