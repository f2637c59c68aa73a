"""The tables of the store. A migration is added at the end and never changed: the number of them is the version."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE message (
        id           INTEGER PRIMARY KEY,
        account      TEXT NOT NULL,
        folder       TEXT NOT NULL,               -- as on the wire
        uid_validity INTEGER NOT NULL,
        uid          INTEGER NOT NULL,
        state        TEXT NOT NULL,
        attempts     INTEGER NOT NULL,            -- counted before the message is parsed
        first_seen   REAL NOT NULL,               -- seconds since 1970, as all times here
        received     REAL,                        -- INTERNALDATE
        content      TEXT NOT NULL DEFAULT '',    -- keyed hash of Message-ID, From, Date and text
        message_id   TEXT NOT NULL DEFAULT '',
        thread       TEXT NOT NULL DEFAULT '',    -- the Message-ID it began with
        sender       TEXT NOT NULL DEFAULT '',    -- keyed hash of the address
        tone         TEXT NOT NULL DEFAULT '',
        kind         TEXT NOT NULL DEFAULT '',
        intents      TEXT NOT NULL DEFAULT '',    -- names, with blanks between
        language     TEXT NOT NULL DEFAULT '',
        attention    TEXT NOT NULL DEFAULT '',
        strategy     TEXT NOT NULL DEFAULT '',
        gaps         INTEGER NOT NULL DEFAULT 0,
        draft_id     TEXT NOT NULL DEFAULT '',    -- Message-ID of the draft
        draft_hash   TEXT NOT NULL DEFAULT '',    -- hash of its octets, by which an untouched one is known
        old_id       TEXT NOT NULL DEFAULT '',    -- Message-ID and hash of the draft that this one replaces
        old_hash     TEXT NOT NULL DEFAULT '',
        composed     REAL,                        -- the time the draft is dated
        attempted    REAL,                        -- when the APPEND was begun
        saved        REAL,
        answered     REAL,
        marked       INTEGER NOT NULL DEFAULT 0,
        covered_by   INTEGER,
        UNIQUE (account, folder, uid_validity, uid)
    );
    CREATE INDEX message_by_content ON message (account, content);
    CREATE INDEX message_by_thread ON message (account, thread, sender);
    CREATE INDEX message_by_id ON message (account, message_id);
    CREATE INDEX message_by_draft ON message (account, draft_id);
    CREATE INDEX message_by_sender ON message (sender, received);
    CREATE INDEX message_by_state ON message (account, state);
    CREATE TABLE folder (
        account  TEXT NOT NULL,
        folder   TEXT NOT NULL,
        complete REAL,                            -- when the last pass began that left nothing
        PRIMARY KEY (account, folder)
    );
    CREATE TABLE sender (
        sender   TEXT PRIMARY KEY,
        hostile  INTEGER,                         -- what a person said: 1, 0, or nothing
        language TEXT
    )
    """,
    "ALTER TABLE message ADD COLUMN boundary INTEGER NOT NULL DEFAULT 0",  # our answer asked to leave insults out
)
