import type { Message } from '@/protocol/types';

// A window over a conversation's messages: contiguous in seq, at most `most` of them, each in its
// newest known state. Pure functions, so that the rules can be tested without a browser.

export interface Timeline {
    readonly messages: readonly Message[];
    /** Whether the daemon has older ones than the first. */
    readonly older: boolean;
    /** Whether the daemon has newer ones than the last: the window does not reach the end. */
    readonly newer: boolean;
}

export const most = 500;

export function windowOf(messages: Message[], older: boolean, newer = false): Timeline {
    const sorted = [...messages].sort((a, b) => a.seq - b.seq);
    return { messages: sorted, older, newer };
}

/** The place of `seq` in the window, or -1. */
export function placeOf(timeline: Timeline, seq: number): number {
    const first = timeline.messages[0];
    if (!first) return -1;
    const place = seq - first.seq;
    return timeline.messages[place]?.seq === seq ? place : -1;
}

/** Whether the window has everything from one seq to another. */
export function holds(timeline: Timeline, first: number, last: number): boolean {
    return placeOf(timeline, first) >= 0 && placeOf(timeline, last) >= 0;
}

/**
 * Takes what came live or from a resume: known messages in a newer state replace the old state, new
 * ones go on at the end when they follow it. What fits nowhere is left out: it is beyond a window
 * that does not reach the end, before its start, or behind a gap that is being filled.
 */
export function merge(timeline: Timeline, incoming: readonly Message[]): Timeline {
    let messages: Message[] | null = null;
    const current = () => messages ?? timeline.messages;
    for (const message of [...incoming].sort((a, b) => a.seq - b.seq)) {
        const place = placeOf({ ...timeline, messages: current() }, message.seq);
        if (place >= 0) {
            if (current()[place]!.rev >= message.rev) continue;
            messages ??= [...timeline.messages];
            messages[place] = message;
            continue;
        }
        const last = current().at(-1);
        // In an empty window, too: what comes before the first one known is on its way.
        const follows = message.seq === (last?.seq ?? 0) + 1;
        if (timeline.newer || !follows) continue;
        messages ??= [...timeline.messages];
        messages.push(message);
    }
    return messages ? { ...timeline, messages } : timeline;
}

/**
 * Once there are no gaps left, a window that does not have the head does not reach the end. In the
 * order of rev a message that was edited late came after those that follow it, and these were left out.
 */
export function reach(timeline: Timeline, head: number): Timeline {
    const last = timeline.messages.at(-1)?.seq ?? 0;
    return timeline.newer || last >= head ? timeline : { ...timeline, newer: true };
}

/** An older page, in front. Beyond `most` the newest go: they are a page away. */
export function prepend(timeline: Timeline, page: readonly Message[], more: boolean): Timeline {
    const first = timeline.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
    const messages = [...page.filter((each) => each.seq < first), ...timeline.messages];
    const newer = timeline.newer || messages.length > most;
    return { messages: messages.slice(0, most), older: more, newer };
}

/** A newer page, behind. Beyond `most` the oldest go. */
export function append(timeline: Timeline, page: readonly Message[], more: boolean): Timeline {
    const last = timeline.messages.at(-1)?.seq ?? 0;
    const messages = [...timeline.messages, ...page.filter((each) => each.seq > last)];
    const older = timeline.older || messages.length > most;
    return { messages: messages.slice(-most), older, newer: more };
}

/** A window that reaches the end and has grown for hours gives back what nobody looks at. */
export function trim(timeline: Timeline): Timeline {
    if (timeline.messages.length <= most) return timeline;
    return { ...timeline, messages: timeline.messages.slice(-most), older: true };
}

/** Applies an edit or a deletion to the message at `seq`, if it is here and this is news. */
export function change(
    timeline: Timeline,
    seq: number,
    rev: number,
    how: Partial<Message>,
): Timeline {
    const place = placeOf(timeline, seq);
    const old = timeline.messages[place];
    if (!old || old.rev >= rev) return timeline;
    const messages = [...timeline.messages];
    messages[place] = { ...old, ...how, rev };
    return { ...timeline, messages };
}
