"""Everything that talks to PostgreSQL. Knows no screen."""
