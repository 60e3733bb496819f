import { engine } from '@/lib/engine';
import { uuid7 } from '@/protocol/ids';
import type { Said } from './rows';

/** Edits a stored message, or deletes it (null). What was refused of it before is given up for that. */
export function amend(said: Said, content: string | null): void {
    const message = said.message!;
    const refused = engine.outbox
        .list()
        .filter((entry) => entry.message === message.id && entry.state === 'failed');
    for (const entry of refused) engine.outbox.discard(entry.id);
    const before = refused.length > 0 ? message.content : said.content;
    if (content !== before) engine.revise(message, content, uuid7());
}
