"""The line and the local engine beside plain ``generate()`` and bare forward passes, on a model of random weights."""

from benchmarks.manager.figures import run as run
