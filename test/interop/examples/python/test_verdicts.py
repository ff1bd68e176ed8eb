"""A test in Python that takes its tokens from swcca. The verifier below stands for yours.

    SWCCA="npx swcca" pytest
"""

import hashlib

import cbor2
import pytest
from conftest import IDS
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PLATFORM, REALM = 44234, 44241
CHALLENGE, RAK = 10, 44237
X, Y = -2, -3


def open_sign1(message: bytes, key_of) -> dict:
    """The claims of a COSE_Sign1, once its ES384 signature holds under the key that `key_of` finds."""
    protected, _, payload, signature = cbor2.loads(message).value
    claims = cbor2.loads(payload)
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    half = len(signature) // 2
    numbers = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    key_of(claims).verify(encode_dss_signature(*numbers), signed, ec.ECDSA(SHA384()))
    return claims


def rak_of(claims: dict) -> ec.EllipticCurvePublicKey:
    rak = claims[RAK]
    if rak[0] != 4:
        key = cbor2.loads(rak)
        rak = b"\x04" + key[X] + key[Y]
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), rak)


def verify(token: bytes, key_pem: bytes, challenge: bytes) -> None:
    """Raises ValueError or InvalidSignature unless both signatures, the binding and the challenge are right."""
    parts = cbor2.loads(token).value
    platform = open_sign1(parts[PLATFORM], lambda _: load_pem_public_key(key_pem))
    realm = open_sign1(parts[REALM], rak_of)
    if platform[CHALLENGE] != hashlib.sha256(realm[RAK]).digest():
        raise ValueError("the platform does not speak of this Realm key")
    if realm[CHALLENGE] != challenge:
        raise ValueError("the token answers another challenge")


@pytest.mark.parametrize("identifier", IDS)
def test_verdict(corpus, identifier):
    about = corpus[identifier]
    try:
        verify(about.token, about.key_pem, about.challenge)
        accepted = True
    except (ValueError, InvalidSignature):
        accepted = False
    assert accepted == (about.verdict == "must-accept"), about.change


def test_a_challenge_that_was_not_asked_for_is_refused(corpus):
    good = corpus["V01"]
    with pytest.raises(ValueError):
        verify(good.token, good.key_pem, bytes(64))
