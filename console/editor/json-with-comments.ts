import { StreamLanguage } from '@codemirror/language';

/** JSON as destination files have it: with comments, which the editor's own JSON takes for errors. */
export const jsonWithComments = StreamLanguage.define<{ inComment: boolean }>({
  name: 'json',
  startState: () => ({ inComment: false }),
  token(stream, state) {
    if (state.inComment) {
      state.inComment = !stream.match(/^.*?\*\//);
      if (state.inComment) stream.skipToEnd();
      return 'comment';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^\/\/.*/)) return 'comment';
    if (stream.match('/*')) {
      state.inComment = true;
      return 'comment';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return stream.match(/^\s*:/, false) ? 'propertyName' : 'string';
    if (stream.match(/^-?\d[\d.eE+-]*/)) return 'number';
    if (stream.match(/^(?:true|false|null)\b/)) return 'bool';
    stream.next();
    return 'punctuation';
  },
  languageData: { closeBrackets: { brackets: ['{', '[', '"'] } },
});
