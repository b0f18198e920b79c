"""How hard Hypothesis tries: `--hypothesis-profile long` tries for hours."""

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "usual", max_examples=200, deadline=None, suppress_health_check=_SLOW, print_blob=True
)
settings.register_profile("long", settings.get_profile("usual"), max_examples=10_000)
settings.load_profile("usual")
