import type { Access, OutReason } from '@/protocol/access';
import type { OutboxEntry } from '@/protocol/cache';
import { Outbox } from '@/protocol/outbox';
import { Socket, type Line } from '@/protocol/socket';
import { Tabs } from '@/protocol/tabs';
import { uuid7 } from '@/protocol/ids';
import type { Conversation, Message, OwnUser, ServerFrame, Status, User } from '@/protocol/types';
import { CatchUp } from './catchup';
import { confirmIn } from './confirm';
import { Copies } from './copies';
import { Ledger } from './ledger';
import { Pages } from './pages';
import { Presences } from './presences';
import { Receipts } from './receipts';
import { useConversations, useNetwork, useSession, usePeople, withEntry } from './state';

// The one who does things: lets in and out, holds the connection, applies what comes in batches of
// one animation frame, and keeps the copies of this browser. Screens call its methods and read the
// stores of `state.ts`.

const bannerAfter = 2000;
const typingLasts = 6000;

type Ack = Extract<ServerFrame, { type: 'ack' }>;

export class Engine {
    readonly tabs = new Tabs();
    readonly pages = new Pages(this);
    readonly presences = new Presences(
        (frame) => this.socket.send(frame),
        (status) => this.setStatus(status),
    );
    readonly receipts = new Receipts(this);
    readonly outbox: Outbox;

    /** Messages of others that are new here: announcer, notifications, sound. */
    onNews: (news: Message[]) => void = () => {};
    onFailed: (entry: OutboxEntry) => void = () => {};
    onUnsafe: () => void = () => {};

    private readonly socket: Socket;
    private readonly copies = new Copies();
    private inbox: ServerFrame[] = [];
    private frame: number | undefined;
    private isStarted = false;
    private readonly catchUp: CatchUp;
    private bannerTimer: ReturnType<typeof setTimeout> | undefined;

    constructor(readonly access: Access) {
        this.socket = new Socket({
            url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
            token: (isDoubted) => this.access.token(isDoubted),
        });
        this.catchUp = new CatchUp(this, this.socket);
        this.socket.onFrame = (frame) => this.receive(frame);
        this.socket.onLine = (line) => this.line(line);
        this.socket.onFinal = (final) => {
            if (final === 'ended') this.access.end('ended');
            else useSession.setState({ stopped: final });
        };
        this.outbox = new Outbox({
            tab: this.tabs.id,
            send: (frame) => this.socket.send(frame),
            onChange: (outbox) => useConversations.setState({ outbox }),
            onAck: (entry, ack) => this.confirm(entry, ack),
            onFailed: (entry) => this.onFailed(entry),
            onUnsafe: () => this.onUnsafe(),
        });
        this.access.onIn = (user) => void this.enter(user);
        this.access.onOut = (reason) => void this.leave(reason);
        this.tabs.onOrphans = () => void this.adopt();
    }

    get me(): number {
        return useSession.getState().me?.id ?? 0;
    }

    /** For the user whom this browser remembers, or who has just been let in. */
    async start(user: number): Promise<void> {
        if (this.isStarted) return;
        this.isStarted = true;
        addEventListener('online', () => this.hurry());
        addEventListener('offline', () => this.socket.doubt());
        addEventListener('pageshow', () => this.hurry());
        addEventListener('pagehide', () => void this.copies.write());
        document.addEventListener('visibilitychange', () => {
            if (document.hidden) void this.copies.write();
            else this.hurry();
        });
        if (this.access.user) return this.enter(this.access.user);
        await this.openCopies(user);
        this.socket.start();
    }

    /** The connection was ended for good; the person wants it back. */
    comeBack(): void {
        useSession.setState({ stopped: null });
        this.socket.start();
    }

    /** The person does not want to wait: what is open and not whole is not worth keeping. */
    reconnect(): void {
        if (this.socket.isOpen && !this.live) this.socket.renew();
        else this.hurry();
    }

    private hurry(): void {
        this.socket.hurry();
        this.catchUp.hurry();
    }

    send(conversation: number, content: string, replyTo: number | null, id: string): void {
        this.outbox.add({
            id,
            kind: 'send',
            conversation,
            message: null,
            content,
            replyTo,
            at: Date.now(),
        });
    }

    revise(message: Message, content: string | null, id: string): void {
        this.outbox.add({
            id,
            kind: content === null ? 'delete' : 'edit',
            conversation: message.conversation,
            message: message.id,
            content: content ?? '',
            replyTo: null,
            at: Date.now(),
        });
    }

    typing(conversation: number, on: boolean): void {
        this.socket.send({ type: 'typing', conversation, on });
    }

    /** False when there is no connection. The answer is the ack, which the daemon sends for the id. */
    choosePresence(status: Status): boolean {
        if (!this.socket.send({ type: 'presence', status, id: uuid7() })) return false;
        this.setStatus(status);
        return true;
    }

