"""The dbt project: its models as data, its builds in this process."""
