import { Eye, EyeOff } from 'lucide-react';
import { useId, useState, type InputHTMLAttributes, type ReactNode } from 'react';
import { useSpeech } from '@/lib/texts';

type Props = InputHTMLAttributes<HTMLInputElement> & {
    label: string;
    note?: string | undefined;
    hint?: ReactNode;
    fault?: string | undefined;
    end?: ReactNode;
};

/** A labelled input with its hint, and what is wrong with it. */
export function Field({ label, note, hint, fault, end, ...input }: Props) {
    const id = useId();
    const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
    return (
        <div className="flex flex-col gap-1.5">
            <label htmlFor={id} className="text-sm font-medium">
                {label}
                {note && <span className="font-normal text-muted"> ({note})</span>}
            </label>
            <div className="relative flex">
                <input
                    id={id}
                    className={`field ${end ? 'pr-12' : ''}`}
                    aria-invalid={fault ? true : undefined}
                    aria-describedby={described || undefined}
                    {...input}
                />
                {end && <div className="absolute inset-y-0 right-1 flex items-center">{end}</div>}
            </div>
            {hint && (
                <div id={`${id}-hint`} className="text-sm text-muted">
                    {hint}
                </div>
            )}
            {fault && (
                <p id={`${id}-fault`} role="alert" className="text-sm text-danger">
                    {fault}
                </p>
            )}
        </div>
    );
}

/** A password that can be looked at. */
export function PasswordField(props: Props) {
    const [shown, setShown] = useState(false);
    const { t } = useSpeech();
    return (
        <Field
            {...props}
            type={shown ? 'text' : 'password'}
            autoCapitalize="none"
            spellCheck={false}
            maxLength={1024}
            end={
                <button
                    type="button"
                    aria-label={shown ? t.hidePassword : t.showPassword}
                    aria-pressed={shown}
                    className="flex size-9 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
                    onClick={() => setShown(!shown)}
                >
                    {shown ? <EyeOff size={18} /> : <Eye size={18} />}
                </button>
            }
        />
    );
}

/** 0 too short … 4 strong: by length and by how many kinds of characters there are. */
export function strengthOf(password: string, least: number): number {
    const length = [...password].length;
    if (length < least) return 0;
    const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) =>
        kind.test(password),
    ).length;
    if (new Set(password).size < 5) return 1;
    const points = (length - least) / 3 + kinds;
    return points < 2 ? 1 : points < 3.5 ? 2 : points < 5 ? 3 : 4;
}

const bars = ['bg-busy', 'bg-away', 'bg-online', 'bg-online'];

export function Strength({ password, least }: { password: string; least: number }) {
    const { t } = useSpeech();
    const strength = strengthOf(password, least);
    // How many characters are needed is said until there are as many.
    if (strength === 0) return <span>{t.passwordHint(least)}</span>;
    return (
        <span className="flex items-center gap-2" role="status">
            <span aria-hidden="true" className="flex flex-1 gap-1">
                {[1, 2, 3, 4].map((step) => (
                    <span
                        key={step}
                        className={`h-1 flex-1 rounded-full ${step <= strength ? bars[strength - 1] : 'bg-line'}`}
                    />
                ))}
            </span>
            <span className="min-w-16 text-right">{t.strength[strength - 1]}</span>
        </span>
    );
}
