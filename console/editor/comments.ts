import { Decoration, MatchDecorator, ViewPlugin } from '@codemirror/view';

const matcher = new MatchDecorator({
  regexp: /^\s*\/\/.*$/g,
  decoration: Decoration.mark({ class: 'cm-comment' }),
});

/** Destination files may have comments, which the language of the editor doesn't know: here lines of them. */
export const comments = ViewPlugin.define(
  (view) => ({
    decorations: matcher.createDeco(view),
    update(update) {
      this.decorations = matcher.updateDeco(update, this.decorations);
    },
  }),
  { decorations: ({ decorations }) => decorations },
);
