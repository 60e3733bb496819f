let context: AudioContext | null = null;

/** Two soft notes, made here: no file, and quiet. */
export function chime(): void {
    try {
        context ??= new AudioContext();
        void context.resume();
        const start = context.currentTime;
        [659.25, 880].forEach((frequency, note) => {
            const oscillator = context!.createOscillator();
            const gain = context!.createGain();
            const at = start + note * 0.11;
            oscillator.type = 'sine';
            oscillator.frequency.value = frequency;
            gain.gain.setValueAtTime(0, at);
            gain.gain.linearRampToValueAtTime(0.06, at + 0.015);
            gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
            oscillator.connect(gain).connect(context!.destination);
            oscillator.start(at);
            oscillator.stop(at + 0.4);
        });
    } catch {
        // A browser that plays nothing before the first click.
    }
}
