import { WifiOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/Button';
import { engine } from '@/lib/engine';
import { useSpeech } from '@/lib/texts';
import { useNetwork, useSession } from '@/store/state';
import { toast } from '@/store/toasts';

/** That there is no connection, once that is worth a word. */
export function Banner() {
    const { t } = useSpeech();
    const banner = useNetwork((network) => network.banner);
    const stopped = useSession((session) => session.stopped);
    const was = useRef(false);
    useEffect(() => {
        if (was.current && !banner) toast(t.connected);
        was.current = banner;
    }, [banner, t]);
    const isShown = banner || stopped;
    return (
        <div role="status">
            {isShown && (
                <div className="flex flex-wrap items-center justify-center gap-x-3 gap-y-1 bg-notice px-4 py-1.5 text-sm text-notice-ink">
                    <WifiOff size={16} aria-hidden="true" className="shrink-0" />
                    <span className="min-w-[min(10rem,80%)] flex-1 sm:flex-none">
                        {stopped ? t.stopped[stopped] : t.reconnecting}
                    </span>
                    <Button
                        look="quiet"
                        className="min-h-8 px-2 py-0.5 text-notice-ink underline hover:bg-transparent"
                        onClick={() => (stopped ? engine.comeBack() : engine.reconnect())}
                    >
                        {stopped === 'replaced' ? t.useHere : t.retryNow}
                    </Button>
                </div>
            )}
        </div>
    );
}
