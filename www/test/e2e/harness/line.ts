import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A way to the daemon that can be cut: every connection through it ends at once, as when a phone
 * loses its network, and no new one comes until it is mended.
 */
export class Line {
    private readonly sockets = new Set<Socket>();
    private isCut = false;

    private constructor(
        private readonly server: Server,
        readonly url: string,
    ) {}

    static async to(port: number): Promise<Line> {
        let line: Line | null = null;
        const server = createServer((near) => line!.join(near, port));
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const address = server.address();
        if (!address || typeof address === 'string') throw new Error('no port');
        line = new Line(server, `http://127.0.0.1:${address.port}`);
        return line;
    }

    cut(): void {
        this.isCut = true;
        for (const socket of this.sockets) socket.destroy();
    }

    mend(): void {
        this.isCut = false;
    }

    close(): void {
        this.cut();
        this.server.close();
    }

    private join(near: Socket, port: number): void {
        if (this.isCut) return void near.destroy();
        const far = connect(port, '127.0.0.1');
        for (const [one, other] of [
            [near, far],
            [far, near],
        ] as const) {
            this.sockets.add(one);
            one.on('error', () => other.destroy());
            one.on('close', () => {
                this.sockets.delete(one);
                other.destroy();
            });
            one.pipe(other);
        }
    }
}
