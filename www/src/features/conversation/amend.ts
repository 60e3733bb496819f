import { engine } from '@/lib/engine';
import { uuid7 } from '@/protocol/ids';
import type { Said } from './rows';

/** Edits a stored message, or deletes it (null). What was refused of it before is given up for that. */
export function amend(said: Said, content: string | null): void {
    const message = said.message!;
    const before = engine.outbox.giveUpRefused(message.id) ? message.content : said.content;
    if (content !== before) engine.revise(message, content, uuid7());
}
