import { ArrowLeft, LogOut } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, IconButton } from '@/components/ui/Button';
import { Confirm } from '@/components/ui/Dialog';
import { PasswordField, Strength } from '@/components/ui/Field';
import { Choice, Switch } from '@/components/ui/Switch';
import { engine } from '@/lib/engine';
import { goBack } from '@/lib/route';
import { useServer } from '@/lib/server';
import { explain, speak, useSpeech } from '@/lib/texts';
import { Problem } from '@/protocol/http';
import type { OwnUser, Status } from '@/protocol/types';
import { forgetDrafts } from '@/store/drafts';
import { choose, useSettings } from '@/store/settings';
import { useConversations, useSession } from '@/store/state';
import { toast } from '@/store/toasts';
import { Invite } from './Invite';
import { Keys } from './Keys';
import { Email, Profile } from './Profile';
import { Sessions } from './Sessions';

// What a person may change: about themself at the daemon, and about this browser here.

function Part({
    title,
    hint,
    className = '',
    children,
}: {
    title: string;
    hint?: string;
    className?: string;
    children: ReactNode;
}) {
    return (
        <section className={`border-t border-line py-6 first-of-type:border-t-0 ${className}`}>
            <h2 className="text-lg font-semibold">{title}</h2>
            {hint && <p className="mt-0.5 text-sm text-muted">{hint}</p>}
            <div className="mt-3">{children}</div>
        </section>
    );
}

function StatusChoice({ me }: { me: OwnUser }) {
    const { t } = useSpeech();
    if (me.status === undefined) return null;
    return (
        <Choice<Status>
            label={t.status}
            hint={t.statusHint}
            value={me.status}
            options={[
                { value: 'online', label: t.online },
                { value: 'away', label: t.away },
                { value: 'busy', label: t.busy },
                { value: 'invisible', label: t.invisible },
            ]}
            onChange={(status) => {
                if (!engine.choosePresence(status)) toast(t.errors['offline']!, 'bad');
            }}
        />
    );
}

function Notifications() {
    const { t } = useSpeech();
    const { notify, sound } = useSettings();
    const isPossible = 'Notification' in window;
    const [permission, setPermission] = useState(isPossible ? Notification.permission : 'denied');
    const isNotifying = notify && permission === 'granted';
    async function change(isOn: boolean) {
        if (isOn && permission !== 'granted') {
            const answer = await Notification.requestPermission();
            setPermission(answer);
            if (answer !== 'granted') return;
        }
        choose({ notify: isOn });
    }
    return (
        <>
            <Switch
                label={t.notify}
                hint={permission === 'denied' ? t.notifyDenied : undefined}
                isOn={isNotifying}
                isDisabled={permission === 'denied'}
                onChange={(isOn) => void change(isOn)}
            />
            <Switch
                label={t.sound}
                isOn={sound && isNotifying}
                isDisabled={!isNotifying}
                onChange={(isOn) => choose({ sound: isOn })}
            />
        </>
    );
}

function Password({ least }: { least: number }) {
    const speech = useSpeech();
    const { t } = speech;
    const [next, setNext] = useState('');
    const [faults, setFaults] = useState<{ current?: string; new?: string }>({});
    const [busy, setBusy] = useState(false);
    const username = useSession((session) => session.me?.username ?? '');

    async function submit(event: FormEvent<HTMLFormElement>) {
        event.preventDefault();
        const form = event.currentTarget;
        const body = Object.fromEntries(new FormData(form));
        delete body['username'];
        setBusy(true);
        try {
            await engine.access.call('/auth/password', { method: 'PUT', body });
            form.reset();
            setNext('');
            setFaults({});
            toast(t.passwordChanged);
        } catch (error) {
            const fault = error instanceof Problem ? error.faults[0] : undefined;
            if (fault) setFaults({ [fault.field]: t.faults[fault.code] ?? fault.detail });
            else if (error instanceof Problem && error.status === 403)
                setFaults({ current: t.wrongPassword });
            else toast(explain(error, speech), 'bad');
        } finally {
            setBusy(false);
        }
    }
    return (
        <form className="flex max-w-sm flex-col gap-4" onSubmit={(event) => void submit(event)}>
            <input
                type="text"
                name="username"
                autoComplete="username"
                value={username}
                readOnly
                hidden
            />
            <PasswordField
                label={t.currentPassword}
                name="current"
                autoComplete="current-password"
                required
                fault={faults.current}
            />
            <PasswordField
                label={t.newPassword}
                name="new"
                autoComplete="new-password"
                required
                value={next}
                onChange={(event) => setNext(event.target.value)}
                hint={<Strength password={next} least={least} />}
                fault={faults.new}
            />
            <Button type="submit" look="plain" disabled={busy} className="self-start">
                {busy ? t.working : t.changePassword}
            </Button>
        </form>
    );
}

