-- As on SQLite.
CREATE TABLE presence_status (
    user_id BIGINT  NOT NULL PRIMARY KEY,
    status  INTEGER NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE presence_seen (
    user_id   BIGINT NOT NULL PRIMARY KEY,
    last_seen BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE presence_online (
    user_id BIGINT NOT NULL PRIMARY KEY,
    run     BIGINT NOT NULL,
    since   BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE presence_run (
    run   BIGINT NOT NULL PRIMARY KEY,
    alive BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
