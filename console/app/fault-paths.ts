/** Where in the event a field was looked for, so that what is missing or wrong can be marked in its place. */
export function faultPaths(field: string | undefined, mapping: unknown, event: unknown): readonly string[] {
  if (field === undefined) return [];
  const [name = field] = field.split('.');
  const mapped = pathsIn(isObject(mapping) ? mapping[name] : undefined);
  if (mapped.length > 0) return mapped.slice(0, 1);
  return inEvent(name, event);
}

type Members = Readonly<Record<string, unknown>>;

/** The paths of directives, anywhere in a mapping: `$.properties.total` as `properties.total`. */
function pathsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(pathsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '@path' && typeof member === 'string' ? [member.replace(/^\$\.?/, '')] : pathsIn(member),
  );
}

/** A default mapping reads a field most often from the property of the same name. */
function inEvent(name: string, event: unknown): readonly string[] {
  if (!isObject(event)) return [];
  if (name === 'event_time') return ['timestamp'];
  if (Object.hasOwn(event, name)) return [name];
  return isObject(event['properties']) ? [`properties.${name}`] : [];
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
