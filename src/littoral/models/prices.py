"""What models cost: one table of list prices in USD per million tokens.

An estimate for meters and budgets, not a bill: discounts, cached input and free allowances are not
known here. Add a line to teach it a model; a model without a line costs 0.0.
"""

from __future__ import annotations

PRICES_AS_OF = "2026-11"

# Model id as the provider spells it → (input, output). Embedding models put nothing out.
PRICES: dict[str, tuple[float, float]] = {
    "@cf/baai/bge-base-en-v1.5": (0.067, 0.0),
    "@cf/baai/bge-large-en-v1.5": (0.204, 0.0),
    "@cf/baai/bge-m3": (0.012, 0.0),
    "@cf/baai/bge-small-en-v1.5": (0.020, 0.0),
    "@cf/deepseek-ai/deepseek-r1-distill-qwen-32b": (0.497, 4.881),
    "@cf/meta/llama-3.1-70b-instruct-fp8-fast": (0.293, 2.253),
    "@cf/meta/llama-3.1-8b-instruct": (0.282, 0.827),
    "@cf/meta/llama-3.1-8b-instruct-awq": (0.123, 0.266),
    "@cf/meta/llama-3.1-8b-instruct-fp8": (0.152, 0.287),
    "@cf/meta/llama-3.1-8b-instruct-fp8-fast": (0.045, 0.384),
    "@cf/meta/llama-3.2-11b-vision-instruct": (0.049, 0.676),
    "@cf/meta/llama-3.2-1b-instruct": (0.027, 0.201),
    "@cf/meta/llama-3.2-3b-instruct": (0.051, 0.335),
    "@cf/meta/llama-3.3-70b-instruct-fp8-fast": (0.293, 2.253),
    "@cf/mistral/mistral-7b-instruct-v0.1": (0.110, 0.190),
    "@cf/openai/gpt-oss-120b": (0.350, 0.750),
    "@cf/qwen/qwen3-30b-a3b-fp8": (0.051, 0.335),
    "gpt-4.1": (2.00, 8.00),
    "gpt-4o": (2.50, 10.00),
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-5": (1.25, 10.00),
    "gpt-5-mini": (0.25, 2.00),
    "gpt-5.2": (1.75, 14.00),
    "gpt-5.4": (2.50, 15.00),
    "gpt-5.4-mini": (0.75, 4.50),
    "text-embedding-3-large": (0.13, 0.0),
    "text-embedding-3-small": (0.02, 0.0),
}


def price_of(model: str) -> tuple[float, float] | None:
    """List price of a model by its id as the settings have it, if it is listed."""
    return PRICES.get(model) or PRICES.get(model.rsplit("/", 1)[-1])


def cost_usd(model: str, input_tokens: int, output_tokens: int) -> float:
    """List price of a call; 0.0 for a model without one."""
    price = price_of(model)
    if price is None:
        return 0.0
    return (input_tokens * price[0] + output_tokens * price[1]) / 1_000_000
