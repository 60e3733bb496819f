import { create } from 'zustand';

export interface Toast {
    id: number;
    text: string;
    tone: 'calm' | 'bad';
}

let last = 0;

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

/** At most three at a time; each stays long enough to be read twice. */
export function toast(text: string, tone: Toast['tone'] = 'calm'): void {
    const id = ++last;
    const others = useToasts.getState().toasts.filter((each) => each.text !== text);
    useToasts.setState({ toasts: [...others, { id, text, tone }].slice(-3) });
    setTimeout(() => dismiss(id), 4000 + text.length * 60);
}

export function dismiss(id: number): void {
    useToasts.setState({ toasts: useToasts.getState().toasts.filter((each) => each.id !== id) });
}
