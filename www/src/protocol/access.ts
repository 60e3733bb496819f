import { call, Problem, type Request } from './http';
import { hold } from './locks';
import type { Admission, OwnUser } from './types';

// The access token: in memory only, renewed by the HttpOnly cookie, one tab at a time (a Web Lock),
// and handed to the other tabs. What tells a visitor without a session from one with a cookie that
// no script can see is one word in localStorage.

const mark = 'salon.session';
/** Seconds before its end from which a token counts as spent. */
const margin = 30;

type Word =
    | { kind: 'token'; admission: Admission; until: number }
    | { kind: 'leaving'; isSo: boolean }
    | { kind: 'out'; reason: OutReason };

export type OutReason = 'asked' | 'ended';

interface Held {
    token: string;
    until: number;
    user: OwnUser;
}

export class Access {
    private held: Held | null = null;
    private renewal: Promise<string> | null = null;
    private isIn = Access.remembered() !== null;
    /** Which stay this is, from a login to its end: what was asked for in one is not for another. */
    private stay = 0;
    /** One of the tabs is on its way out: whatever ends the session now was asked for. */
    private isLeaving = false;
    private readonly channel = new BroadcastChannel('salon.access');

    /** Whenever somebody is let in, in this tab or another. */
    onIn: (user: OwnUser) => void = () => {};
    /** The session is over, in every tab. */
    onOut: (reason: OutReason) => void = () => {};

    constructor() {
        this.channel.onmessage = (event: MessageEvent<Word>) => {
            const word = event.data;
            if (word.kind === 'token') this.keep(word.admission, word.until);
            else if (word.kind === 'leaving') this.isLeaving = word.isSo;
            else this.forget(word.reason);
        };
    }

    /** The user whom this browser has let in and not shown out since. */
    static remembered(): number | null {
        const user = Number(localStorage.getItem(mark));
        return Number.isInteger(user) && user > 0 ? user : null;
    }

    get user(): OwnUser | null {
        return this.held?.user ?? null;
    }

    /** Takes what a login, a registration or a refresh answered. */
    admit(admission: Admission): void {
        const until = Date.now() + (admission.expires_in - margin) * 1000;
        localStorage.setItem(mark, String(admission.user.id));
        this.keep(admission, until);
        this.channel.postMessage({ kind: 'token', admission, until } satisfies Word);
    }

    /**
     * A token that is good for a while, one that is doubted when the daemon has taken it. Throws
     * Problem; `unauthorized` has ended the session.
     */
    async token(isDoubted = false): Promise<string> {
        if (isDoubted && this.held) await this.call('/users/me');
        if (this.held && Date.now() < this.held.until) return this.held.token;
        return this.renew();
    }

    /** After a 401: this token is worth nothing, whatever its time. */
    spoil(token: string): void {
        if (this.held?.token === token) this.held.until = 0;
    }

    /**
     * A call with the token; a 401 is answered with a new token, once. What comes when whoever asked
     * has been shown out is for nobody.
     */
    async call<T>(path: string, request: Request = {}): Promise<T> {
        const stay = this.stay;
        const token = await this.token();
        try {
            return this.stillOf(stay, await call<T>(path, { ...request, token }));
        } catch (error) {
            if (!(error instanceof Problem) || error.status !== 401) throw error;
            this.spoil(token);
            const fresh = await this.token();
            return this.stillOf(stay, await call<T>(path, { ...request, token: fresh }));
        }
    }

    /** Ends the session at the daemon, and here whatever it answers but nothing. */
    async leave(): Promise<void> {
        const token = this.held?.token;
        // The daemon closes the connections of every tab before its answer is here.
        this.announceLeaving(true);
        try {
            await call('/auth/logout', { method: 'POST', ...(token ? { token } : {}) });
        } catch (error) {
            // Already over is as good as over; after anything else, as without an answer, the
            // cookie would let the next person in, so that is worth a word.
            if (!(error instanceof Problem) || error.status !== 401) {
                this.announceLeaving(false);
                throw error;
            }
        }
        this.end('asked');
    }

    /** The daemon said that the session is over. */
    end(reason: OutReason): void {
        this.channel.postMessage({ kind: 'out', reason } satisfies Word);
        this.forget(reason);
    }

    private stillOf<T>(stay: number, answer: T): T {
        if (stay !== this.stay) throw new Problem('aborted', 'the session is over');
        return answer;
    }

    private announceLeaving(isSo: boolean): void {
        this.isLeaving = isSo;
        this.channel.postMessage({ kind: 'leaving', isSo } satisfies Word);
    }

    private keep(admission: Admission, until: number): void {
        this.held = { token: admission.access_token, until, user: admission.user };
        this.isIn = true;
        this.onIn(admission.user);
    }

    private forget(reason: OutReason): void {
        if (!this.isIn) return;
        this.isIn = false;
        this.stay += 1;
        this.held = null;
        localStorage.removeItem(mark);
        this.onOut(this.isLeaving ? 'asked' : reason);
        this.isLeaving = false;
    }

    private renew(): Promise<string> {
        this.renewal ??= hold('salon.refresh', () => this.renewAlone()).finally(
            () => (this.renewal = null),
        );
        return this.renewal;
    }

    private async renewAlone(): Promise<string> {
        // Another tab may have done it while this one waited for the lock.
        if (this.held && Date.now() < this.held.until) return this.held.token;
        const stay = this.stay;
        try {
            const admission = await call<Admission>('/auth/refresh', { method: 'POST' });
            this.admit(this.stillOf(stay, admission));
            return admission.access_token;
        } catch (error) {
            if (error instanceof Problem && error.status === 401) this.end('ended');
            throw error;
        }
    }
}
