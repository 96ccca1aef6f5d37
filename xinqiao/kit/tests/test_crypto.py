from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kit import crypto, ids
from xinqiao.kit.crypto import KeyDestroyed, Keystore, blind, open_with, seal, seal_with, unseal


def test_a_sealed_text_is_read_again_only_for_its_subject_and_place():
    subject = UUID(int=11)
    sealed = seal(subject, "13800005678", "patients.contact_point.value")
    assert unseal(subject, sealed, "patients.contact_point.value") == "13800005678"
    with pytest.raises(ValueError):
        unseal(subject, sealed, "patients.identifier.value")
    with pytest.raises(ValueError):
        crypto.keystore().key(UUID(int=12))
        unseal(UUID(int=12), sealed, "patients.contact_point.value")


@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_one_altered_byte_is_refused(value, place):
    sealed = bytearray(seal_with(b"k" * 32, value, "x"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(ValueError):
        open_with(b"k" * 32, bytes(sealed), "x")


def test_a_shredded_patient_and_his_messages_are_gone_in_every_process(tmp_path):
    ours, theirs = Keystore(tmp_path / "keys.sqlite"), Keystore(tmp_path / "keys.sqlite")
    patient, message, other = UUID(int=1), UUID(int=2), UUID(int=3)
    keys = ours.keys([patient, message, other])
    assert theirs.keys([patient, message, other]) == keys
    ours.tie([(message, patient)])
    assert ours.shred(patient) == 2
    for store in (ours, theirs):
        assert store.key(other) == keys[other]
        for gone in (patient, message):
            with pytest.raises(KeyDestroyed):
                store.key(gone)
        store.close()


def test_key_store_and_root_secret_are_readable_by_nobody_else():
    crypto.keystore().key(UUID(int=5))
    for name in ("keys.sqlite", "root.key"):
        assert (crypto.home() / "secrets" / name).stat().st_mode & 0o077 == 0


def test_a_blind_index_differs_between_organisations_and_kinds():
    values = {blind(kind, UUID(int=org), "13800005678") for kind in ("phone", "tail") for org in (1, 2)}
    assert len(values) == 4


@given(st.uuids())
def test_an_outside_word_comes_back_only_as_its_own_kind(inner):
    word = ids.outside("patient", inner)
    assert ids.inside("patient", word) == inner
    assert ids.inside("encounter", word) != inner


@given(st.text(max_size=40))
def test_a_made_up_word_never_breaks(word):
    assert ids.inside("patient", word) is None or len(word.rstrip("=")) >= 26


def test_ids_follow_the_instant_and_the_given_randomness(now, rng):
    made = ids.new_id(now, rng)
    assert made.version == 7 and made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(now.timestamp() * 1000)
