import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

const looks = {
    solid: 'bg-solid text-white hover:bg-solid-hover font-medium',
    plain: 'border border-edge text-ink hover:bg-hover font-medium',
    quiet: 'text-accent hover:bg-hover font-medium',
    danger: 'border border-danger text-danger hover:bg-danger-ground font-medium',
};

type Props = ButtonHTMLAttributes<HTMLButtonElement> & {
    look?: keyof typeof looks;
    ref?: Ref<HTMLButtonElement>;
};

export function Button({ look = 'plain', className = '', type = 'button', ...rest }: Props) {
    return (
        <button
            type={type}
            className={`inline-flex min-h-10 items-center justify-center gap-2 rounded-lg px-4 py-2 text-sm transition-colors disabled:opacity-60 ${looks[look]} ${className}`}
            {...rest}
        />
    );
}

type IconProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & {
    label: string;
    children: ReactNode;
    ref?: Ref<HTMLButtonElement>;
};

/** A button that is only a picture: its label is read aloud and shown under the pointer. */
export function IconButton({ label, className = '', ...rest }: IconProps) {
    return (
        <button
            type="button"
            aria-label={label}
            title={label}
            className={`inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-hover hover:text-ink disabled:opacity-40 ${className}`}
            {...rest}
        />
    );
}
