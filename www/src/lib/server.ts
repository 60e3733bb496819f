import { useEffect, useState } from 'react';
import { call } from '@/protocol/http';
import type { ServerInfo } from '@/protocol/types';

const assumed: ServerInfo = {
    registration: 'open',
    email: 'optional',
    password_min: 8,
};

/** What this server asks of those who register; what most ask until it has answered. */
export function useServer(): ServerInfo {
    const [info, setInfo] = useState(assumed);
    useEffect(() => {
        const abort = new AbortController();
        call<ServerInfo>('/server', { signal: abort.signal }).then(setInfo, () => {});
        return () => abort.abort();
    }, []);
    return info;
}
