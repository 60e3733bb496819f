-- As on SQLite.
ALTER TABLE message ADD COLUMN previous BIGINT NOT NULL DEFAULT 0;
UPDATE message m JOIN message p ON p.conversation = m.conversation AND p.seq = m.seq - 1
    SET m.previous = p.id;

CREATE TABLE message_mark (
    conversation BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    message BIGINT NOT NULL,
    PRIMARY KEY (conversation, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO message_mark (conversation, seq, message)
    SELECT conversation, seq, id FROM message WHERE seq % 32 = 0 ORDER BY conversation, seq;

-- A page whose messages are made shorter keeps their room, so that a change that is undone finds it
-- again though the disk is full.
ALTER TABLE message DROP KEY message_seq, DROP KEY message_changed, DROP COLUMN changed_rev,
    COMMENT = 'MERGE_THRESHOLD=1';
