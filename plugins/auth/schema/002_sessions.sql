-- A session lives while expires_at is ahead, which every use of its refresh token moves on. One that
-- was revoked has expires_at 0, so that no clock that is set back revives it. Its row stays until
-- access_until, when the last access token that was signed for it expires: until then that token
-- must be refused.

ALTER TABLE session ADD COLUMN last_used_at   BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN expires_at     BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN access_until   BIGINT NOT NULL DEFAULT 0;

-- The refresh token, by SHA-256 in base64url only: the part that all of a session's tokens share, the
-- one that is valid, and the one that it replaced at refreshed_at.
ALTER TABLE session ADD COLUMN refresh_family TEXT   NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN refresh_hash   TEXT   NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN refresh_before TEXT   NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN refreshed_at   BIGINT NOT NULL DEFAULT 0;

-- Sessions from before there were refresh tokens end by themselves after 30 days.
UPDATE session SET last_used_at = created_at, expires_at = created_at + 2592000000,
    access_until = created_at + 2592000000;

CREATE INDEX session_family ON session (refresh_family);
CREATE INDEX session_expiry ON session (expires_at);
