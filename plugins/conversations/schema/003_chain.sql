-- A conversation's messages are a chain: each names the one before it, and the head the newest. An
-- index over (conversation, seq) would have each message of a busy hour written into a page of its
-- own, a page for every conversation, where the rows themselves come one behind the other; it took
-- more time than all the rest of storing a message. Every 32nd has its place in message_mark, so
-- that the chain can be entered anywhere (MessageChain.h).
ALTER TABLE message ADD COLUMN previous BIGINT NOT NULL DEFAULT 0; -- 0 for the first
UPDATE message SET previous = COALESCE((SELECT p.id FROM message p
    WHERE p.conversation = message.conversation AND p.seq = message.seq - 1), 0);

CREATE TABLE message_mark (
    conversation BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    message BIGINT NOT NULL,
    PRIMARY KEY (conversation, seq)
) WITHOUT ROWID;
INSERT INTO message_mark (conversation, seq, message)
    SELECT conversation, seq, id FROM message WHERE seq % 32 = 0 ORDER BY conversation, seq;

DROP INDEX message_seq;
-- message_change leads to the changed ones as well.
DROP INDEX message_changed;
