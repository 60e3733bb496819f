import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './index.css';
import { App, Shell } from './app/App';
import { applyAppearance } from './app/appearance';
import { watchServiceWorker } from './app/worker';
import { access } from './lib/access';
import { loadTexts } from './lib/texts';
import { Access } from './protocol/access';
import { useSession } from './store/state';

// Whoever is not known here needs the login and nothing else: the engine comes when somebody is in.

async function begin(user: number): Promise<void> {
    const shell = Shell.load().catch(() => {});
    const { engine } = await import('./lib/engine');
    await shell;
    await engine.start(user);
}

applyAppearance();
const user = Access.remembered();
access.onIn = ({ id }) => void begin(id);
if (user === null) useSession.setState({ phase: 'out' });
else void begin(user);

/** A build that has gone took its parts with it. Without a network nothing is gone. */
async function reloadIfReplaced(): Promise<void> {
    const page = await fetch('/', { cache: 'no-store' });
    const text = page.ok ? await page.text() : '';
    if (text && !text.includes(new URL(import.meta.url).pathname)) location.reload();
}
addEventListener('vite:preloadError', () => void reloadIfReplaced().catch(() => {}));

void loadTexts()
    .catch(() => {})
    .then(() => {
        createRoot(document.getElementById('root')!).render(
            <StrictMode>
                <App />
            </StrictMode>,
        );
    });
watchServiceWorker();
