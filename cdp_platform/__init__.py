"""A customer data platform in rooms; a record flows from sources to destinations."""
