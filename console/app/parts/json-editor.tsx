import { useEffect, useRef, useState } from 'preact/hooks';
import type { Editor, Mark } from '../../editor/editor.ts';

interface JsonEditorProps {
  /** What stands there at first; from then on the editor has the text. Another `key` begins anew. */
  readonly initial: string;
  readonly label: string;
  readonly completes?: boolean;
  readonly marks?: readonly Mark[];
  readonly onChange: (text: string) => void;
}

/** The editor, which is loaded when the first one is shown. */
export function JsonEditor({ initial, label, completes = false, marks = [], onChange }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const [ready, setReady] = useState(false);
  const now = useRef({ initial, onChange });
  now.current = { initial, onChange };
  useEffect(() => {
    let gone = false;
    void import('../../editor/editor.ts').then(({ createEditor }) => {
      if (gone || host.current === null) return;
      editor.current = createEditor(host.current, {
        text: now.current.initial,
        label,
        completes,
        onChange: (changed) => now.current.onChange(changed),
      });
      setReady(true);
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, [label, completes]);
  useEffect(() => editor.current?.setMarks(marks), [marks, ready]);
  return <div class="editor" ref={host} data-ready={ready} />;
}
