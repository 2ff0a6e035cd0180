"""The connection test: from this tablet to its server, a step at a time, told in plain words. For the setup screen, the technician's
screen and `doctor`; it changes nothing, here or there, but for an enrolment that somebody asked for.

    for finding in examine(Aim("https://hailong.tinh.gov.vn"), translate): …

No Kivy.
"""
