import type { Root, Type } from 'protobufjs';
import protobuf from 'protobufjs';
import { messageOf } from '../../core/errors.ts';
import { schemaInvalid } from '../values/schema-error.ts';

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
    const main = files.map((file) => parseInto(root, file)).at(-1);
    root.resolveAll();
    if (main === undefined) throw schemaInvalid('is empty');
    return { root, nameAt: (indexes) => nameAt(main, indexes) };
  } catch (error) {
    throw schemaInvalid(`is no .proto file that can be used: ${messageOf(error).slice(0, 200)}`);
  }
}

/** Names stay as they are written: mappings are written by looking at the file. */
const options = { keepCase: true };

/** The file's own messages, in their order: a package may go over several files. */
function parseInto(root: Root, { text }: ProtoFile): readonly Type[] {
  const { imports } = protobuf.parse(text, root, options);
  for (const name of imports ?? []) {
    const known = protobuf.common.get(name);
    if (known !== null) root.addJSON((known as { readonly nested: never }).nested);
  }
  const alone = new protobuf.Root();
  const { package: name } = protobuf.parse(text, alone, options);
  const space = name === undefined ? alone : alone.lookup(name);
  return space instanceof protobuf.Namespace ? messagesIn(space) : [];
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
