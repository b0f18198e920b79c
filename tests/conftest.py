"""How hard Hypothesis tries: `--hypothesis-profile long` for hours, `fast` for the inner loop.

`mutants` tries the same few examples every time and does not look for the simplest that fails.
"""

from hypothesis import HealthCheck, Phase, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "usual", max_examples=200, deadline=None, suppress_health_check=_SLOW, print_blob=True
)
settings.register_profile("fast", settings.get_profile("usual"), max_examples=5)
settings.register_profile("long", settings.get_profile("usual"), max_examples=10_000)
settings.register_profile(
    "mutants",
    settings.get_profile("usual"),
    max_examples=40,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
)
settings.load_profile("usual")
