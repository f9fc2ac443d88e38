"""Everything that a person sees. Writes no SQL."""
