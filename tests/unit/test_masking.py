"""Which columns hold what a sample must not show."""

from __future__ import annotations

import pytest

from queries.masking import MASK, is_sensitive, masked
from queries.policy import Patterns


@pytest.mark.parametrize(
    "column",
    [
        *("name", "first_name", "lastName", "FULL_NAME", "surname"),
        *("email", "workEmail", "e_mail", "mail"),
        *("phone", "mobilePhone", "Phone Number", "birthday", "date_of_birth", "dob"),
        *("notes", "session_note", "comment", "diagnosis"),
        *("apiToken", "password_hash", "client_secret", "pwd", "api_key"),
        *("address", "home_address", "street", "zip_code", "last_ip", "iban"),
    ],
)
def test_what_tells_of_a_person_is_hidden(column: str) -> None:
    assert masked(column, "text", "x") == MASK


@pytest.mark.parametrize(
    "column", ["id", "customer_id", "status", "total", "created_at", "noted_at", "zip_file"]
)
def test_what_does_not_is_shown(column: str) -> None:
    assert masked(column, "text", "x") == "x"


def test_bytes_are_hidden_whatever_the_column_is_called() -> None:
    assert masked("scan", "bytea", "\\x00") == MASK


def test_null_stays_null() -> None:
    assert masked("email", "text", None) is None


def test_patterns_of_a_policy_replace_the_built_in_ones() -> None:
    patterns = Patterns(sensitive=("*_Code",)).sensitive
    assert is_sensitive("promoCode", "text", patterns=patterns)
    assert not is_sensitive("email", "text", patterns=patterns)
    assert is_sensitive("email", "text", patterns=Patterns().sensitive)


def test_who_wants_to_see_everything_does() -> None:
    assert masked("password", "bytea", "x", patterns=None) == "x"
