import { isIPv6 } from 'node:net';

/** Throws a text that completes "NAME …". A proxy without a scheme is one for HTTP, as curl reads it. */
export function parseProxy(text: string): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  // What was given may hold a password: the message doesn't repeat it.
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '' || !isDecodable(url)) {
    throw 'must be http://host:port or https://host:port, with user:password@ before the host where the proxy asks for them (special characters as %40 and so on)';
  }
  return url.href;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}`);
    return true;
  } catch {
    return false;
  }
}

const kafkaPort = 9092;

/**
 * Kafka's brokers as `host:port` each, from what people write: `kafka://` before it and no port behind it are fine too.
 * Throws a text that completes "NAME …".
 */
export function parseBrokers(text: string): readonly string[] {
  const written = text
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  if (written.length === 0) throw 'must name a broker: host:port, comma-separated';
  return written.map(parseBroker);
}

function parseBroker(text: string): string {
  const [, host, port] = /^(?:kafka:\/\/)?([\w.-]+|\[[\da-f:]+\])(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
  const number = Number(port ?? kafkaPort);
  const isAddress = host?.startsWith('[') ? isIPv6(host.slice(1, -1)) : host !== undefined;
  if (host === undefined || !isAddress || number < 1 || number > 65_535) {
    throw `must be host:port, comma-separated; an IPv6 address in brackets: [::1]:9092; found ${JSON.stringify(shown(text))}`;
  }
  return `${host}:${number}`;
}

/** Without what may be a password. */
function shown(text: string): string {
  return text.replace(/^.*@/, '***@').slice(0, 100);
}
