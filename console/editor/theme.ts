import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the colours of the pages. */
export const theme = EditorView.theme({
  '&': {
    backgroundColor: 'var(--sunken)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    color: 'var(--text)',
    fontSize: '12.5px',
    maxHeight: '32rem',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-1px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '19px', minHeight: '10rem', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--quiet)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 24%, transparent)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    boxShadow: '0 6px 24px rgb(0 0 0 / 16%)',
    color: 'var(--text)',
    fontFamily: 'var(--font)',
    fontSize: '13px',
    maxWidth: 'min(30rem, 90vw)',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12.5px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionInfo': { padding: '8px 12px', whiteSpace: 'pre-line' },
  '.cm-completionDetail': { color: 'inherit', fontStyle: 'normal', opacity: 0.8 },
  '.cm-diagnostic': { borderLeft: '3px solid var(--blocked)', padding: '6px 10px' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--slowed)' },
  '.cm-lintRange-error': { backgroundImage: 'none', borderBottom: '2px solid var(--blocked)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', borderBottom: '2px solid var(--slowed)' },
  '.cm-specialChar': { color: 'var(--slowed)' },
});

export const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--text)' },
  { tag: tags.string, color: 'var(--accent)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--well)' },
  { tag: [tags.punctuation, tags.comment], color: 'var(--quiet)' },
]);
