"""The only shared place that talks to Dagster."""
