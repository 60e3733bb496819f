import type { FieldFault } from './types';

// HTTP calls. A refusal is a value of class Problem, thrown, because it crosses many callers; the
// word `offline` stands for "there was no answer at all".

export class Problem extends Error {
    constructor(
        readonly code: string,
        readonly detail: string,
        readonly status = 0,
        readonly faults: FieldFault[] = [],
        readonly retryAfter = 0,
    ) {
        super(detail);
        this.name = 'Problem';
    }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Request {
    method?: Method;
    body?: unknown;
    token?: string;
    signal?: AbortSignal;
}

const patience = 20_000;

async function problemOf(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    const text = (key: string, otherwise: string) =>
        typeof body[key] === 'string' ? body[key] : otherwise;
    const retry = Number(body['retry_after'] ?? response.headers.get('Retry-After') ?? 0);
    return new Problem(
        text('code', response.status >= 500 ? 'unavailable' : 'internal'),
        text('detail', response.statusText),
        response.status,
        Array.isArray(body['errors']) ? (body['errors'] as FieldFault[]) : [],
        Number.isFinite(retry) ? retry : 0,
    );
}

/** Calls the daemon and reads JSON. Throws Problem. */
export async function call<T>(path: string, request: Request = {}): Promise<T> {
    const headers: Record<string, string> = {};
    if (request.body !== undefined) headers['Content-Type'] = 'application/json';
    if (request.token) headers['Authorization'] = `Bearer ${request.token}`;
    const limit = AbortSignal.timeout(patience);
    let response: Response;
    try {
        response = await fetch(`/api/v1${path}`, {
            method: request.method ?? 'GET',
            headers,
            body: request.body === undefined ? null : JSON.stringify(request.body),
            signal: request.signal ? AbortSignal.any([request.signal, limit]) : limit,
            cache: 'no-store',
        });
    } catch (error) {
        if (request.signal?.aborted) throw new Problem('aborted', 'aborted');
        throw new Problem('offline', String(error));
    }
    if (!response.ok) throw await problemOf(response);
    if (response.status === 204) return undefined as T;
    try {
        return (await response.json()) as T;
    } catch (error) {
        // Cut off in the middle, or something between us and the daemon answered in its place.
        throw new Problem('offline', String(error));
    }
}
