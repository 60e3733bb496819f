-- An invitation is a row until it is used or has expired. Its code is kept by SHA-256 in base64url
-- only.

CREATE TABLE invitation (
    hash       VARCHAR(43) PRIMARY KEY,
    made_by    BIGINT      NOT NULL REFERENCES user_account (id),
    created_at BIGINT      NOT NULL,
    expires_at BIGINT      NOT NULL
);

CREATE INDEX invitation_expiry ON invitation (expires_at);
