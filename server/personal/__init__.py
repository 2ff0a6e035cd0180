"""What is held about a person: kept by rule, told and erased on request."""
