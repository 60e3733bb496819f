import type { Message } from '@/protocol/types';

// A message by its id. The daemon pages by `seq`; within a conversation ids rise with it, so that
// each page says on which side to go on. The first guess is the page before the window, where most
// of what people quote is; the others alternate between the share of the ids and the middle, so that
// neither a lively house nor an unlucky gap makes it long.

export interface Page {
    messages: Message[];
    more: boolean;
}

interface Place {
    seq: number;
    id: number;
}

/** Pages after which the search gives up; halving a million messages takes fifteen. */
const mostSteps = 40;

/** The `after` of a page in whose middle a message may be that lies between two others. */
function guess(low: Place, high: Place, id: number, size: number, step: number): number {
    const share = step % 2 === 0 ? 0.5 : (id - low.id) / (high.id - low.id);
    const middle = low.seq + Math.round((high.seq - low.seq) * share);
    return Math.max(low.seq, Math.min(high.seq - 2, middle - size / 2));
}

/**
 * Reads pages of `size` until one holds the message; null when there is none of that id. `read`
 * takes the part of a query that says from where.
 */
export async function findMessage(
    read: (from: string) => Promise<Page>,
    window: readonly Message[],
    id: number,
    size: number,
): Promise<Message | null> {
    const [first] = window;
    let low: Place = { seq: 0, id: 0 };
    let high: Place | null = first && id < first.id ? first : null;
    for (let step = 0; step < mostSteps; ++step) {
        let from = '';
        if (high)
            from = step > 0 ? `&after=${guess(low, high, id, size, step)}` : `&before=${high.seq}`;
        const { messages } = await read(from);
        const found = messages.find((each) => each.id === id);
        if (found) return found;
        const start = messages[0];
        const end = messages.at(-1);
        if (!start || !end) return null;
        if (id < start.id) high = start;
        else if (id > end.id && high) low = end;
        else return null;
        if (high.seq - low.seq <= 1) return null;
    }
    return null;
}
