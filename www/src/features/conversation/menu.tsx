import { Copy, CornerLeftUp, Pencil, Reply, Trash2 } from 'lucide-react';
import type { MenuItem } from '@/components/ui/Menu';
import { copy } from '@/lib/clipboard';
import type { Speech } from '@/lib/texts';
import { toast } from '@/store/toasts';
import type { Said } from './rows';

interface Deeds {
    onReply: () => void;
    /** To the quoted message, when there is one. */
    onQuoted: (() => void) | null;
    /** What only its sender may do. */
    own: { onEdit: () => void; onDelete: () => void } | null;
}

/** What can be done with a message. */
export function menuOf(said: Said, deeds: Deeds, { t }: Speech): MenuItem[] {
    const { onReply, onQuoted, own } = deeds;
    const take = () =>
        copy(said.content).then((isCopied) =>
            isCopied ? toast(t.copied) : toast(t.notCopied, 'bad'),
        );
    const items: MenuItem[] = [{ label: t.reply, icon: <Reply size={18} />, onChoose: onReply }];
    if (onQuoted) {
        items.push({ label: t.toQuoted, icon: <CornerLeftUp size={18} />, onChoose: onQuoted });
    }
    items.push({ label: t.copy, icon: <Copy size={18} />, onChoose: () => void take() });
    if (own) {
        items.push(
            { label: t.edit, icon: <Pencil size={18} />, onChoose: own.onEdit },
            {
                label: t.delete,
                icon: <Trash2 size={18} />,
                onChoose: own.onDelete,
                isDangerous: true,
            },
        );
    }
    return items;
}
