-- Ids are never used again, so that a message of a deleted account is nobody else's. Times are
-- milliseconds since 1970. Text is never NULL: '' is none.

CREATE TABLE user_account (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    username     TEXT    NOT NULL,
    folded       TEXT    NOT NULL UNIQUE,      -- the username as it is compared
    display_name TEXT    NOT NULL,
    avatar       TEXT    NOT NULL DEFAULT '',  -- #rrggbb
    role         TEXT    NOT NULL DEFAULT 'user',
    email        TEXT    NOT NULL DEFAULT '',
    email_folded TEXT    NOT NULL DEFAULT '',  -- the address as it is compared
    password     TEXT    NOT NULL DEFAULT '',  -- a PHC string
    disabled     INTEGER NOT NULL DEFAULT 0,
    created_at   BIGINT  NOT NULL
);

CREATE UNIQUE INDEX user_account_email ON user_account (email_folded) WHERE email_folded <> '';

CREATE TABLE session (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    user       BIGINT  NOT NULL REFERENCES user_account (id),
    created_at BIGINT  NOT NULL,
    ip         TEXT    NOT NULL DEFAULT '',
    user_agent TEXT    NOT NULL DEFAULT ''
);

CREATE INDEX session_user ON session (user);
