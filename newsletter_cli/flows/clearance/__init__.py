"""Clearance: a proof to its reviewers, what came of it, the approval, and the day of sending."""
