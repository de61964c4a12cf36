import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const suffix = '.ipv6';
const keepAliveMillis = 60_000;

/**
 * The addresses as kafkajs can take them: it splits one at its first colon, which an IPv6 address is full of. That one is
 * written as a name, which `socketFactory` reads.
 */
export function namedBrokers(brokers: readonly string[]): string[] {
  return brokers.map((broker) => {
    const [, host, port] = /^\[([\da-f:]+)\]:(\d+)$/i.exec(broker) ?? [];
    return host === undefined ? broker : `${host.replaceAll(':', '_')}${suffix}:${port}`;
  });
}

/** As kafkajs's own, with addresses of `namedBrokers`. */
export const socketFactory: ISocketFactory = ({ host: name, port, ssl, onConnect }) => {
  const host = name.endsWith(suffix) ? name.slice(0, -suffix.length).replaceAll('_', ':') : name;
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  return socket.setKeepAlive(true, keepAliveMillis);
};
