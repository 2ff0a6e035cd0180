"""What the templates about devices need."""
