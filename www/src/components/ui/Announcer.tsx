import { create } from 'zustand';

// One polite voice for what happens elsewhere on the screen. It speaks at most once in a while, so
// that a lively conversation is a summary and not a flood.

const useVoice = create<{ text: string }>(() => ({ text: '' }));
const pause = 1500;
/** Milliseconds after which the words are gone, so that the same words again are a change to be read. */
const shown = 1000;
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** `together` puts several announcements into one sentence. */
export function announce(text: string, together: (count: number) => string): void {
    waiting.push(text);
    timer ??= setTimeout(() => {
        timer = undefined;
        useVoice.setState({ text: waiting.length === 1 ? waiting[0]! : together(waiting.length) });
        waiting = [];
        setTimeout(() => useVoice.setState({ text: '' }), shown);
    }, pause);
}

export function Announcer() {
    const text = useVoice((voice) => voice.text);
    return (
        <div className="sr-only" aria-live="polite" data-announcer>
            {text}
        </div>
    );
}
