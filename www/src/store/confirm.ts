import type { OutboxEntry } from '@/protocol/cache';
import type { ServerFrame } from '@/protocol/types';
import { rememberKey } from './keys';
import type { Ledger } from './ledger';

type Ack = Extract<ServerFrame, { type: 'ack' }>;

/** What the daemon stored of an entry of the outbox, which a hook may have made something else of. */
export function confirmIn(ledger: Ledger, entry: OutboxEntry, ack: Ack, me: number): void {
    const { conversation, message, seq, rev, timestamp } = ack;
    if (conversation === undefined || message === undefined) return;
    if (seq === undefined || rev === undefined) return;
    const place = { conversation, message, seq, rev };
    const content = ack.content ?? entry.content;
    if (entry.kind === 'edit') {
        const edited_at = ack.edited_at ?? new Date().toISOString();
        return ledger.edited({ type: 'edited', ...place, content, edited_at });
    }
    if (entry.kind === 'delete') return ledger.edited({ type: 'deleted', ...place });
    rememberKey(message, entry.id);
    ledger.message({
        id: message,
        conversation,
        seq,
        rev,
        from: me,
        content,
        timestamp: timestamp ?? new Date().toISOString(),
        edited_at: null,
        deleted: false,
        reply_to: entry.replyTo,
        state: 'sent',
    });
}
