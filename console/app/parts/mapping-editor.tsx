import { Advice } from '../../parts/advice.tsx';
import { useMemo, useState } from 'preact/hooks';
import { AskFirst } from '../../parts/ask-first.tsx';
import { Copy, download } from '../../parts/copy.tsx';
import { Data } from '../../parts/data.tsx';
import { Mark } from '../../parts/state.tsx';
import type { DestinationFile, Problem, Reload } from '../api-types.ts';
import { post } from '../api.ts';
import { JsonEditor } from './json-editor.tsx';

interface MappingEditorProps {
  readonly file: DestinationFile;
  /** What is tried instead of the file, if anything is. */
  readonly draft: string | undefined;
  readonly problems: readonly Problem[];
  readonly onDraft: (text: string | undefined) => void;
  readonly reloaded: () => void;
}

/** A destination file to try changes in. It is saved where such files are kept: in the reader's own repository. */
export function MappingEditor({ file, draft, problems, onDraft, reloaded }: MappingEditorProps) {
  const text = draft ?? file.text;
  const [beginnings, setBeginnings] = useState(0);
  const undo = () => {
    onDraft(undefined);
    setBeginnings((number) => number + 1);
  };
  const marks = useMemo(
    () =>
      problems.map(({ severity, line, column, message, fix }) => ({
        severity,
        line,
        column,
        message: fix === undefined ? message : `${message}. ${fix}`,
      })),
    [problems],
  );
  const reload = async () => {
    const { applied, message } = await post<Reload>('/reload');
    if (!applied) throw new Error(message);
    undo();
    reloaded();
  };
  return (
    <>
      <JsonEditor
        key={`${beginnings} ${file.text}`}
        initial={text}
        label={`Mapping of ${file.name}`}
        completes
        marks={marks}
        onChange={(changed) => onDraft(changed === file.text ? undefined : changed)}
      />
      <ul class="problems" aria-label="Problems">
        {problems.map(({ severity, line, column, message, fix, code }) => (
          <li key={`${line} ${column} ${code}`}>
            <Mark kind={severity === 'error' ? 'blocked' : 'slowed'} />
            <span>
              <span class="quiet">line {line}:</span> <Data text={message} />
              {fix !== undefined && (
                <span class="under">
                  <Advice text={fix} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <div class="actions">
        <Copy text={text} name="Copy the file" />
        <button type="button" onClick={() => download(file.name, text)}>
          Download
        </button>
        {draft !== undefined && (
          <button type="button" onClick={undo}>
            Undo all
          </button>
        )}
        <AskFirst name="Read the files again …" yes="Read them again" act={reload}>
          All mappings are read from the disk again. If one is wrong, nothing changes. What you wrote here isn’t saved
          by that: copy it first.
        </AskFirst>
      </div>
    </>
  );
}
