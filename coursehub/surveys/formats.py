"""A learner's code as nobody can read it back."""

import hashlib
import hmac

# Some fifty milliseconds each: whoever has the key and tries all codes there may be is slowed down.
COST, BLOCK, WAYS = 2**14, 8, 1


def sealed(code: str, key: bytes, edition_id: int, pair: str) -> str:
    """What is stored of a code: the same for both surveys of a pair in an edition, nowhere else."""
    salt = hmac.digest(key, f"survey code/{edition_id}/{pair}".encode(), "sha256")
    return hashlib.scrypt(code.encode(), salt=salt, n=COST, r=BLOCK, p=WAYS, dklen=32).hex()
