import { Component, useEffect, useRef, type ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { later } from '@/components/ui/later';
import { Toasts } from '@/components/ui/Toasts';
import { Login } from '@/features/login/Login';
import { go, usePath } from '@/lib/route';
import { speak } from '@/lib/texts';
import { useSession } from '@/store/state';

// Everything behind the login is a second load, which starts while the person types the password.
export const Shell = later(() => import('./Shell').then((part) => part.default));

export function App() {
    const phase = useSession((session) => session.phase);
    const path = usePath();
    const ended = useSession((session) => session.ended);
    const wasIn = useRef(false);
    const isDoor = path === '/login' || path === '/register';
    if (phase !== 'in') void Shell.load().catch(() => {});
    useEffect(() => {
        if (phase === 'in' && isDoor) go('/', { replace: true });
    }, [phase, isDoor]);
    // Who logs out is done with where they were; who was thrown out goes on there.
    useEffect(() => {
        if (phase === 'out' && wasIn.current && !ended) go('/', { replace: true });
        wasIn.current = phase === 'in';
    }, [phase, ended]);
    return (
        <Wall>
            {phase === 'out' && <Login />}
            {phase === 'in' && !isDoor && <Shell />}
            <Toasts />
        </Wall>
    );
}

/** What no part of the screen has caught. */
class Wall extends Component<{ children: ReactNode }, { broken: boolean }> {
    override state = { broken: false };

    static getDerivedStateFromError() {
        return { broken: true };
    }

    override render() {
        if (!this.state.broken) return this.props.children;
        const { t } = speak();
        return (
            <main className="flex h-full flex-col items-center justify-center gap-4 p-6 text-center">
                <h1 className="text-lg font-semibold">{t.crashed}</h1>
                <Button look="solid" onClick={() => location.reload()}>
                    {t.reload}
                </Button>
            </main>
        );
    }
}
