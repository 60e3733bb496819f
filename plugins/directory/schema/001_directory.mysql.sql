-- As on SQLite. Bytes, because a text's comparison would pass over spaces at its end.
CREATE TABLE directory_person (
    user_id BIGINT          NOT NULL PRIMARY KEY,
    name    VARBINARY(1000) NOT NULL,
    display VARBINARY(8192) NOT NULL,
    KEY directory_person_name (name, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE directory_word (
    word    VARBINARY(600)  NOT NULL,
    name    VARBINARY(1000) NOT NULL,
    user_id BIGINT          NOT NULL,
    shared  INTEGER         NOT NULL,
    PRIMARY KEY (word, name, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
