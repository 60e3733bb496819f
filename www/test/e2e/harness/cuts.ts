import type { Account, Daemon } from './daemon';
import type { Person } from './person';

// A conversation over a line that is cut and a page that is reloaded, again and again, while both
// talk: what of it arrives, how often, in which order, and how soon after the line is mended.

export interface Cuts {
    rounds: number;
    /** Messages that each of the two says in a round. */
    each: number;
}

export interface Outcome {
    lost: string[];
    twice: string[];
    /** Whether what each of them said is in the order in which it was said. */
    inOrder: boolean;
    /** Milliseconds from each mended line, or reloaded page, to what was said meanwhile. */
    gaps: number[];
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function everything(daemon: Daemon, who: Account, conversation: number): Promise<string[]> {
    const all: string[] = [];
    for (let after = 0; ;) {
        const path = `/conversations/${conversation}/messages?limit=200&after=${after}`;
        const { messages, more } = await daemon.call<{
            messages: { seq: number; content: string }[];
            more: boolean;
        }>('GET', path, undefined, who.token);
        all.push(...messages.map((message) => message.content));
        after = messages.at(-1)?.seq ?? after;
        if (!more) return all;
    }
}

/** `person` has the conversation with `friend` open; every third round reloads the page, too. */
export async function talkThroughCuts(
    daemon: Daemon,
    person: Person,
    friend: Account,
    conversation: number,
    { rounds, each }: Cuts,
): Promise<Outcome> {
    const { page, line } = person;
    const gaps: number[] = [];
    const own: string[] = [];
    const friends: string[] = [];
    const drained = () =>
        page.waitForFunction(() => !document.querySelector('[data-tick=sending]'), null, {
            timeout: 60_000,
        });
    // What waits goes out at once behind what was missed, which has to stay on the screen to be seen.
    await page.setViewportSize({ width: 1280, height: 4000 });
    for (let round = 0; round < rounds; ++round) {
        line.cut();
        const start = Date.now();
        const talk = (async () => {
            for (let count = 0; count < each; ++count) {
                const words = `friend ${round}.${count}`;
                friends.push(words);
                await daemon.say(friend, conversation, words, words);
            }
        })();
        for (let count = 0; count < each; ++count) {
            const words = `own ${round}.${count}`;
            own.push(words);
            await person.say(words);
        }
        await talk;
        // Short cuts and longer ones.
        await pause(Math.max(0, (round % 4) * 250 - (Date.now() - start)));
        line.mend();
        const mended = Date.now();
        if (round % 3 === 2) await page.reload({ waitUntil: 'commit' });
        await person.sees(friends.at(-1)!);
        gaps.push(Date.now() - mended);
        // The next cut comes while most of it is on its way, but not for ever.
        if (round % 4 === 3) await drained();
    }
    await person.sees(own.at(-1)!);
    await drained();
    const all = await everything(daemon, friend, conversation);
    const said = all.filter((words) => /^(own|friend) \d+\.\d+$/.test(words));
    const count = new Map<string, number>();
    for (const words of said) count.set(words, (count.get(words) ?? 0) + 1);
    const ofOne = (who: string) => said.filter((words) => words.startsWith(who));
    return {
        lost: [...own, ...friends].filter((words) => !count.has(words)),
        twice: [...count].filter(([, times]) => times > 1).map(([words]) => words),
        inOrder: `${ofOne('own')}` === `${own}` && `${ofOne('friend')}` === `${friends}`,
        gaps,
    };
}
