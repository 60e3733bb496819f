import { Copy, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/Button';
import { copy } from '@/lib/clipboard';
import { engine } from '@/lib/engine';
import { explain, useSpeech } from '@/lib/texts';
import { toast } from '@/store/toasts';

/** Where registration is by invitation, an administrator makes one: a link that is good once. */
export function Invite() {
    const speech = useSpeech();
    const { t } = speech;
    const [link, setLink] = useState<string | null>(null);
    async function invite() {
        try {
            const body = {};
            const { code } = await engine.access.call<{ code: string }>('/auth/invitations', {
                method: 'POST',
                body,
            });
            setLink(`${location.origin}/register?invitation=${code}`);
        } catch (error) {
            toast(explain(error, speech), 'bad');
        }
    }
    if (!link) {
        return (
            <Button onClick={() => void invite()}>
                <UserPlus size={18} aria-hidden="true" />
                {t.invite}
            </Button>
        );
    }
    return (
        <div className="flex flex-wrap items-center gap-2">
            <input
                readOnly
                aria-label={t.inviteLink}
                value={link}
                onFocus={(event) => event.target.select()}
                className="field flex-1 basis-60"
            />
            <Button
                onClick={() =>
                    void copy(link).then((isCopied) => {
                        if (isCopied) toast(t.copied);
                    })
                }
            >
                <Copy size={18} aria-hidden="true" />
                {t.inviteCopy}
            </Button>
        </div>
    );
}
