"""Conditions as sqlglot trees, one file per family; no text of SQL is put together by hand."""
