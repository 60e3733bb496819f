import { useEffect, useState, type ComponentProps, type FormEvent, type ReactNode } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { Field } from '@/components/ui/Field';
import { palette } from '@/lib/colour';
import { engine } from '@/lib/engine';
import { explain, useSpeech } from '@/lib/texts';
import { Problem } from '@/protocol/http';
import type { OwnUser } from '@/protocol/types';
import { toast } from '@/store/toasts';

// Who one is for others: name and colour; and the address that only the daemon sees.

async function patch(
    change: Partial<Pick<OwnUser, 'display_name' | 'avatar' | 'email'>>,
): Promise<void> {
    const user = await engine.access.call<OwnUser>('/users/me', { method: 'PATCH', body: change });
    engine.setMe(user);
}

interface SavedFieldProps extends Omit<ComponentProps<typeof Field>, 'value' | 'onChange'> {
    saved: string;
    save: (value: string) => Promise<void>;
    action?: string;
    picture?: (value: string) => ReactNode;
}

/** A field of one's account and what saves it; what the daemon does not take is said below it. */
function SavedField({ saved, save, action, picture, ...field }: SavedFieldProps) {
    const speech = useSpeech();
    const { t } = speech;
    const [value, setValue] = useState(saved);
    const [fault, setFault] = useState<string>();
    useEffect(() => setValue(saved), [saved]);

    async function submit(event: FormEvent) {
        event.preventDefault();
        try {
            await save(value);
            setFault(undefined);
            toast(t.saved);
        } catch (error) {
            const code = error instanceof Problem ? error.faults[0]?.code : undefined;
            setFault((code && t.faults[code]) || explain(error, speech));
        }
    }
    return (
        <form className="flex flex-wrap items-end gap-3" onSubmit={(event) => void submit(event)}>
            {picture?.(value)}
            <div className="min-w-[min(12rem,100%)] flex-1">
                <Field
                    {...field}
                    value={value}
                    onChange={(event) => setValue(event.target.value)}
                    fault={fault}
                />
            </div>
            <Button
                type="submit"
                look="solid"
                // Below the field on a phone, where only some fields leave room beside them.
                className="min-h-11 w-full sm:w-auto"
                aria-label={action}
                disabled={value === saved}
            >
                {t.save}
            </Button>
        </form>
    );
}

export function Profile({ me }: { me: OwnUser }) {
    const speech = useSpeech();
    const { t } = speech;
    const paint = (avatar: string | null) =>
        patch({ avatar }).catch((error: unknown) => toast(explain(error, speech), 'bad'));
    return (
        <>
            <SavedField
                label={t.displayName}
                saved={me.display_name}
                save={(name) => patch({ display_name: name })}
                picture={(name) => (
                    <Avatar user={{ ...me, display_name: name || me.display_name }} size={72} />
                )}
                maxLength={64}
                required
                autoComplete="name"
            />
            <div role="group" aria-label={t.avatarColour} className="mt-4 flex flex-wrap gap-2">
                {palette.map((colour, place) => (
                    <button
                        key={colour}
                        type="button"
                        aria-label={t.colours[place]}
                        title={t.colours[place]}
                        aria-pressed={me.avatar === colour}
                        onClick={() => void paint(colour)}
                        style={{ background: colour }}
                        className={`size-9 rounded-full ${me.avatar === colour ? 'ring-2 ring-accent ring-offset-2 ring-offset-surface' : ''}`}
                    />
                ))}
                <Button
                    aria-pressed={me.avatar === null}
                    className={`min-h-9 py-1 ${me.avatar === null ? 'ring-2 ring-accent ring-offset-2 ring-offset-surface' : ''}`}
                    onClick={() => void paint(null)}
                >
                    {t.automatic}
                </Button>
            </div>
        </>
    );
}

export function Email({ me, isRequired }: { me: OwnUser; isRequired: boolean }) {
    const { t } = useSpeech();
    return (
        <div className="mt-5">
            <SavedField
                label={t.email}
                note={isRequired ? undefined : t.optional}
                saved={me.email ?? ''}
                save={(email) => patch({ email: email.trim() || null })}
                action={`${t.save} (${t.email})`}
                type="email"
                maxLength={254}
                required={isRequired}
                autoComplete="email"
            />
        </div>
    );
}
