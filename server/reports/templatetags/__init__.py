"""Tags of the templates of reports."""
