// What was measured, against what it should be. A figure is good when it is at most its goal, or at
// least, where more is better.

export interface Figure {
    what: string;
    value: number;
    unit: string;
    goal: number;
    atLeast?: boolean;
}

export const figures: Figure[] = [];

export function note(what: string, value: number, unit: string, goal: number, atLeast = false) {
    figures.push({ what, value, unit, goal, atLeast });
}

export function quantile(values: readonly number[], part: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

const isGood = ({ value, goal, atLeast }: Figure) => (atLeast ? value >= goal : value <= goal);
const short = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));

export function table(): string {
    const rows = figures.map((each) => [
        each.what,
        `${short(each.value)} ${each.unit}`.trim(),
        `${each.atLeast ? '≥' : '≤'} ${short(each.goal)}`,
        isGood(each) ? 'good' : 'MISSED',
    ]);
    const all = [['', 'measured', 'goal', ''], ...rows];
    const width = (column: number) => Math.max(...all.map((row) => row[column]!.length));
    return all
        .map((row) => row.map((cell, column) => cell.padEnd(width(column))).join('  '))
        .join('\n');
}
