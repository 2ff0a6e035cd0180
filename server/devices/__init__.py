"""Kiosks as the server knows them: enrolment, keys, health."""
