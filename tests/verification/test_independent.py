"""Programs by others, from the npm registry, agree with us about our credentials."""

import copy
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from coursehub.certificates import actions
from coursehub.foundation.database import writing
from coursehub.settings import PROJECT
from tests.certificates.stage import certified, issued
from tests.program import LONG_SECONDS, figure

NPM = PROJECT / "tests" / "npm"
SCHEMA = PROJECT.parent / "shared" / "samples" / "ob30-schemas"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or not (NPM / "node_modules").is_dir(),
    reason="no node, or tests/npm is not installed: make test does it where npm is",
)


def node(script: str, given: dict) -> dict:
    done = subprocess.run(
        [NODE, script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        cwd=NPM,
        timeout=LONG_SECONDS,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def published(sign_in, run_jobs, visitor):
    """What a verifier is handed or fetches: the credential, the keys, the status list."""
    learner, certificate = certified(sign_in, run_jobs)
    badge = learner.browser.get(f"/certificates/{certificate.code}/credential.json").json

    def now() -> dict:
        return {
            "credential": badge,
            "did": visitor.get("/.well-known/did.json").json,
            "status": visitor.get("/credentials/status/1").json,
        }

    return now


def test_another_program_verifies_our_credential(published):
    assert node("verify.mjs", published()) == {
        "verified": True,
        "isRevoked": False,
        "errors": [],
    }


def test_it_notices_a_changed_name(published):
    altered = copy.deepcopy(published())
    altered["credential"]["credentialSubject"]["identifier"][0]["identityHash"] = "Another"

    assert node("verify.mjs", altered)["verified"] is False


def test_it_sees_a_revoked_one_as_revoked(published):
    with writing():
        actions.revoke(issued()[0], "It was issued by mistake.")

    assert node("verify.mjs", published())["isRevoked"] is True


def test_it_notices_a_status_list_that_was_changed(published):
    altered = copy.deepcopy(published())
    altered["status"]["validFrom"] = "2020-01-01T00:00:00Z"

    assert node("verify.mjs", altered)["verified"] is False


def test_the_credential_keeps_to_the_schema_of_open_badges(published):
    file = SCHEMA / "ob_v3p0_achievementcredential_schema.json"
    if not file.exists():
        figure("the schema of Open Badges is not beside the project: not compared with it")
        return
    given = {"schema": json.loads(Path(file).read_text()), "document": published()["credential"]}
    wrong = copy.deepcopy(given)
    del wrong["document"]["issuer"]

    assert node("schema.mjs", given) == {"valid": True, "errors": []}
    assert node("schema.mjs", wrong)["valid"] is False
