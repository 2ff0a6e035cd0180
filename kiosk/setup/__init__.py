"""The first start: how a tablet that is nobody becomes the kiosk of a counter, by a code, by a prepared folder on a USB stick, or by a
QR code. No Kivy: `kiosk.ui.setup` shows it.
"""
