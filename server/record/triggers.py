"""What makes the record one that is only added to: triggers in the database, whoever asks.

No line is ever changed, and none is deleted before it is two years old; so `prunerecord` needs no way past them. Who owns the
database can drop them, which is no business of any program of ours. On SQLite a migration that alters the table makes it anew, and
must call `make` after it.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WORDS = "the record is only added to"

_MAKE = {
    "sqlite": [
        f"""CREATE TRIGGER record_line_no_update BEFORE UPDATE ON record_line
            BEGIN SELECT RAISE(ABORT, '{WORDS}'); END""",
        f"""CREATE TRIGGER record_line_no_delete BEFORE DELETE ON record_line WHEN OLD.at >= datetime('now', '-2 years')
            BEGIN SELECT RAISE(ABORT, '{WORDS}'); END""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION record_line_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    IF OLD.at < now() - interval '2 years' THEN RETURN OLD; END IF;
                END IF;
                RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation';
            END $$""",
        """CREATE TRIGGER record_line_refuse BEFORE UPDATE OR DELETE ON record_line
            FOR EACH ROW EXECUTE FUNCTION record_line_refuse()""",
        """CREATE TRIGGER record_line_refuse_truncate BEFORE TRUNCATE ON record_line
            FOR EACH STATEMENT EXECUTE FUNCTION record_line_refuse()""",
    ],
}
_DROP = {
    "sqlite": ["DROP TRIGGER record_line_no_update", "DROP TRIGGER record_line_no_delete"],
    "postgresql": [
        "DROP TRIGGER record_line_refuse_truncate ON record_line",
        "DROP TRIGGER record_line_refuse ON record_line",
        "DROP FUNCTION record_line_refuse",
    ],
}


def make(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers. For a migration."""
    for statement in _MAKE[editor.connection.vendor]:
        editor.execute(statement)


def drop(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers. For a migration that is undone."""
    for statement in _DROP[editor.connection.vendor]:
        editor.execute(statement)
