"""Checks: one question about every document of a channel or a folder."""
