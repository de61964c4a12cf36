import { useState } from 'preact/hooks';
import { Top } from '../../parts/top.tsx';

/** Where the server asks for a token before it tells anything. */
export function SignIn({ onToken }: { readonly onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  return (
    <main id="main" class="alone">
      <Top
        title="Sign in"
        after="It is what OPS_TOKEN, or the file of OPS_TOKEN_FILE, holds. This tab forgets it when it is closed."
      >
        This console asks for the operator’s token.
      </Top>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          onToken(token.trim());
        }}
      >
        <label class="hidden-visually" for="token">
          Token
        </label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <button type="submit" class="main" disabled={token.trim() === ''}>
          Continue
        </button>
      </form>
    </main>
  );
}
