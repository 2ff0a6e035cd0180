"""What makes files that the products carry."""
