"""The ledger's schema, one named function per change."""

from kiosk.storage.library import Database, Migrations

ledger_schema = Migrations("ledger")


@ledger_schema()
def first_ledger(db: Database) -> None:
    """Ledgers in the order in which they were opened, and their entries, which nothing may change.

    Line 1 to `floor` of a ledger were pruned; `floor_digest` is the digest at `floor`. The server is known to hold 1 to `acked`.
    """
    db.execute(
        """
        CREATE TABLE ledgers (
            number INTEGER PRIMARY KEY,
            ledger TEXT NOT NULL UNIQUE,
            floor INTEGER NOT NULL DEFAULT 0,
            floor_digest TEXT NOT NULL,
            acked INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE entries (
            number INTEGER NOT NULL REFERENCES ledgers (number),
            seq INTEGER NOT NULL,
            line TEXT NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (number, seq)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
        BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END
        """
    )
    db.execute(
        """
        CREATE TRIGGER entries_stay_above_the_floor BEFORE DELETE ON entries
        WHEN OLD.seq > (SELECT floor FROM ledgers WHERE number = OLD.number)
        BEGIN SELECT RAISE(ABORT, 'an entry above the floor is never deleted'); END
        """
    )


@ledger_schema()
def ledgers_that_end(db: Database) -> None:
    """A ledger may end, and another go on from it.

    opened: its first line, kept even when that was pruned (null: still among the entries). closed: takes no more entries.
    carried_after: entries behind this seq went over into another ledger, and are offered to the server there (null: none did).
    """
    db.execute("ALTER TABLE ledgers ADD COLUMN opened TEXT")
    db.execute("ALTER TABLE ledgers ADD COLUMN closed INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE ledgers ADD COLUMN carried_after INTEGER")


@ledger_schema()
def ledgers_that_are_pruned(db: Database) -> None:
    """When entries became known to be on the server, so that they leave the kiosk long after; and what was recovered.

    acknowledgements: on `day` (the server's) the entries up to `seq` were acknowledged. Where `acked` goes down, what lies
    above it no longer is. recoveries: databases that had to be made anew; `entries` were kept in their ledgers, and `carried`, which lay
    behind a hole, in a new one; `missing` are known to be lost.
    """
    db.execute(
        """
        CREATE TABLE acknowledgements (
            number INTEGER NOT NULL REFERENCES ledgers (number),
            seq INTEGER NOT NULL,
            day TEXT NOT NULL,
            PRIMARY KEY (number, seq)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TRIGGER acknowledgements_are_revoked AFTER UPDATE OF acked ON ledgers WHEN NEW.acked < OLD.acked
        BEGIN
            INSERT OR IGNORE INTO acknowledgements (number, seq, day)
                SELECT NEW.number, NEW.acked, min(day) FROM acknowledgements
                WHERE number = NEW.number AND seq > NEW.acked HAVING count(*) > 0;
            DELETE FROM acknowledgements WHERE number = NEW.number AND seq > NEW.acked;
        END
        """
    )
    db.execute(
        """
        CREATE TABLE recoveries (
            at TEXT NOT NULL,
            reason TEXT NOT NULL,
            entries INTEGER NOT NULL,
            carried INTEGER NOT NULL,
            missing INTEGER NOT NULL
        ) STRICT
        """
    )
