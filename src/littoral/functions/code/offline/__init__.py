"""Code of plain functions without a language model: small recipes bound to the actual arguments."""
