import { useEffect } from 'react';
import { announce } from '@/components/ui/Announcer';
import { engine } from '@/lib/engine';
import { plain } from '@/lib/markdown';
import { go } from '@/lib/route';
import { explain, speak, useSpeech } from '@/lib/texts';
import { Problem } from '@/protocol/http';
import type { Message } from '@/protocol/types';
import { useSettings } from '@/store/settings';
import { totalUnread, useConversations, usePeople } from '@/store/state';
import { toast } from '@/store/toasts';
import { badge } from './favicon';
import { chime } from './chime';

// What tells somebody who is not looking: the title, the icon, the announcer, and, when the person
// has agreed and the window is hidden, a notification and a soft sound from one of the tabs.

const longest = 140;
/** Milliseconds that the number of unread messages has to stay before the title says it. */
const calm = 250;

function notify(message: Message, name: string, text: string): void {
    const path = `/c/${message.conversation}`;
    const options = {
        body: text,
        tag: `salon-${message.conversation}`,
        icon: '/icon-192.png',
        data: { path },
    };
    void navigator.serviceWorker?.getRegistration().then((registration) => {
        if (registration?.active) return registration.showNotification(name, options);
        const shown = new Notification(name, options);
        shown.onclick = () => {
            window.focus();
            go(path);
            shown.close();
        };
        return undefined;
    });
}

async function withdraw(tag: string): Promise<void> {
    const registration = await navigator.serviceWorker?.getRegistration();
    const old = await registration?.getNotifications({ tag });
    for (const each of old ?? []) each.close();
}

async function tell(news: Message[], open: number | null): Promise<void> {
    const { t, many } = speak();
    const { users } = usePeople.getState();
    const { notify: wanted, sound } = useSettings.getState();
    const isHidden = document.hidden || !document.hasFocus();
    const latest = new Map<number, Message>();
    for (const message of news) {
        const name = users.get(message.from)?.display_name ?? '';
        const text = plain(message.content ?? '').slice(0, longest);
        latest.set(message.conversation, message);
        if (message.conversation === open || isHidden) {
            announce(t.announce(name, text), (count) => t.announceMany(many(count)));
        } else {
            announce(t.announceMany(many(1)), (count) => t.announceMany(many(count)));
        }
    }
    if (!isHidden || !wanted || !engine.tabs.leads || (await engine.tabs.isLookedAt())) return;
    for (const message of latest.values()) {
        const name = users.get(message.from)?.display_name ?? 'Salon';
        if ('Notification' in window && Notification.permission === 'granted') {
            notify(message, name, plain(message.content ?? '').slice(0, longest));
        }
    }
    if (sound) chime();
}

export function useNews(open: number | null): void {
    const { t } = useSpeech();
    const unread = useConversations(totalUnread);
    const peer = useConversations((state) =>
        open === null ? null : state.byId.get(open)?.peer?.id,
    );
    const name = usePeople((people) => (peer ? people.users.get(peer)?.display_name : undefined));

    useEffect(() => {
        // What is read as it comes would make the title flicker, and both are the browser's work.
        const timer = setTimeout(() => {
            document.title = `${unread > 0 ? `(${unread}) ` : ''}${name ? `${name} · ` : ''}Salon`;
            badge(unread > 0);
        }, calm);
        return () => clearTimeout(timer);
    }, [unread, name]);
    // What is read here needs no notification any more.
    const isRead = useConversations((state) => open !== null && state.byId.get(open)?.unread === 0);
    useEffect(() => {
        if (isRead) void withdraw(`salon-${open}`);
    }, [open, isRead]);
    useEffect(() => {
        engine.onNews = (news) => void tell(news, open);
        engine.onFailed = (entry) => {
            if (entry.conversation === open) return;
            toast(
                `${t.failed}. ${explain(new Problem(entry.code ?? '', entry.detail ?? ''), speak())}`,
                'bad',
            );
        };
        engine.onUnsafe = () => toast(t.unsafe, 'bad');
    }, [open, t]);
    useEffect(() => {
        const onMessage = (event: MessageEvent<{ go?: string }>) => {
            if (typeof event.data?.go === 'string') go(event.data.go);
        };
        navigator.serviceWorker?.addEventListener('message', onMessage);
        return () => navigator.serviceWorker?.removeEventListener('message', onMessage);
    }, []);
}
