"""Webhooks are signed as the Standard Webhooks specification says."""

from __future__ import annotations

import base64

import pytest

from littoral.mesh.watch.signature import PREFIX, new_secret, signed_headers


def test_the_example_of_the_specification_is_signed_as_it_says():
    found = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at_seconds=1_614_265_330,
        body='{"test": 2432232314}',
    )
    assert found == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_new_each_time_and_has_the_length_that_is_asked():
    one, other = new_secret(), new_secret()
    assert one != other
    assert one.startswith(PREFIX) and len(base64.b64decode(one.removeprefix(PREFIX))) == 32


@pytest.mark.parametrize("secret", ["whsec_not base64!", "whsec_abc"])
def test_what_is_no_secret_signs_nothing(secret: str):
    with pytest.raises(ValueError, match="."):
        signed_headers(secret, message_id="m", at_seconds=1, body="")
