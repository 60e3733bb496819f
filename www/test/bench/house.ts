import { execFileSync } from 'node:child_process';
import { Daemon, type Account } from '../e2e/harness/daemon';

// The house that the client is measured in: 10,000 people, 100,000 messages. Two of them can log in;
// the others and what was said are written into the daemon's own database while it is stopped, for
// 10,000 passwords would take minutes. The directory finds the people when the daemon starts again.

export const people = 10_000;
export const messages = 100_000;
export const rooms = 50;
/** Messages of each conversation but the first, which has all the others. */
export const each = 200;

export interface House {
    daemon: Daemon;
    alice: Account;
    bob: Account;
    /** Of alice, the one with bob first. */
    conversations: number[];
}

const first = messages - (rooms - 1) * each;

// Alice is 1, bob 2, and the conversation numbered c that of alice with user c + 1. Message ids rise
// with the time; the long conversation is the one that was used last.
const sql = `
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < ${people})
INSERT INTO user_account (id, username, folded, display_name, created_at)
SELECT i, printf('person%05d', i), printf('person%05d', i),
    (CASE i % 7 WHEN 0 THEN 'Amélie' WHEN 1 THEN 'Bruno' WHEN 2 THEN 'Chloé' WHEN 3 THEN 'Dmitri'
        WHEN 4 THEN 'Elif' WHEN 5 THEN 'Fatou' ELSE 'Goran' END)
    || ' ' || (CASE i % 11 WHEN 0 THEN 'Laurent' WHEN 1 THEN 'Martin' WHEN 2 THEN 'Novák'
        WHEN 3 THEN 'Okafor' WHEN 4 THEN 'Petit' WHEN 5 THEN 'Quinn' WHEN 6 THEN 'Rossi'
        WHEN 7 THEN 'Schmidt' WHEN 8 THEN 'Tanaka' WHEN 9 THEN 'Ulrich' ELSE 'Vidal' END)
    || ' ' || i, 1760000000000 FROM n;

WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${rooms})
INSERT INTO conversation (id, kind, seq, rev, last_message, created_at)
SELECT i, 1, s, s, CASE i WHEN 1 THEN ${messages} ELSE (i - 1) * ${each} END, 1760000000000
FROM (SELECT i, CASE i WHEN 1 THEN ${first} ELSE ${each} END AS s FROM c);
INSERT INTO direct_pair SELECT 1, id + 1, id FROM conversation;
INSERT INTO conversation_member SELECT id, 1, seq, seq, rev, created_at FROM conversation;
INSERT INTO conversation_member SELECT id, id + 1, seq, seq, rev, created_at FROM conversation;

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${messages}),
    m(i, c, s) AS (SELECT i,
        CASE WHEN i <= ${messages - first} THEN (i - 1) / ${each} + 2 ELSE 1 END,
        CASE WHEN i <= ${messages - first} THEN (i - 1) % ${each} + 1 ELSE i - ${messages - first} END
        FROM n)
INSERT INTO message (id, conversation, seq, rev, created_rev, sender, content, created_at,
    edited_at, deleted, reply_to)
SELECT i, c, s, s, s, CASE WHEN s % 3 = 0 THEN 1 ELSE c + 1 END,
    'Message ' || s || ', ' || substr('with some words that go on for a while, and then end', 1, s % 50 + 2),
    1760000000000 + i * 30000, 0, 0, 0 FROM m;
COMMIT;
`;

export async function build(): Promise<House> {
    const daemon = await Daemon.start({ 'http.max_connections_per_address': '0' });
    const alice = await daemon.register('alice');
    const bob = await daemon.register('bob', { display_name: 'Bob Marchand' });
    await daemon.pause((database) => {
        execFileSync('sqlite3', ['-bail', database], { input: sql });
    });
    const path = `/users?q=person${people}`;
    const last = async () => {
        const found = await daemon.call<{ users: unknown[] }>('GET', path, undefined, alice.token);
        return found.users.length;
    };
    for (const start = Date.now(); (await last()) === 0;) {
        if (Date.now() - start > 60_000) throw new Error('the directory does not fill');
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const conversations = Array.from({ length: rooms }, (_, place) => place + 1);
    return { daemon, alice, bob, conversations };
}
