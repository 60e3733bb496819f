import type { Account, Daemon } from './daemon';

// A house with people in it, who have talked: what the screens are looked at with.

export interface House {
    alice: Account;
    bob: Account;
    conversation: number;
}

const others: [string, string, string | null][] = [
    ['camille', 'Camille Laurent', null],
    ['dmitri', 'Dmitri Volkov', '#0e7490'],
    ['emma', 'Emma Schneider', null],
    ['farid', 'Farid Benali', '#c2410c'],
    ['grace', 'Grace Okafor', null],
    ['hugo', 'Hugo Martin', '#6d28d9'],
    ['ines', 'Inès Moreau', null],
    ['jonas', 'Jonas Lindqvist', null],
];

const talk: ['a' | 'b', string][] = [
    ['b', 'Morning! Did the release go out last night?'],
    ['a', 'It did, a little after ten. **No errors** so far.'],
    ['a', 'The only surprise was the migration: it took two seconds instead of twenty :)'],
    ['b', 'Nice. What changed?'],
    [
        'a',
        'Mostly this:\n\n- the index is built before the copy\n- one transaction instead of nine\n\n`salond --verify-store` is happy, too.',
    ],
    ['b', 'Then I can finally close my laptop on a Friday.'],
    ['b', '🎉'],
    ['a', 'You can! I wrote it down for the others: https://example.org/notes/release'],
    ['b', '> one transaction instead of nine\n\nI like that part best.'],
    ['a', 'Lunch at half past twelve?'],
    ['b', 'Perfect, see you there.'],
];

export async function seed(daemon: Daemon): Promise<House> {
    const alice = await daemon.register('alice', { display_name: 'Alice Morel' });
    const bob = await daemon.register('bob', { display_name: 'Bob Marchand' });
    for (const [name, display_name, avatar] of others) {
        const account = await daemon.register(name, { display_name });
        if (avatar) await daemon.call('PATCH', '/users/me', { avatar }, account.token);
        if (name > 'f') continue;
        const conversation = await daemon.conversation(account, alice);
        await daemon.say(account, conversation, `Hello Alice, ${display_name} here.`, `${name}-1`);
        if (name === 'camille')
            await daemon.say(alice, conversation, 'Good to see you!', 'a-camille');
    }
    const conversation = await daemon.conversation(alice, bob);
    for (const [place, [who, words]] of talk.entries()) {
        await daemon.say(who === 'a' ? alice : bob, conversation, words, `talk-${place}`);
    }
    const last = talk.length;
    const path = `/conversations/${conversation}/receipts`;
    for (const each of [alice, bob]) await daemon.call('PUT', path, { read: last }, each.token);
    return { alice, bob, conversation };
}
