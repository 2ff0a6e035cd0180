"""Real processes to try the product with: a virtual display with a pointer, the server, the kiosk, a browser."""
