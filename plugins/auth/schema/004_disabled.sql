-- The disabled accounts, who are few, without a walk through all others.
CREATE INDEX user_account_disabled ON user_account (id) WHERE disabled <> 0;
