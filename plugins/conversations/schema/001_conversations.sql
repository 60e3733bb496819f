-- A direct conversation or a room. seq and rev are the head: the last ones given.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL, -- 1 direct, 2 room
    seq BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    last_message BIGINT NOT NULL, -- id of the newest message, 0 while there is none
    created_at BIGINT NOT NULL
);

-- The one direct conversation of a pair of users, low < high.
CREATE TABLE direct_pair (
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    conversation BIGINT NOT NULL,
    PRIMARY KEY (low, high)
) WITHOUT ROWID;

-- moved_rev is the conversation's rev when a watermark of this member last moved: whoever holds a
-- rev above it has been told of that move.
CREATE TABLE conversation_member (
    conversation BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    received_seq BIGINT NOT NULL,
    read_seq BIGINT NOT NULL,
    moved_rev BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (conversation, user_id)
) WITHOUT ROWID;
CREATE INDEX conversation_member_user ON conversation_member (user_id, conversation);

-- rev is that of the last change, created_rev that of the creation.
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    conversation BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    created_rev BIGINT NOT NULL,
    sender BIGINT NOT NULL,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL, -- 0 when never
    deleted INTEGER NOT NULL,
    reply_to BIGINT NOT NULL -- 0 for none
);
CREATE UNIQUE INDEX message_seq ON message (conversation, seq);
-- The changed ones in order of their last change; a new message is not in it and costs nothing.
CREATE INDEX message_changed ON message (conversation, rev) WHERE rev <> created_rev;

-- What makes a retry harmless: which message a sender's own id became, and a digest of what was sent.
-- The id comes first in the key: those that rise with time (UUIDv7, ULID) then fill the last pages of
-- the tree whoever sends, instead of a page for every sender.
CREATE TABLE message_sent (
    client_id TEXT NOT NULL,
    sender BIGINT NOT NULL,
    message BIGINT NOT NULL,
    digest BIGINT NOT NULL,
    PRIMARY KEY (client_id, sender)
) WITHOUT ROWID;

-- Every rev that was not the creation of a message; seq is the head's at that moment, so that a rev
-- leads to the seq of its time without an index over the revs of all messages.
CREATE TABLE message_change (
    conversation BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    message BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (conversation, rev)
) WITHOUT ROWID;
