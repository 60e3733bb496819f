// Which folder may import which: app → features → components → lib → store → protocol, and no feature
// another one. Says every import that goes the other way, and fails.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const src = resolve(import.meta.dirname, '../src');
const order = ['protocol', 'store', 'lib', 'components', 'features', 'app'];
const layerOf = (path) => order.indexOf(path.split('/')[0]);
const featureOf = (path) => /^features\/([^/]+)/.exec(path)?.[1];

let faults = 0;
for (const name of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name)) continue;
    const text = readFileSync(join(src, name), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*'([^']+)'/g)) {
        if (!/^[@.]\/|^\.\.\//.test(target)) continue;
        const path = target.startsWith('@/')
            ? target.slice(2)
            : relative(src, resolve(src, dirname(name), target));
        const isUpward = layerOf(name) >= 0 && layerOf(path) > layerOf(name);
        const isAcross = featureOf(name) && featureOf(path) && featureOf(name) !== featureOf(path);
        if (!isUpward && !isAcross) continue;
        faults += 1;
        console.error(
            `src/${name} imports ${target}: ${isAcross ? 'another feature' : 'an outer layer'}`,
        );
    }
}
if (faults > 0) process.exit(1);
console.log('imports: all go inwards');
