/** The editor of the workbench: JSON with completion and problems in their places. Loaded when it is opened. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import schema from '../../schema/destination.schema.json' with { type: 'json' };
import { jsonWithComments } from './json-with-comments.ts';
import { colours, theme } from './theme.ts';
import { hintsAt, type Schema } from './schema-hints.ts';

/** Something to mark, by line and column from 1. */
export interface Mark {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Editor {
  setMarks(marks: readonly Mark[]): void;
  destroy(): void;
}

export interface EditorOptions {
  readonly text: string;
  /** Names it for who can't see it. */
  readonly label: string;
  /** Completes by the schema of destination files. */
  readonly completes: boolean;
  readonly onChange: (text: string) => void;
}

/** The editor's own styles need a root of their own: the pages allow no style that isn't in a file. */
export function createEditor(host: HTMLElement, { text, label, completes, onChange }: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightSpecialChars(),
        jsonWithComments,
        syntaxHighlighting(colours),
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        ...(completes ? [autocompletion({ override: [complete], icons: false })] : []),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setMarks(marks) {
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.map((mark) => diagnosticOf(view.state, mark)),
        ),
      );
    },
    destroy: () => view.destroy(),
  };
}

function diagnosticOf({ doc }: EditorState, { severity, line, column, message }: Mark): Diagnostic {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const from = Math.min(at.to, at.from + Math.max(0, column - 1));
  const [word = ''] = /^"(?:[^"\\]|\\.)*"|^[^\s,:{}[\]]+/.exec(at.text.slice(from - at.from)) ?? [];
  return { severity, message, from, to: Math.min(at.to, from + Math.max(1, word.length)) };
}

function complete({ state, pos, explicit }: CompletionContext): CompletionResult | null {
  const text = state.doc.toString();
  const before = state.doc.lineAt(pos);
  const [typed = ''] = /"?[\w$@.-]*$/.exec(before.text.slice(0, pos - before.from)) ?? [];
  if (typed === '' && !explicit) return null;
  const hints = hintsAt(schema as Schema, text, pos);
  if (hints.length === 0) return null;
  // A quotation mark that closes the word is written over.
  const closes = typed.startsWith('"') && text[pos] === '"' ? 1 : 0;
  return {
    from: pos - typed.length,
    to: pos + closes,
    options: hints.map(({ text: found, kind, title, description }) => ({
      label: kind === 'member' ? JSON.stringify(found) : found,
      ...(title !== undefined && { detail: title }),
      ...(description !== undefined && { info: description }),
      apply: kind === 'member' && !/^\s*:/.test(text.slice(pos + closes)) ? `${JSON.stringify(found)}: ` : undefined,
    })),
    validFor: /^"?[\w$@.-]*$/,
  } as CompletionResult;
}
