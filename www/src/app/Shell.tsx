import { MessageCircle, Search, Settings as Cog, Users } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Announcer } from '@/components/ui/Announcer';
import { Avatar } from '@/components/ui/Avatar';
import { Button, IconButton } from '@/components/ui/Button';
import { later } from '@/components/ui/later';
import { Notice } from '@/components/ui/Notice';
import { RowSkeletons } from '@/components/ui/Skeleton';
import { Conversation } from '@/features/conversation/Conversation';
import { Conversations } from '@/features/conversations/Conversations';
import { Home } from '@/features/home/Home';
import { go, Link, usePath, within } from '@/lib/route';
import { useSpeech } from '@/lib/texts';
import type { Shown } from '@/protocol/types';
import { totalUnread, useConversations, useSession } from '@/store/state';
import { Banner } from './Banner';
import { useNews } from './news';

const Settings = later(() => import('@/features/settings/Settings').then((part) => part.Settings));

const loadPeople = () => import('@/features/people');
const People = later(() => loadPeople().then((part) => part.People));
const Switcher = later(() => loadPeople().then((part) => part.Switcher));
const PersonDoor = later(() => loadPeople().then((part) => part.PersonDoor));

// The frame of everything behind the login: a side with the lists, and the place for one thing. On
// a phone one of the two is to be seen.

function Tab({
    href,
    label,
    icon,
    isHere,
    count = 0,
}: {
    href: string;
    label: string;
    icon: ReactNode;
    isHere: boolean;
    count?: number;
}) {
    const { t, many } = useSpeech();
    return (
        <Link
            href={href}
            aria-current={isHere ? 'page' : undefined}
            className={`relative flex min-h-12 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-xl px-1 py-1.5 text-xs font-medium ${isHere ? 'bg-chosen text-accent' : 'text-muted hover:bg-hover'}`}
        >
            {icon}
            <span className="max-w-full truncate">{label}</span>
            {count > 0 && (
                <span className="absolute top-1 left-1/2 ml-1.5 min-w-4 rounded-full bg-solid px-1 text-center text-[0.65rem] leading-4 font-semibold text-white">
                    <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
                    <span className="sr-only">{t.unread(many(count))}</span>
                </span>
            )}
        </Link>
    );
}

function Tabs({ place }: { place: 'chats' | 'people' | 'settings' }) {
    const { t } = useSpeech();
    const unread = useConversations(totalUnread);
    return (
        <nav
            aria-label={t.nav}
            className="flex gap-1 border-line px-3 py-2 max-md:order-last max-md:border-t max-md:pb-[max(0.5rem,env(safe-area-inset-bottom))]"
        >
            <Tab
                href="/"
                label={t.chats}
                icon={<MessageCircle size={20} aria-hidden="true" />}
                isHere={place === 'chats'}
                count={unread}
            />
            <Tab
                href="/people"
                label={t.people}
                icon={<Users size={20} aria-hidden="true" />}
                isHere={place === 'people'}
            />
            <Tab
                href="/settings"
                label={t.settings}
                icon={<Cog size={20} aria-hidden="true" />}
                isHere={place === 'settings'}
            />
        </nav>
    );
}

function Own({ onSearch }: { onSearch: () => void }) {
    const { t } = useSpeech();
    const me = useSession((session) => session.me);
    if (!me) return null;
    const status: Shown = me.status === 'invisible' ? 'offline' : (me.status ?? 'online');
    return (
        <header className="flex items-center gap-3 border-line px-5 pt-4 pb-2 max-md:border-b max-md:py-3">
            <Avatar user={me} size={40} status={status} />
            <div className="min-w-0 flex-1">
                <p className="truncate font-semibold">{me.display_name}</p>
                <p className="truncate text-sm text-muted">@{me.username}</p>
            </div>
            <IconButton
                label={t.keySearch}
                aria-keyshortcuts="Control+K"
                className="-mr-2"
                onClick={onSearch}
            >
                <Search size={20} aria-hidden="true" />
            </IconButton>
        </header>
    );
}

/** The number in an address; null when it is none. */
const idOf = (text: string | null): number | null =>
    text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;

/** An address of Salon that leads nowhere. */
function Nowhere() {
    const { t } = useSpeech();
    return (
        <Notice words={t.nowhere}>
            <Button look="solid" onClick={() => go('/', { replace: true })}>
                {t.toChats}
            </Button>
        </Notice>
    );
}

export default function Shell() {
    const { t } = useSpeech();
    const path = usePath();
    const conversation = within(path, '/c/');
    const person = within(path, '/people/');
    const open = idOf(conversation);
    const chosen = idOf(person);
    const isSettings = path === '/settings';
    const isPeople = path === '/people' || chosen !== null;
    useNews(open);
    const [isSwitching, setSwitching] = useState(false);
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
            if (!isCommand || event.key.toLowerCase() !== 'k') return;
            event.preventDefault();
            setSwitching(true);
        };
        document.addEventListener('keydown', onKey);
        return () => document.removeEventListener('keydown', onKey);
    }, []);
    useEffect(() => {
        // What comes next is loaded while there is nothing else to do.
        const load = (...parts: { load: () => Promise<void> }[]) => {
            for (const part of parts) part.load().catch(() => {});
        };
        const people = setTimeout(() => load(People, PersonDoor, Switcher), 500);
        const rest = setTimeout(() => load(Settings), 3000);
        return () => {
            clearTimeout(people);
            clearTimeout(rest);
        };
    }, []);

    // On a phone the place is hidden while the person chooses from a list.
    const isNowhere = path !== '/' && open === null && !isPeople && !isSettings;
    const isPlace = open !== null || isSettings || chosen !== null || isNowhere;
    let content = <Home />;
    if (open !== null) content = <Conversation key={open} id={open} />;
    else if (chosen !== null) content = <PersonDoor id={chosen} />;
    else if (isSettings) content = <Settings />;
    else if (isNowhere) content = <Nowhere />;
    return (
        <div className="flex h-dvh flex-col bg-ground">
            <a
                href="#place"
                className="sr-only z-50 rounded-lg bg-raised px-4 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
                onClick={(event) => {
                    event.preventDefault();
                    document.getElementById('place')?.focus();
                }}
            >
                {t.skip}
            </a>
            <Banner />
            <main className="flex min-h-0 flex-1">
                <div
                    className={`flex w-full flex-col border-line bg-panel md:w-84 md:shrink-0 md:border-r ${isPlace ? 'max-md:hidden' : ''}`}
                >
                    {!isPlace && (
                        <h1 className="sr-only md:hidden">{isPeople ? t.people : t.chats}</h1>
                    )}
                    <Own onSearch={() => setSwitching(true)} />
                    <Tabs place={isPeople ? 'people' : isSettings ? 'settings' : 'chats'} />
                    {isPeople ? (
                        <People fallback={<RowSkeletons />} />
                    ) : (
                        <Conversations open={open} welcome={<Home />} />
                    )}
                </div>
                <div
                    id="place"
                    tabIndex={-1}
                    className={`min-w-0 flex-1 bg-surface outline-none ${isPlace ? '' : 'max-md:hidden'}`}
                >
                    {content}
                </div>
            </main>
            {isSwitching && <Switcher onClose={() => setSwitching(false)} />}
            <Announcer />
        </div>
    );
}
