"""How often: rules for classes of calls, and the limiter that holds callers to them."""
