"""Checks: one file each, pure functions over facts."""
