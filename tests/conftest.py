"""What holds for every test."""

from hypothesis import settings

# A busy machine is slow, and no test fails by a time.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
