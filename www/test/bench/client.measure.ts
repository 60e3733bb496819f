import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { talkThroughCuts } from '../e2e/harness/cuts';
import { closeBrowser, Person } from '../e2e/harness/person';
import { figures, note, table } from './figures';
import { build, type House } from './house';
import { lighthouse } from './lighthouse';
import { bytes, memory } from './size';
import { reload, typing } from './speed';

// What the client costs in a house of 10,000 people and 100,000 messages, against its goals. Writes
// build/bench-client.json. A new figure is a function of the house that calls `note`.

let house: House;
beforeAll(async () => {
    house = await build();
});
afterAll(async () => {
    await closeBrowser();
    await house.daemon.stop();
    const file = join(import.meta.dirname, '../../../build/bench-client.json');
    writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
    process.stdout.write(`\n${table()}\n`);
});

it('bytes', () => bytes(house));
it('reload', () => reload(house));
it('typing', () => typing(house));
it('memory', () => memory(house));
it('lighthouse', () => lighthouse(house));

it('cuts', async () => {
    const person = await Person.arrive(house.daemon, 'alice');
    await person.logIn();
    const friend = await house.daemon.register('friend');
    const talk = await house.daemon.conversation(house.alice, friend);
    await house.daemon.say(friend, talk, 'Hello', 'hello');
    await person.page.goto(`/c/${talk}`);
    await person.sees('Hello');
    const cuts = { rounds: 50, each: 10 };
    const outcome = await talkThroughCuts(house.daemon, person, friend, talk, cuts);
    const many = cuts.rounds * cuts.each * 2;
    note(`lost of ${many} messages through ${cuts.rounds} cuts`, outcome.lost.length, '', 0);
    note('of them there twice', outcome.twice.length, '', 0);
    note('of the two, in another order', outcome.inOrder ? 0 : 1, '', 0);
    note('mended line to everything missed, worst', Math.max(...outcome.gaps), 'ms', 1000);
    await person.leave();
});
