"""Fixtures that take tokens from swcca, for any test of this folder."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

IDS = ["V01", "V03", "C01", "C02", "C03", "C04", "N01"]


@dataclass(frozen=True)
class Token:
    """A token, what a verifier owes it, and the platform key to trust with it."""

    id: str
    token: bytes
    verdict: str
    change: str
    key_pem: bytes
    challenge: bytes


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> dict[str, Token]:
    folder: Path = tmp_path_factory.mktemp("swcca") / "corpus"
    swcca = os.environ.get("SWCCA", "npx swcca").split()
    subprocess.run([*swcca, "corpus", "--only", ",".join(IDS), "--out", str(folder)], check=True, capture_output=True)

    def read(identifier: str) -> Token:
        about = json.loads((folder / f"{identifier}.json").read_text())
        return Token(
            id=identifier,
            token=(folder / f"{identifier}.cbor").read_bytes(),
            verdict=about["verdict"],
            change=about["change"],
            key_pem=(folder / f"{about['given']['key']}.pem").read_bytes(),
            challenge=bytes.fromhex(about["challenge"]),
        )

    return {identifier: read(identifier) for identifier in IDS}
