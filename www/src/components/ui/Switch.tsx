import { useId } from 'react';

export function Switch({
    label,
    hint,
    isOn,
    isDisabled = false,
    onChange,
}: {
    label: string;
    hint?: string | undefined;
    isOn: boolean;
    isDisabled?: boolean;
    onChange: (isOn: boolean) => void;
}) {
    const id = useId();
    return (
        <div className="flex items-start justify-between gap-4 py-2">
            <div>
                <span id={id} className="text-sm font-medium">
                    {label}
                </span>
                {hint && (
                    <p id={`${id}-hint`} className="text-sm text-muted">
                        {hint}
                    </p>
                )}
            </div>
            <button
                type="button"
                role="switch"
                aria-checked={isOn}
                aria-labelledby={id}
                aria-describedby={hint ? `${id}-hint` : undefined}
                disabled={isDisabled}
                onClick={() => onChange(!isOn)}
                className={`relative mt-0.5 h-6 w-11 shrink-0 rounded-full transition-colors disabled:opacity-50 ${isOn ? 'bg-solid' : 'bg-edge'}`}
            >
                <span
                    className={`absolute top-0.5 size-5 rounded-full bg-white transition-[left] ${isOn ? 'left-[1.375rem]' : 'left-0.5'}`}
                />
            </button>
        </div>
    );
}

/** One of a few: radio buttons that look like one control. */
export function Choice<T extends string>({
    label,
    hint,
    value,
    options,
    onChange,
}: {
    label: string;
    hint?: string;
    value: T;
    options: { value: T; label: string }[];
    onChange: (value: T) => void;
}) {
    const id = useId();
    return (
        <fieldset className="mt-5 first:mt-0">
            <legend className="text-sm font-medium">{label}</legend>
            {hint && <p className="text-sm text-muted">{hint}</p>}
            <div className="mt-1.5 flex flex-wrap gap-1 rounded-xl bg-hover p-1">
                {options.map((option) => (
                    <label
                        key={option.value}
                        className={`flex-1 cursor-pointer rounded-lg px-3 py-2 text-center text-sm whitespace-nowrap has-focus-visible:outline-2 has-focus-visible:outline-accent ${value === option.value ? 'bg-chosen font-medium text-accent' : 'text-muted'}`}
                    >
                        <input
                            type="radio"
                            name={id}
                            value={option.value}
                            checked={value === option.value}
                            onChange={() => onChange(option.value)}
                            className="sr-only"
                        />
                        {option.label}
                    </label>
                ))}
            </div>
        </fieldset>
    );
}
