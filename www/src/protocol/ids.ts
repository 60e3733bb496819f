let lastTime = 0;
let counter = 0;

/** UUIDv7 (RFC 9562, 5.7): ids that grow with time, also within a millisecond of this tab. */
export function uuid7(): string {
    const now = Date.now();
    if (now > lastTime) {
        lastTime = now;
        counter = crypto.getRandomValues(new Uint16Array(1))[0]! & 0x7ff;
    } else if (++counter > 0xfff) {
        lastTime += 1;
        counter = 0;
    }
    const hex = lastTime.toString(16).padStart(12, '0');
    const random = crypto.getRandomValues(new Uint8Array(8));
    random[0] = (random[0]! & 0x3f) | 0x80;
    const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return (
        `${hex.slice(0, 8)}-${hex.slice(8)}-7${counter.toString(16).padStart(3, '0')}-` +
        `${tail.slice(0, 4)}-${tail.slice(4)}`
    );
}
