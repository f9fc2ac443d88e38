"""What one DELETE would delete, change, or be blocked by: by reading alone, or by a rehearsal rolled back."""

from queries.impact.models import Blocker, Caution, Deletion, Effect, Impact, Progress
from queries.impact.read import impact
from queries.impact.rehearse import rehearsal

__all__ = ["Blocker", "Caution", "Deletion", "Effect", "Impact", "Progress", "impact", "rehearsal"]
