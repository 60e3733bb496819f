-- What a user wants to be shown as, 1 away, 2 busy, 3 invisible; without a row: online.
CREATE TABLE presence_status (
    user_id INTEGER PRIMARY KEY,
    status  INTEGER NOT NULL
);

-- When somebody who went offline was last there, milliseconds since 1970.
CREATE TABLE presence_seen (
    user_id   INTEGER PRIMARY KEY,
    last_seen BIGINT NOT NULL
);

-- Who is there, for everybody to see. A row of a run that is over is somebody whose going nobody
-- saw: he was last there when that run was last known to be alive, or when he came, if later.
CREATE TABLE presence_online (
    user_id INTEGER PRIMARY KEY,
    run     BIGINT NOT NULL,
    since   BIGINT NOT NULL
);

-- A run of the daemon, by the time of its start.
CREATE TABLE presence_run (
    run   INTEGER PRIMARY KEY,
    alive BIGINT NOT NULL
);
