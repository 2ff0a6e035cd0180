"""What a unit changes on its kiosks: sentences, reasons, opening hours. Where a unit changed nothing, what is above it holds."""
