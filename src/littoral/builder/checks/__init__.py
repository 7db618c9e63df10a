"""Looking at the files of a build without a model: what cannot be read, what is not there."""

from littoral.builder.checks.build_checks import BuildChecks

__all__ = ["BuildChecks"]
