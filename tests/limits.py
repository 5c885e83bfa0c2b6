"""The suite without its limits by caller: a proof or benchmark is one caller who wants everything."""

import contextlib

import catalogue


@contextlib.contextmanager
def unlimited(suite):
    """The gateway without its limits of requests."""
    with _overridden(suite, gateway={"rate_caller": "0", "rate_stranger": "0"}):
        yield


@contextlib.contextmanager
def searching(suite):
    """The services without their limit of searches by personal data."""
    with _overridden(suite, **{name: {"personal_searches_per_minute": "0"} for name in catalogue.with_database()}):
        yield


@contextlib.contextmanager
def _overridden(suite, **flags):
    kept = {name: suite.overrides.get(name) for name in flags}
    suite.overrides.update(flags)
    for name in flags:
        suite.restart(name)
    try:
        yield
    finally:
        for name, before in kept.items():
            if before is None:
                suite.overrides.pop(name)
            else:
                suite.overrides[name] = before
            suite.restart(name)
