"""Units (province, commune), their counters and officers, and who may see what."""
