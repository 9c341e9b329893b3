"""The conditions a segment is made of: one file per family, each a strict model of what a user may write."""
