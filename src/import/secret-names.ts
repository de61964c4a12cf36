/** Names of members that hold a secret, whatever product wrote them. */
export function namesSecret(key: string): boolean {
  return /token|secret|password|credential|write_?key|api_?key/i.test(key);
}