function Leave() {
    const { t, many } = useSpeech();
    const unsent = useConversations((state) => state.outbox.length);
    const [asking, setAsking] = useState(false);
    async function leave() {
        const user = engine.me;
        try {
            await engine.access.leave();
            forgetDrafts(user);
        } catch (error) {
            toast(explain(error, speak()), 'bad');
        }
    }
    return (
        <>
            <Button look="danger" onClick={() => (unsent > 0 ? setAsking(true) : void leave())}>
                <LogOut size={18} aria-hidden="true" />
                {t.logOut}
            </Button>
            {asking && (
                <Confirm
                    title={t.logOut}
                    yes={t.logOut}
                    onYes={() => void leave()}
                    onClose={() => setAsking(false)}
                >
                    {t.logOutUnsent(many(unsent))}
                </Confirm>
            )}
        </>
    );
}

export function Settings() {
    const { t } = useSpeech();
    const me = useSession((session) => session.me);
    const settings = useSettings();
    const server = useServer();
    if (!me) return null;
    return (
        <div className="scroll h-full [container-type:size]">
            <div className="mx-auto max-w-2xl px-4 pb-12 sm:px-8">
                {/* Measured in letters: large ones leave no room for what would always be there. */}
                <header className="top-0 z-10 -mx-2 flex min-h-16 flex-wrap items-center gap-2 bg-surface px-2 py-2 [@container(min-height:32rem)]:sticky">
                    <IconButton
                        label={t.back}
                        className="md:hidden"
                        onClick={() => goBack('/', '/people')}
                    >
                        <ArrowLeft size={22} />
                    </IconButton>
                    <h1 className="flex-1 text-2xl font-semibold tracking-tight">{t.settings}</h1>
                    <Leave />
                </header>
                <Part title={t.profile}>
                    <Profile me={me} />
                    {server.email !== 'off' && (
                        <Email me={me} isRequired={server.email === 'required'} />
                    )}
                    <div className="mt-5">
                        <StatusChoice me={me} />
                    </div>
                </Part>
                {me.role === 'admin' && server.registration === 'closed' && (
                    <Part title={t.invitations} hint={t.invitationsHint}>
                        <Invite />
                    </Part>
                )}
                <Part title={t.appearance}>
                    <Choice
                        label={t.theme}
                        value={settings.theme}
                        options={[
                            { value: 'system', label: t.system },
                            { value: 'light', label: t.light },
                            { value: 'dark', label: t.dark },
                        ]}
                        onChange={(theme) => choose({ theme })}
                    />
                    <Choice
                        label={t.language}
                        value={settings.language}
                        options={[
                            { value: 'system', label: t.system },
                            { value: 'en', label: 'English' },
                            { value: 'fr', label: 'Français' },
                        ]}
                        onChange={(language) => choose({ language })}
                    />
                </Part>
                <Part title={t.writing}>
                    <Switch
                        label={t.enterSends}
                        hint={t.enterSendsHint}
                        isOn={settings.enterSends}
                        onChange={(enterSends) => choose({ enterSends })}
                    />
                </Part>
                <Part title={t.keyboard} className="pointer-coarse:hidden">
                    <Keys />
                </Part>
                <Part title={t.notifications}>
                    <Notifications />
                </Part>
                <Part title={t.changePassword}>
                    <Password least={server.password_min} />
                </Part>
                <Part title={t.sessions} hint={t.sessionsHint}>
                    <Sessions />
                </Part>
            </div>
        </div>
    );
}
