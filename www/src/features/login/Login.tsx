import { useEffect, useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/Button';
import { Field, PasswordField, Strength } from '@/components/ui/Field';
import { access } from '@/lib/access';
import { Link, usePath } from '@/lib/route';
import { useServer } from '@/lib/server';
import { explain, useSpeech } from '@/lib/texts';
import { call, Problem } from '@/protocol/http';
import type { Admission } from '@/protocol/types';
import { useSession } from '@/store/state';

// Logging in and registering: one page each, each with a way to the other. The form is the
// browser's own, so that password managers know it; the daemon has the last word on every field.

/** `words` is what a refusal without a field means here, by its code. */
function useForm(path: string, words: Record<string, string>) {
    const speech = useSpeech();
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);
    const faultOf = (field: string) => {
        const fault = problem?.faults.find((each) => each.field === field);
        return fault && (speech.t.faults[fault.code] ?? fault.detail);
    };
    async function submit(event: FormEvent<HTMLFormElement>) {
        event.preventDefault();
        const form = event.currentTarget;
        const body = Object.fromEntries(
            [...new FormData(form)].filter(([, value]) => value !== ''),
        );
        setBusy(true);
        setProblem(null);
        try {
            access.admit(await call<Admission>(path, { method: 'POST', body }));
        } catch (error) {
            setProblem(error instanceof Problem ? error : new Problem('internal', String(error)));
            setBusy(false);
            requestAnimationFrame(() => {
                form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
            });
        }
    }
    let message: string | null = null;
    if (problem && problem.faults.length === 0) {
        message = words[problem.code] ?? explain(problem, speech);
    }
    return { busy, message, faultOf, submit };
}

function Frame({ title, children }: { title: string; children: React.ReactNode }) {
    useEffect(() => {
        document.title = `${title} · Salon`;
    }, [title]);
    return (
        <main className="scroll flex h-full flex-col items-center bg-ground px-4 py-8">
            <div className="m-auto w-full max-w-sm">
                <img src="/icon.svg" alt="Salon" width="56" height="56" className="mx-auto" />
                <h1 className="mt-5 mb-6 text-center text-2xl font-semibold tracking-tight">
                    {title}
                </h1>
                <div className="rounded-2xl border border-line bg-surface p-6 shadow-[0_8px_32px_var(--shadow)]">
                    {children}
                </div>
            </div>
        </main>
    );
}

function Trouble({ text }: { text: string | null }) {
    return (
        <div role="alert" className="empty:-mb-4">
            {text && (
                <p className="rounded-lg bg-danger-ground px-3 py-2.5 text-sm text-danger">
                    {text}
                </p>
            )}
        </div>
    );
}

function LogIn() {
    const { t } = useSpeech();
    const ended = useSession((session) => session.ended);
    const { busy, message, faultOf, submit } = useForm('/auth/login', {
        unauthorized: t.wrongLogin,
        forbidden: t.disabledLogin,
    });
    return (
        <Frame title={t.logInTitle}>
            <form className="flex flex-col gap-4" onSubmit={submit}>
                {ended && !message && (
                    <p
                        role="status"
                        className="rounded-lg bg-notice px-3 py-2.5 text-sm text-notice-ink"
                    >
                        {t.sessionEnded}
                    </p>
                )}
                <Trouble text={message} />
                <Field
                    label={t.usernameOrEmail}
                    name="login"
                    autoComplete="username"
                    autoCapitalize="none"
                    spellCheck={false}
                    required
                    fault={faultOf('login')}
                />
                <PasswordField
                    label={t.password}
                    name="password"
                    autoComplete="current-password"
                    required
                    fault={faultOf('password')}
                />
                <Button look="solid" type="submit" disabled={busy} className="mt-1">
                    {busy ? t.working : t.logIn}
                </Button>
            </form>
            <p className="mt-5 text-center text-sm text-muted">
                {t.noAccount}{' '}
                <Link
                    href="/register"
                    className="inline-block font-medium text-accent underline underline-offset-2"
                >
                    {t.register}
                </Link>
            </p>
        </Frame>
    );
}

function Register() {
    const { t } = useSpeech();
    const server = useServer();
    const isClosed = server.registration === 'closed';
    // The link of an invitation brings its code.
    const invitation = new URLSearchParams(location.search).get('invitation') ?? '';
    const [password, setPassword] = useState('');
    const { busy, message, faultOf, submit } = useForm('/auth/register', {
        forbidden: t.closedRegistration,
    });
    return (
        <Frame title={t.registerTitle}>
            <form className="flex flex-col gap-4" onSubmit={submit}>
                <Trouble text={message} />
                {isClosed && (
                    <Field
                        label={t.invitation}
                        name="invitation"
                        defaultValue={invitation}
                        autoComplete="off"
                        autoCapitalize="none"
                        spellCheck={false}
                        required
                        hint={t.invitationHint}
                        fault={faultOf('invitation')}
                    />
                )}
                <Field
                    label={t.username}
                    name="username"
                    autoComplete="username"
                    autoCapitalize="none"
                    spellCheck={false}
                    required
                    hint={t.usernameHint}
                    fault={faultOf('username')}
                />
                {server.email !== 'off' && (
                    <Field
                        label={t.email}
                        note={server.email === 'optional' ? t.optional : undefined}
                        name="email"
                        type="email"
                        autoComplete="email"
                        required={server.email === 'required'}
                        fault={faultOf('email')}
                    />
                )}
                <PasswordField
                    label={t.password}
                    name="password"
                    autoComplete="new-password"
                    required
                    value={password}
                    onChange={(event) => setPassword(event.target.value)}
                    hint={<Strength password={password} least={server.password_min} />}
                    fault={faultOf('password')}
                />
                <Button look="solid" type="submit" disabled={busy} className="mt-1">
                    {busy ? t.working : t.register}
                </Button>
            </form>
            <p className="mt-5 text-center text-sm text-muted">
                {t.haveAccount}{' '}
                <Link
                    href="/login"
                    className="inline-block font-medium text-accent underline underline-offset-2"
                >
                    {t.logIn}
                </Link>
            </p>
        </Frame>
    );
}

export function Login() {
    return usePath() === '/register' ? <Register /> : <LogIn />;
}
