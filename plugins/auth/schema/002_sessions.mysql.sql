-- As on SQLite. Hashes are base64url.

ALTER TABLE session
    ADD COLUMN last_used_at   BIGINT      NOT NULL DEFAULT 0,
    ADD COLUMN expires_at     BIGINT      NOT NULL DEFAULT 0,
    ADD COLUMN access_until   BIGINT      NOT NULL DEFAULT 0,
    ADD COLUMN refresh_family VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN refresh_hash   VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN refresh_before VARCHAR(64) NOT NULL DEFAULT '',
    ADD COLUMN refreshed_at   BIGINT      NOT NULL DEFAULT 0;

UPDATE session SET last_used_at = created_at, expires_at = created_at + 2592000000,
    access_until = created_at + 2592000000;

CREATE INDEX session_family ON session (refresh_family);
CREATE INDEX session_expiry ON session (expires_at);
