import { member } from './values/member.ts';

/** What is read into a place of the frame: the value at the path, or at the first of several whose value is taken. */
export interface Wanted {
  readonly place: number;
  readonly paths: readonly (readonly string[])[];
  /** `present`: neither missing nor null. `filled`: no empty text either. */
  readonly takes: 'anything' | 'present' | 'filled';
}

/**
 * Reads values of an object or array as JSON makes them into the frame. Written out as code, name by name: the engine
 * then remembers for each of them where objects of the same shape have it, and an event's hundred reads cost less than
 * a walk over its members. What is not looked at, since an earlier path has something, is not read.
 */
export function generatedRead(wanted: readonly Wanted[]): (root: unknown, frame: unknown[]) => void {
  const parents = createParents();
  const places = wanted.map(({ place, paths, takes }) => {
    const values = paths.map((path) => parents.valueAt(path));
    if (takes === 'anything') return `frame[${place}] = ${values[0]};`;
    const filled = takes === 'filled' ? " && found !== ''" : '';
    const taken = values.map((value) => `(found = ${value}) !== undefined && found !== null${filled}`);
    return `if (${taken.join(' ||\n')}) frame[${place}] = found;`;
  });
  const code = `return (root, frame) => {\nlet found;\n${[...parents.statements, ...places].join('\n')}\n};`;
  return new Function('member', 'standIns', code)(member, parents.standIns) as ReturnType<typeof generatedRead>;
}

/** Gives an object that has the members of a value which is no object, as far as they are asked for. */
type StandIn = (value: unknown) => object;

/** The code that holds each object on the way to a value in a variable. */
function createParents() {
  const statements: string[] = [];
  const standIns: StandIn[] = [];
  const objects = new Map<string, { readonly variable: string; readonly names: Set<string> }>();

  /** The variable with the object at the path. */
  function objectAt(path: readonly string[], name: string): string {
    const key = JSON.stringify(path);
    let object = objects.get(key);
    if (object === undefined) {
      const value = path.length === 0 ? 'root' : valueAt(path);
      const index = standIns.length;
      object = { variable: `object${index}`, names: new Set() };
      objects.set(key, object);
      standIns.push(standInWith(object.names));
      statements.push(
        `found = ${value};`,
        `const ${object.variable} = typeof found === 'object' && found !== null ? found : standIns[${index}](found);`,
      );
    }
    object.names.add(name);
    return object.variable;
  }

  /** Names come from mappings: only their JSON gets into the code. */
  function valueAt(path: readonly string[]): string {
    const name = path.at(-1);
    if (name === undefined) return 'frame[0]';
    const object = objectAt(path.slice(0, -1), name);
    const text = JSON.stringify(name);
    return name in Object.prototype || name in Array.prototype ? `member(${object}, ${text})` : `${object}[${text}]`;
  }

  return { statements, standIns, valueAt };
}

/** Most often the value is missing, and so is everything in it. */
function standInWith(names: ReadonlySet<string>): StandIn {
  return (value) => {
    if (value === undefined) return nothing;
    const found: Record<string, unknown> = Object.create(null);
    for (const name of names) found[name] = member(value, name);
    return found;
  };
}

const nothing: object = Object.freeze(Object.create(null));
