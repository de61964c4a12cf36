/** This machine itself (RFC 6761, RFC 1122, RFC 4291); an IPv6 address with or without brackets. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i.test(hostname);
}

/** What is sent there is seen by nobody on the way. */
export function isPrivateUrl(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(hostname);
}
