/** `properties.order_id = 17` looks at one path, anything else in the whole event. */
export function searchOf(text: string): { readonly path?: string; readonly value?: string } {
  const [, path, value] = /^\s*([A-Za-z_$][\w.$-]*)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  if (path !== undefined) return value === '' || value === undefined ? { path } : { path, value };
  return text.trim() === '' ? {} : { value: text.trim() };
}
