import { Component, lazy, Suspense, type ReactNode } from 'react';
import { Redirect, useLocation } from 'wouter';
import { Button } from '@/components/ui/Button';
import { Toasts } from '@/components/ui/Toasts';
import { Login } from '@/features/login/Login';
import { speak } from '@/lib/texts';
import { useSession } from '@/store/state';

// Everything behind the login is a second load, which starts while the person types the password.
const loadShell = () => import('./Shell');
const Shell = lazy(loadShell);

export function App() {
    const phase = useSession((session) => session.phase);
    const [path] = useLocation();
    if (phase !== 'in') void loadShell();
    return (
        <Wall>
            {phase === 'out' && <Login />}
            {phase === 'in' &&
                (path === '/login' || path === '/register' ? (
                    <Redirect to="/" replace />
                ) : (
                    <Suspense fallback={null}>
                        <Shell />
                    </Suspense>
                ))}
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
