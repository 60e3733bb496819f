// What a browser keeps of IndexedDB, as far as `idb` is asked for it here: writes take their time, in
// order, and a page that ends takes those with it that have not begun.

const stores = ['outbox', 'conversations', 'pages', 'own'] as const;
const keyOf: Record<string, string> = { outbox: 'id', conversations: 'id', pages: 'conversation' };

export class Disk {
    private readonly kept = new Map<string, Map<unknown, unknown>>();
    private page = 0;

    constructor(private readonly wait: () => Promise<unknown>) {
        for (const store of stores) this.kept.set(store, new Map());
    }

    /** The page that has it open ends. */
    leave(): void {
        this.page += 1;
    }

    open() {
        const page = this.page;
        let last: Promise<unknown> = Promise.resolve();
        const inTurn = <T>(what: () => T): Promise<T> => {
            const done = last.then(this.wait).then(() => {
                if (page !== this.page) return new Promise<never>(() => {});
                return what();
            });
            last = done;
            return done;
        };
        const put = (store: string, value: object, key?: unknown) => {
            const copy = structuredClone(value) as Record<string, unknown>;
            this.kept.get(store)!.set(key ?? copy[keyOf[store]!], copy);
        };
        return {
            close: () => {},
            get: (store: string, key: unknown) =>
                inTurn(() => structuredClone(this.kept.get(store)!.get(key))),
            getAll: (store: string) =>
                inTurn(() => structuredClone([...this.kept.get(store)!.values()])),
            put: (store: string, value: object, key?: unknown) =>
                inTurn(() => put(store, value, key)),
            delete: (store: string, key: unknown) =>
                inTurn(() => this.kept.get(store)!.delete(key)),
            transaction: (names: string | string[]) => {
                const writes: (() => void)[] = [];
                const objectStore = (name: string) => ({
                    put: (value: object) => writes.push(() => put(name, value)),
                    clear: () => writes.push(() => this.kept.get(name)!.clear()),
                });
                const store = objectStore([names].flat()[0]!);
                const done = inTurn(() => writes.forEach((write) => write()));
                return { objectStore, store, done };
            },
        };
    }
}
