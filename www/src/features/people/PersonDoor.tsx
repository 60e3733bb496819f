import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Notice } from '@/components/ui/Notice';
import { BubbleSkeletons } from '@/components/ui/Skeleton';
import { engine } from '@/lib/engine';
import { go } from '@/lib/route';
import { explain, useSpeech } from '@/lib/texts';

/** Somebody was chosen: finds or makes the conversation, and goes there. */
export function PersonDoor({ id }: { id: number }) {
    const speech = useSpeech();
    const [trouble, setTrouble] = useState<string | null>(null);
    const [attempt, setAttempt] = useState(0);
    useEffect(() => {
        let isHere = true;
        setTrouble(null);
        engine.conversationWith(id).then(
            (conversation) => isHere && go(`/c/${conversation}`, { replace: true }),
            (error: unknown) => isHere && setTrouble(explain(error, speech)),
        );
        return () => {
            isHere = false;
        };
    }, [id, attempt, speech]);
    if (trouble === null) {
        return (
            <div className="flex h-full flex-col" aria-busy="true">
                <BubbleSkeletons />
            </div>
        );
    }
    return (
        <Notice words={trouble}>
            <Button onClick={() => go('/people', { replace: true })}>{speech.t.back}</Button>
            <Button look="solid" onClick={() => setAttempt(attempt + 1)}>
                {speech.t.retry}
            </Button>
        </Notice>
    );
}
