import { isIPv6 } from 'node:net';

/** An appendix of Meta's parameter builder has a letter; without one it would be part of the address. */
const withAppendix = /^(.+)(\.(?=[\w-]*[A-Za-z_-])(?:[\w-]{8}|[\w-]{2}))$/;
const bracketed = /^\[([^\]]*)\](?::\d+)?$/;
const shortestIPv4 = '0.0.0.0'.length;
const longestIPv4 = '255.255.255.255'.length;
const dot = 0x2e;
const digitZero = 0x30;
const ipv4WithPort = /^([\d.]+):\d+$/;

/** IPv4 networks that no client on the internet has, with the length of their part of the address (RFC 6890, 5771). */
const closedNetworks = (
  [
    [0x00000000, 8], // this network
    [0x0a000000, 8], // private
    [0x64400000, 10], // shared by a carrier's customers
    [0x7f000000, 8], // loopback
    [0xa9fe0000, 16], // link-local
    [0xac100000, 12], // private
    [0xc0a80000, 16], // private
    [0xe0000000, 3], // multicast, reserved, broadcast
  ] as const
).map(([network, length]) => ({ network, hostBits: 32 - length }));

/**
 * Client IP address. Meta, customer information parameters: a valid IPv4 or IPv6 address of the browser, no spaces,
 * never hashed. A port goes; an IPv4 address written as IPv6 becomes IPv4; of a list (X-Forwarded-For) the first
 * public one is taken; an address that is of no use outside its own network is omitted.
 */
export function normalizeIp(text: string): string | undefined {
  const trimmed = text.trim();
  // What nearly every event has, without a look for commas.
  const number = ipv4Number(trimmed);
  if (number !== undefined) return isPublicIPv4(number) ? trimmed : undefined;
  if (!text.includes(',')) return publicAddress(trimmed);
  for (const part of text.split(',')) {
    const address = publicAddress(part.trim());
    if (address !== undefined) return address;
  }
  return undefined;
}

function publicAddress(text: string): string | undefined {
  // Without the regular expressions of the rest.
  const number = ipv4Number(text);
  if (number !== undefined) return isPublicIPv4(number) ? text : undefined;
  const [, address, appendix] = withAppendix.exec(text) ?? [];
  const known = appendix === undefined ? undefined : plainAddress(address ?? '');
  return known === undefined ? plainAddress(text) : known + appendix;
}

function plainAddress(text: string): string | undefined {
  const bare = bracketed.exec(text)?.[1] ?? ipv4WithPort.exec(text)?.[1] ?? text;
  const number = ipv4Number(bare);
  if (number !== undefined) return isPublicIPv4(number) ? bare : undefined;
  const address = (bare.split('%')[0] ?? '').toLowerCase();
  if (!isIPv6(address)) return undefined;
  const groups = ipv6Groups(address);
  const mapped = mappedIPv4(groups);
  if (mapped !== undefined) return isPublicIPv4(mapped) ? ipv4Text(mapped) : undefined;
  return isPublicIPv6(groups) ? address : undefined;
}

function isPublicIPv4(address: number): boolean {
  for (let index = 0; index < closedNetworks.length; index += 1) {
    const closed = closedNetworks[index];
    if (closed !== undefined && (address ^ closed.network) >>> closed.hostBits === 0) return false;
  }
  return true;
}

/** Four decimal bytes without leading zeros as a number; undefined for everything else. */
function ipv4Number(text: string): number | undefined {
  if (text.length < shortestIPv4 || text.length > longestIPv4) return undefined;
  let address = 0;
  let byte = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === dot) {
      if (byte === -1 || dots === 3) return undefined;
      address = address * 256 + byte;
      byte = -1;
      dots += 1;
    } else {
      const digit = code - digitZero;
      // After a 0 the byte is complete: 010 is eight to some and ten to others.
      if (digit < 0 || digit > 9 || byte === 0) return undefined;
      byte = byte === -1 ? digit : byte * 10 + digit;
      if (byte > 255) return undefined;
    }
  }
  return dots === 3 && byte !== -1 ? address * 256 + byte : undefined;
}

function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** The eight groups of a valid IPv6 address. */
function ipv6Groups(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const left = groupsOf(head);
  if (tail === undefined) return left;
  const right = groupsOf(tail);
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function groupsOf(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const number = ipv4Number(group) ?? 0;
    return [Math.floor(number / 0x10000), number % 0x10000];
  });
}

/** The IPv4 address in `::ffff:0:0/96`. */
function mappedIPv4(groups: readonly number[]): number | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return undefined;
  return (groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0);
}

function isPublicIPv6(groups: readonly number[]): boolean {
  const first = groups[0] ?? 0;
  const unspecifiedOrLoopback = groups.slice(0, 6).every((group) => group === 0);
  const uniqueLocal = (first & 0xfe00) === 0xfc00;
  const linkOrSiteLocal = (first & 0xff80) === 0xfe80;
  const multicast = (first & 0xff00) === 0xff00;
  return !unspecifiedOrLoopback && !uniqueLocal && !linkOrSiteLocal && !multicast;
}
