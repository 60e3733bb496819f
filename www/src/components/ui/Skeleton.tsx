/** Rows of a list whose shape is known before its content is. */
export function RowSkeletons({ rows = 6 }: { rows?: number }) {
    return (
        <div aria-hidden="true" className="flex flex-col gap-1 p-2">
            {Array.from({ length: rows }, (_, row) => (
                <div key={row} className="flex items-center gap-3 p-2">
                    <div className="skeleton size-11 rounded-full" />
                    <div className="flex flex-1 flex-col gap-2">
                        <div className={`skeleton h-3.5 ${row % 2 ? 'w-2/5' : 'w-3/5'}`} />
                        <div className="skeleton h-3 w-4/5" />
                    </div>
                </div>
            ))}
        </div>
    );
}

const widths = ['w-1/2', 'w-2/3', 'w-1/3', 'w-3/5', 'w-2/5', 'w-1/2'];

export function BubbleSkeletons() {
    return (
        <div aria-hidden="true" className="flex flex-1 flex-col justify-end gap-3 p-4">
            {widths.map((width, row) => (
                <div
                    key={row}
                    className={`skeleton h-11 max-w-sm rounded-2xl ${width} ${row % 3 === 2 ? 'self-end' : ''}`}
                />
            ))}
        </div>
    );
}
