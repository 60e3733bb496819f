import { X } from 'lucide-react';
import { useSpeech } from '@/lib/texts';
import { dismiss, useToasts } from '@/store/toasts';

/** Short words at the foot of the window, read aloud as they come. */
export function Toasts() {
    const { toasts } = useToasts();
    const { t } = useSpeech();
    return (
        <div
            role="status"
            aria-live="polite"
            className="pointer-events-none fixed inset-x-0 bottom-24 z-50 flex flex-col items-center gap-2 px-4"
        >
            {toasts.map((toast) => (
                <div
                    key={toast.id}
                    className={`appear pointer-events-auto flex max-w-md items-center gap-2 rounded-xl border py-1 pr-1 pl-4 text-sm shadow-[0_8px_28px_var(--shadow)] ${toast.tone === 'bad' ? 'border-danger bg-danger-ground text-ink' : 'border-line bg-raised'}`}
                >
                    <span className="flex-1 py-1.5">{toast.text}</span>
                    <button
                        type="button"
                        aria-label={t.close}
                        className="flex size-8 items-center justify-center rounded-lg text-muted hover:bg-hover"
                        onClick={() => dismiss(toast.id)}
                    >
                        <X size={16} />
                    </button>
                </div>
            ))}
        </div>
    );
}
