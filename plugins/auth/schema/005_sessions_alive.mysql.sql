-- As on SQLite; the foreign key goes by the new index.
CREATE INDEX session_user_expiry ON session (user, expires_at);
DROP INDEX session_user ON session;
