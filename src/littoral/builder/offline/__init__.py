"""What the code agent builds without a language model: families of app, composed from parts."""

from littoral.builder.offline.skill import OfflineBuilder

__all__ = ["OfflineBuilder"]
