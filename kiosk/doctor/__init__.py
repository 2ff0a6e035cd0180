"""What `hailong-kiosk doctor` looks at: the tablet, the settings, the way to the server; each `Finding` says what to mend.

    for finding in diagnose(Path("/etc/hailong/kiosk.toml"), translate): …

No Kivy, and no window: it may run beside the kiosk, or over a network.
"""