    private setStatus(status: Status): void {
        const { me } = useSession.getState();
        if (me && me.status !== status) this.setMe({ ...me, status });
    }

    /** False when there is no connection: the watermark is told after the next one is whole. */
    tellRead(conversation: number, seq: number, word: 'read' | 'received'): boolean {
        const id = `${word}-${conversation}-${seq}`;
        return this.live && this.socket.send({ type: word, conversation, seq, id });
    }

    get live(): boolean {
        return useNetwork.getState().live;
    }

    /** The one conversation with a user, made when there is none. */
    async conversationWith(user: number): Promise<number> {
        for (const each of useConversations.getState().byId.values()) {
            if (each.peer?.id === user) return each.id;
        }
        const body = { with: user };
        const conversation = await this.access.call<Conversation>('/conversations', {
            method: 'POST',
            body,
        });
        this.know(conversation);
        return conversation.id;
    }

    /** Makes sure that a conversation of that number is known. Throws Problem. */
    async ensure(conversation: number): Promise<void> {
        if (useConversations.getState().byId.has(conversation)) {
            return this.catchUp.refresh();
        }
        this.know(await this.access.call<Conversation>(`/conversations/${conversation}`));
    }

    /** A conversation that an answer described, with who is in it; of which something new came, or not. */
    know(found: Conversation, isNews = false): void {
        if (found.peer) this.meet([found.peer]);
        const fresh = !useConversations.getState().byId.has(found.id);
        this.apply((ledger) => {
            ledger.know(found);
            if (isNews && fresh && found.unread > 0 && found.last_message) {
                ledger.news.push(found.last_message);
            }
        });
        if (fresh) this.presences.again();
    }

    setMe(me: OwnUser): void {
        useSession.setState({ me });
        this.meet([me]);
        this.copies.keepOwn(me);
    }

    /** Users that some answer described. */
    meet(users: Iterable<User>): void {
        const known = usePeople.getState();
        const copy = new Map(known.users);
        const presence = new Map(known.presence);
        for (const user of users) {
            copy.set(user.id, user);
            // What is watched is told live, so that an answer never says more.
            if (this.presences.told(user.id)) continue;
            presence.set(user.id, {
                status: user.online ? 'online' : 'offline',
                lastSeen: user.last_seen,
            });
        }
        usePeople.setState({ users: copy, presence });
    }

    /** Changes the ledger outside of a batch of frames. */
    apply(how: (ledger: Ledger) => void): void {
        const ledger = new Ledger(this.me);
        how(ledger);
        this.close(ledger);
    }

    /** The copy of a conversation's newest page that belongs to its present rev. */
    cachedPage(conversation: number) {
        return this.copies.page(conversation);
    }

    private async enter(user: OwnUser): Promise<void> {
        const { phase, me } = useSession.getState();
        if (me && me.id !== user.id) {
            // Somebody else has logged in, in another tab: nothing of the one before may stay.
            location.reload();
            return;
        }
        useSession.setState({ me: { ...user }, ended: false });
        this.meet([user]);
        if (phase === 'in') return;
        await this.openCopies(user.id);
        this.copies.keepOwn(user);
        useSession.setState({ phase: 'in', me: useSession.getState().me ?? user });
        this.socket.start();
    }

    private async openCopies(user: number): Promise<void> {
        const found = await this.copies.open(user).catch(() => null);
        if (!found) return;
        this.outbox.keepIn(found.cache);
        await this.adopt(true);
        if (!found.own || useSession.getState().phase === 'in') return;
        if (!useSession.getState().me) useSession.setState({ me: found.own });
        if (found.conversations.length > 0) this.list(found.conversations);
        useSession.setState({ phase: 'in' });
    }

    private async leave(reason: OutReason): Promise<void> {
        this.socket.stop();
        this.outbox.clear();
        this.inbox = [];
        const user = useSession.getState().me?.id;
        useSession.setState({
            phase: 'out',
            me: null,
            session: null,
            ended: reason === 'ended',
            stopped: null,
        });
        useConversations.setState(useConversations.getInitialState());
        usePeople.setState(usePeople.getInitialState());
        useNetwork.setState({ live: false, banner: false });
        this.presences.forget();
        this.receipts.forget();
        this.pages.forget();
        this.catchUp.forget();
        await this.copies.close(user, reason === 'asked');
    }

    /** What tabs that are gone have left; on getting in also what this one has, when it was let out. */
    private async adopt(own = false): Promise<void> {
        const entries = await this.copies.outbox().catch(() => []);
        if (entries.length === 0) return;
        const living = await this.tabs.living();
        if (own) living.delete(this.tabs.id);
        this.outbox.adopt(entries.filter((entry) => !living.has(entry.owner)));
    }

