import { afterAll, beforeAll, expect, it } from 'vitest';
import { talkThroughCuts } from './harness/cuts';
import { Daemon } from './harness/daemon';
import { closeBrowser, Person } from './harness/person';

// The bench's talk through fifty cuts (./dev bench --client), in short.

let daemon: Daemon;
beforeAll(async () => {
    daemon = await Daemon.start();
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

it('what is said through cuts and reloads arrives once and in order', async () => {
    const friend = await daemon.register('friend');
    const person = await Person.arrive(daemon, 'alice');
    await person.register();
    await person.open('friend');
    await person.say('Hello');
    await person.seesTick('Hello', 'sent');
    const conversation = Number(new URL(person.page.url()).pathname.split('/').pop());
    const cuts = { rounds: 9, each: 5 };
    const outcome = await talkThroughCuts(daemon, person, friend, conversation, cuts);
    expect(outcome).toMatchObject({ lost: [], twice: [], inOrder: true });
    for (const last of ['friend 8.4', 'own 8.4']) await person.sees(last);
    expect(person.complaints).toEqual([]);
    await person.leave();
});
