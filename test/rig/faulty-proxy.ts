import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket, connect as tcp } from 'node:net';

/** How a network may behave; changed while it is used. */
export interface Fault {
  /** Each connection is cut after so many bytes of answers. */
  cutAnswersAfter?: number;
  /** The whole network is cut after so many bytes were sent to the server. */
  cutAllAfterSent?: number;
  /** Answers come no faster. */
  bytesPerSecond?: number;
  /** Connections are taken, and nothing ever comes. */
  silent?: boolean;
  /** Connections are taken, and what is sent is not read. */
  stopReading?: boolean;
}

export interface FaultyProxy {
  readonly port: number;
  readonly fault: Fault;
  /** Bytes that went to the server. */
  sent(): number;
  close(): void;
}

/** A network between a client and a server on loopback that does what networks do. */
export async function openFaultyProxy(to: number, fault: Fault = {}): Promise<FaultyProxy> {
  let sent = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined).on('close', () => sockets.delete(client));
    if (fault.silent) return void client.resume();
    if (fault.stopReading) return;
    const behind = tcp(to, '127.0.0.1');
    sockets.add(behind);
    const end = (): void => {
      client.destroy();
      behind.destroy();
    };
    behind.on('error', end).on('close', () => {
      sockets.delete(behind);
      client.end();
    });
    client.on('close', () => behind.destroy());
    client.on('data', (chunk) => {
      sent += chunk.length;
      if (sent > (fault.cutAllAfterSent ?? Number.POSITIVE_INFINITY)) return end();
      if (!behind.write(chunk)) {
        client.pause();
        behind.once('drain', () => client.resume());
      }
    });
    let answered = 0;
    behind.on('data', (chunk) => {
      answered += chunk.length;
      client.write(chunk);
      if (answered > (fault.cutAnswersAfter ?? Number.POSITIVE_INFINITY)) return end();
      if (fault.bytesPerSecond === undefined) return;
      behind.pause();
      setTimeout(() => behind.resume(), (1000 * chunk.length) / fault.bytesPerSecond);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    fault,
    sent: () => sent,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
