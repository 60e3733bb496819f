// The shell works without a connection: its files are kept under the digest of the build, the page
// itself is asked for first and taken from the copy when nobody answers. What people write is not
// here but in IndexedDB; calls to the daemon are never touched.

declare const __SHELL__: string[];
declare const __VERSION__: string;
declare const self: ServiceWorkerGlobalScope;

const name = `salon-${__VERSION__}`;
const patience = 3000;

self.addEventListener('install', (event) => {
    event.waitUntil(caches.open(name).then((cache) => cache.addAll(__SHELL__)));
});

self.addEventListener('activate', (event) => {
    event.waitUntil(
        (async () => {
            const old = (await caches.keys()).filter(
                (key) => key.startsWith('salon-') && key !== name,
            );
            await Promise.all(old.map((key) => caches.delete(key)));
            await self.clients.claim();
        })(),
    );
});

self.addEventListener('message', (event) => {
    if (event.data === 'take over') void self.skipWaiting();
});

async function page(request: Request): Promise<Response> {
    const kept = await caches.match('/', { cacheName: name });
    try {
        const limit = AbortSignal.timeout(patience);
        const answer = await fetch(request, kept ? { signal: limit } : {});
        return answer.status < 500 || !kept ? answer : kept;
    } catch (error) {
        if (kept) return kept;
        throw error;
    }
}

async function asset(request: Request): Promise<Response> {
    return (await caches.match(request, { cacheName: name })) ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== self.location.origin) return;
    if (/^\/(api|ws|health|metrics)(\/|$)/.test(url.pathname)) return;
    if (request.mode === 'navigate') event.respondWith(page(request));
    else event.respondWith(asset(request));
});

self.addEventListener('notificationclick', (event) => {
    event.notification.close();
    const path = String((event.notification.data as { path?: string } | null)?.path ?? '/');
    event.waitUntil(
        (async () => {
            const windows = await self.clients.matchAll({ type: 'window' });
            const open = windows[0];
            if (!open) return void (await self.clients.openWindow(path));
            await open.focus();
            open.postMessage({ go: path });
        })(),
    );
});

export {};
