import type { Root, Type } from 'protobufjs';
import protobuf from 'protobufjs';
import { messageOf } from '../../core/errors.ts';
import { schemaInvalid } from '../values/schema-error.ts';
import { fileOfProtobuf, filesTakenForKnown } from './known-files.ts';

/** A `.proto` file: the name by which others import it, and its text. */
export interface ProtoFile {
  readonly name: string;
  readonly text: string;
}

/** The parsed files, and the full names of the last one's messages as the registry counts them. */
export interface ParsedFiles {
  readonly root: Root;
  /** The name of the message at these indexes: in the file, in that message, and so on. Undefined: there is none. */
  nameAt(indexes: readonly number[]): string | undefined;
}

/** @param files The file itself last, behind those that it imports. */
export function parseFiles(files: readonly ProtoFile[]): ParsedFiles {
  const root = new protobuf.Root();
  try {
    // Some writers register Protobuf's own files, too.
    const given = files.filter(({ name }) => fileOfProtobuf(name) === undefined);
    const parsed = given.map(({ text }) => parseInto(root, text));
    const there = new Set(given.map(({ name }) => name));
    for (const { imports } of parsed) addKnown(root, imports, there);
    root.resolveAll();
    const main = parsed.at(-1)?.messages;
    if (main === undefined) throw schemaInvalid('is empty');
    return { root, nameAt: (indexes) => nameAt(main, indexes) };
  } catch (error) {
    throw schemaInvalid(`is no .proto file that can be used: ${messageOf(error).slice(0, 200)}`);
  }
}

/** Names stay as they are written: mappings are written by looking at the file. */
const options = { keepCase: true };

interface ParsedFile {
  readonly imports: readonly string[];
  /** The file's own messages, in their order: a package may go over several files. */
  readonly messages: readonly Type[];
}

function parseInto(root: Root, text: string): ParsedFile {
  const { imports = [] } = protobuf.parse(text, root, options);
  const alone = new protobuf.Root();
  const { package: name } = protobuf.parse(text, alone, options);
  const space = name === undefined ? alone : alone.lookup(name);
  return { imports, messages: space instanceof protobuf.Namespace ? messagesIn(space) : [] };
}

/**
 * Adds what is imported and not among the files, as far as it is known, each once: several files may import the same.
 *
 * @param there The names of the files that the root has.
 */
function addKnown(root: Root, imports: readonly string[], there: Set<string>): void {
  for (const name of imports) {
    if (there.has(name)) continue;
    there.add(name);
    const ofProtobuf = fileOfProtobuf(name);
    if (ofProtobuf !== undefined) root.addJSON(ofProtobuf.nested ?? {});
    const text = filesTakenForKnown.get(name);
    if (text !== undefined) addKnown(root, parseInto(root, text).imports, there);
  }
}

function messagesIn(space: { readonly nestedArray: readonly unknown[] }): readonly Type[] {
  return space.nestedArray.filter((child) => child instanceof protobuf.Type);
}

function nameAt(main: readonly Type[], indexes: readonly number[]): string | undefined {
  let messages = main;
  let found: Type | undefined;
  for (const index of indexes) {
    found = messages[index];
    if (found === undefined) return undefined;
    messages = messagesIn(found);
  }
  return found?.fullName.replace(/^\./, '');
}
