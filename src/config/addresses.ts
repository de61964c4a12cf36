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

/** This machine itself (RFC 6761, RFC 1122, RFC 4291). */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
