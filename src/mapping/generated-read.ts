import { member } from './values/member.ts';

/** A member that is read, the place in the frame of its value (0: none), and what reads on below it (absent: nothing). */
export interface ReadMember {
  readonly name: string;
  readonly place: number;
  readonly below: ReadBelow | undefined;
}

export type ReadBelow = (value: unknown, frame: unknown[]) => void;

/**
 * Reads these members of an object or array as JSON makes them. Written out as code, name by name: the engine then remembers for each
 * of them where objects of the same shape have it, and an event's hundred reads cost less than a walk over its members.
 */
export function generatedRead(members: readonly ReadMember[]): (value: object, frame: unknown[]) => void {
  const statements = members.map(({ name, place, below }, index) => {
    const keep = place === 0 ? '' : `frame[${place}] = found; `;
    const goOn = below === undefined ? '' : `below[${index}](found, frame); `;
    return `found = ${readOf(name)};\nif (found !== undefined) { ${keep}${goOn}}`;
  });
  const code = `return (value, frame) => {\nlet found;\n${statements.join('\n')}\n};`;
  return new Function('below', 'member', code)(
    members.map(({ below }) => below),
    member,
  ) as (value: object, frame: unknown[]) => void;
}

/** Names come from mappings: only their JSON gets into the code. */
function readOf(name: string): string {
  const text = JSON.stringify(name);
  return name in Object.prototype || name in Array.prototype ? `member(value, ${text})` : `value[${text}]`;
}
