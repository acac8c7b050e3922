"""A push service of our own, on this machine only: for tests, rehearsals and benchmarks."""