    /** All conversations that one has, as the daemon or this browser's copy lists them. */
    list(conversations: Conversation[]): void {
        this.meet(conversations.flatMap((each) => (each.peer ? [each.peer] : [])));
        this.apply((ledger) => {
            for (const each of conversations) ledger.know(each);
        });
        useConversations.setState({ ready: true });
    }

    private line(line: Line): void {
        if (line === 'open') return;
        if (line !== 'connecting') {
            // What has come before belongs to what was before: a `resumed`, too.
            this.flush();
            this.catchUp.lost();
            this.presences.lost();
            this.outbox.lose();
            useNetwork.setState({ live: false });
        }
        if (line === 'closed') {
            clearTimeout(this.bannerTimer);
            this.bannerTimer = undefined;
        } else {
            this.bannerTimer ??= setTimeout(() => {
                useNetwork.setState({ banner: !this.live });
            }, bannerAfter);
        }
    }

    private receive(frame: ServerFrame): void {
        this.inbox.push(frame);
        // What somebody waits for, and what no animation frame will come for, is handled at once.
        const atOnce = frame.type === 'ack' || frame.type === 'error' || frame.type === 'welcome';
        if (atOnce || document.hidden) return this.flush();
        this.frame ??= requestAnimationFrame(() => this.flush());
    }

    private flush(): void {
        if (this.frame !== undefined) cancelAnimationFrame(this.frame);
        this.frame = undefined;
        const frames = this.inbox;
        this.inbox = [];
        if (frames.length === 0) return;
        const ledger = new Ledger(this.me);
        this.batch = ledger;
        for (const frame of frames) this.take(frame, ledger);
        this.batch = null;
        this.close(ledger);
    }

    /** The ledger of the batch in hand, which confirmations go into. */
    private batch: Ledger | null = null;

    private take(frame: ServerFrame, ledger: Ledger): void {
        switch (frame.type) {
            case 'welcome':
                this.setMe(frame.user);
                useSession.setState({ session: frame.session });
                void this.catchUp.resume();
                return;
            case 'dm':
            case 'message':
                ledger.live(frame);
                this.type(frame.conversation, frame.from, false);
                return;
            case 'edited':
            case 'deleted':
                return ledger.edited(frame);
            case 'receipt':
                ledger.receipt(frame.conversation, frame);
                if (frame.user === this.me) {
                    this.receipts.moved(frame.conversation, frame.read, ledger);
                }
                return;
            case 'changes':
                if (frame.conversation_info?.peer) this.meet([frame.conversation_info.peer]);
                return this.catchUp.changes(frame, ledger);
            case 'resumed':
                return this.resumed(ledger);
            case 'presence':
                if (frame.users) this.presences.apply(frame.users);
                return;
            case 'typing':
                return this.type(frame.conversation, frame.user, frame.on);
            case 'ack':
                if (frame.status) this.setStatus(frame.status);
                this.outbox.handle(frame);
                return;
            case 'error':
                if (this.outbox.handle(frame) || this.receipts.refused(frame)) return;
                return this.catchUp.refused(frame);
            case 'pong':
                return;
        }
    }

    private close(ledger: Ledger): void {
        ledger.commit();
        for (const id of ledger.dirty) this.copies.mark(id, this.tabs.leads);
        this.catchUp.settle(ledger);
        for (const id of ledger.untold) this.receipts.untold(id, ledger.readBy(id));
        if (ledger.news.length > 0) {
            this.receipts.received(ledger.news);
            this.onNews(ledger.news);
        }
    }

    private resumed(ledger: Ledger): void {
        this.catchUp.resumed(ledger);
        clearTimeout(this.bannerTimer);
        this.bannerTimer = undefined;
        useNetwork.setState({ live: true, banner: false });
        this.presences.again();
        this.receipts.again();
        this.outbox.open();
    }

    private confirm(entry: OutboxEntry, ack: Ack): void {
        const apply = (ledger: Ledger) => confirmIn(ledger, entry, ack, this.me);
        if (this.batch) apply(this.batch);
        else this.apply(apply);
        // The bubble of the entry and the message's own change places in one drawing.
        this.batch?.commit();
    }

    private type(conversation: number, user: number, on: boolean): void {
        const { typing } = useConversations.getState();
        const now = typing.get(conversation) ?? new Map<number, number>();
        if (!on && !now.has(user)) return;
        const users = withEntry(now, user, on ? Date.now() + typingLasts : undefined);
        useConversations.setState({
            typing: withEntry(typing, conversation, users.size > 0 ? users : undefined),
        });
        if (!on) return;
        setTimeout(() => {
            const until = useConversations.getState().typing.get(conversation)?.get(user) ?? 0;
            if (until <= Date.now()) this.type(conversation, user, false);
        }, typingLasts + 50);
    }
}
