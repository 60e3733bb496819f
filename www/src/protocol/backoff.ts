/**
 * Waiting times between attempts: half as long again each time, from `first` to `most` milliseconds,
 * each drawn from its upper half, so that a thousand clients of a daemon that comes back do not come
 * at once. Doubling would leave a line that is back after a second unnoticed for another one.
 */
export class Backoff {
    private attempt = 0;

    constructor(
        private readonly first = 250,
        private readonly most = 20_000,
        private readonly random: () => number = Math.random,
    ) {}

    next(): number {
        const ceiling = Math.min(this.most, this.first * 1.5 ** this.attempt);
        if (ceiling < this.most) this.attempt += 1;
        return ceiling * (0.5 + this.random() / 2);
    }

    reset(): void {
        this.attempt = 0;
    }
}
