import type { ActionContext } from '../../core/action.ts';
import type { ColumnFindings } from './columns.ts';
import { warnAboutIdentifiers } from './identity.ts';

/** What is found in the entries of one event's lists: each thing is told once, however many entries have it. */
export interface ListWarnings {
  found(findings: ColumnFindings): void;
  unread(members: readonly string[]): void;
  tell(): void;
}

const mostNamed = 10;
const longestName = 40;
const mostKept = 200;

/** A member may be called by somebody's address or number. */
function shownName(name: string): string {
  return /^[\w .-]+$/.test(name) && !/\d{6}/.test(name) ? name.slice(0, longestName) : '[hidden]';
}

export function createListWarnings(context: ActionContext): ListWarnings {
  const junk = new Set<string>();
  const unusable = new Set<string>();
  const concealed = new Set<string>();
  const members = new Set<string>();

  return {
    found(findings) {
      for (const field of findings.junk) junk.add(field);
      for (const field of findings.unusable) unusable.add(field);
      for (const field of findings.concealed) concealed.add(field);
    },
    unread(names) {
      for (const name of names) if (members.size < mostKept) members.add(name);
    },
    tell() {
      warnAboutIdentifiers({ junk, unusable, concealed }, context);
      if (members.size === 0) return;
      const named = [...members].slice(0, mostNamed).map(shownName);
      const more = members.size > mostNamed ? ' and others' : '';
      const message = `Members of the users that are no column were left out: ${named.join(', ')}${more}.`;
      context.warn({ code: 'MEMBERS_LEFT_OUT', field: 'users', message });
    },
  };
}
