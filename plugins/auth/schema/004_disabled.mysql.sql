-- As on SQLite, where the index is one over some of the rows.
CREATE INDEX user_account_disabled ON user_account (disabled);
