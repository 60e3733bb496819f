-- Who can be found, by which folded texts. A person is here while the account is not disabled.
CREATE TABLE directory_person (
    user_id INTEGER PRIMARY KEY,
    name    TEXT NOT NULL, -- the username
    display TEXT NOT NULL  -- the display name, one space between its words
);
CREATE INDEX directory_person_name ON directory_person (name, user_id);

-- One row for every place at which a search may begin to match: the username, and the display name
-- from each of its words on. `shared` says how many bytes the row begins alike with the same
-- person's row before it, so that a search tells from a row alone whether it is the person's first
-- match.
CREATE TABLE directory_word (
    word    TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    user_id BIGINT  NOT NULL,
    shared  INTEGER NOT NULL,
    PRIMARY KEY (word, name, user_id)
) WITHOUT ROWID;
