"""New guests of one address are counted where their messages cost something, and nowhere else."""

from __future__ import annotations

from littoral.limits.rules import read_rules
from tests.unit.api_world import ApiWorld, problem_of

RULES = read_rules("new-guest=2/3600")


async def test_new_guests_of_an_address_are_counted_where_a_model_has_a_price():
    world = ApiWorld(default_model="@cf/meta/llama-3.1-8b-instruct", rate_limits=RULES)
    async with world.visitor() as one, world.visitor() as two, world.visitor() as three:
        assert (await one.get("/api/me")).status_code == 200
        assert (await two.get("/api/me")).status_code == 200
        refused = await three.get("/api/me")
        assert (await one.get("/api/me")).status_code == 200
        elsewhere = await three.get("/api/me", headers={"cf-connecting-ip": "192.0.2.7"})

    assert problem_of(refused, "rate_limited")["retryAfterSeconds"] == 3600
    assert "set-cookie" not in refused.headers
    assert elsewhere.status_code == 200
    world.close()


async def test_where_everything_is_free_nobody_is_counted():
    world = ApiWorld(default_model="offline", rate_limits=RULES)
    world.limiter.away = True
    for _ in range(5):
        async with world.visitor() as visitor:
            assert (await visitor.get("/api/me")).status_code == 200
    world.close()
