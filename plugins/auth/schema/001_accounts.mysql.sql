-- As on SQLite; texts are compared byte by byte. A unique key takes any number of NULLs, so that
-- email_key says once what the index over some of the rows says there.

CREATE TABLE user_account (
    id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username     VARCHAR(512) NOT NULL,
    folded       VARCHAR(64)  NOT NULL,
    display_name VARCHAR(255)  NOT NULL,
    avatar       VARCHAR(16)  NOT NULL DEFAULT '',
    role         VARCHAR(16)  NOT NULL DEFAULT 'user',
    email        VARCHAR(255) NOT NULL DEFAULT '',
    email_folded VARCHAR(255) NOT NULL DEFAULT '',
    email_key    VARCHAR(255) GENERATED ALWAYS AS (NULLIF(email_folded, '')) VIRTUAL,
    password     VARCHAR(512) NOT NULL DEFAULT '',
    disabled     INTEGER      NOT NULL DEFAULT 0,
    created_at   BIGINT       NOT NULL,
    UNIQUE KEY user_account_folded (folded),
    UNIQUE KEY user_account_email (email_key),
    KEY user_account_email_folded (email_folded)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE session (
    id         BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user       BIGINT        NOT NULL,
    created_at BIGINT        NOT NULL,
    ip         VARCHAR(64)   NOT NULL DEFAULT '',
    user_agent VARBINARY(1024) NOT NULL DEFAULT '',
    KEY session_user (user),
    FOREIGN KEY (user) REFERENCES user_account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
