import { speak } from '@/lib/texts';
import { toast } from '@/store/toasts';

/** Registers the service worker of a build; a new version waits until the page is loaded again. */
export function watchServiceWorker(): void {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    addEventListener('load', () => {
        navigator.serviceWorker.register('/sw.js').then(
            (registration) => {
                registration.addEventListener('updatefound', () => {
                    const next = registration.installing;
                    next?.addEventListener('statechange', () => {
                        if (next.state !== 'installed' || !navigator.serviceWorker.controller)
                            return;
                        next.postMessage('take over');
                        toast(speak().t.newVersion);
                    });
                });
            },
            () => {}, // Private windows have none; Salon works without.
        );
    });
}
