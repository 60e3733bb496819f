-- As on SQLite, but for who gives the ids: the database those of conversations, and message_block
-- those of messages, a block for each batch (MessageGroup).
CREATE TABLE conversation (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind INTEGER NOT NULL,
    seq BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    last_message BIGINT NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE direct_pair (
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    conversation BIGINT NOT NULL,
    PRIMARY KEY (low, high)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE conversation_member (
    conversation BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    received_seq BIGINT NOT NULL,
    read_seq BIGINT NOT NULL,
    moved_rev BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (conversation, user_id),
    KEY conversation_member_user (user_id, conversation)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- changed_rev is rev for a message that was changed, and NULL for all others: the changed ones in
-- order of their last change.
CREATE TABLE message (
    id BIGINT NOT NULL PRIMARY KEY,
    conversation BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    created_rev BIGINT NOT NULL,
    sender BIGINT NOT NULL,
    content MEDIUMTEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,
    deleted INTEGER NOT NULL,
    reply_to BIGINT NOT NULL,
    changed_rev BIGINT GENERATED ALWAYS AS (NULLIF(rev, created_rev)) VIRTUAL,
    UNIQUE KEY message_seq (conversation, seq),
    KEY message_changed (conversation, changed_rev)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Bytes, because a text's comparison would pass over spaces at its end.
CREATE TABLE message_sent (
    client_id VARBINARY(64) NOT NULL,
    sender BIGINT NOT NULL,
    message BIGINT NOT NULL,
    digest BIGINT NOT NULL,
    PRIMARY KEY (client_id, sender)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE message_change (
    conversation BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    message BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (conversation, rev)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Of its rows only the counter matters.
CREATE TABLE message_block (
    block BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
