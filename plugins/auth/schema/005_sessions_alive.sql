-- Those of an account that are alive, without a walk through all that have ended.
CREATE INDEX session_user_expiry ON session (user, expires_at);
DROP INDEX session_user;
