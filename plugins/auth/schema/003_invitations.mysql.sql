CREATE TABLE invitation (
    hash       VARCHAR(64) NOT NULL PRIMARY KEY,
    made_by    BIGINT      NOT NULL,
    created_at BIGINT      NOT NULL,
    expires_at BIGINT      NOT NULL,
    KEY invitation_expiry (expires_at),
    FOREIGN KEY (made_by) REFERENCES user_account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
