"""What all tests share."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# How long an example takes depends on what else the machine does at that moment, and says nothing about us.
settings.register_profile("pymodernize", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("pymodernize")
