/** What a program needs to run at all, on the systems that there are. */
const needed =
  /^(?:PATH|HOME|USERPROFILE|LANG|LC_\w+|TZ|TMPDIR|TMP|TEMP|SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|APPDATA|LOCALAPPDATA|ProgramData)$/i;

/** And npm, to fetch: its own settings, proxies, and authorities to trust. */
const neededByNpm =
  /^(?:npm_config_\w+|npm_execpath|HTTPS?_PROXY|NO_PROXY|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_FILE|SSL_CERT_DIR|XDG_\w+)$/i;

type Variables = Readonly<Record<string, string | undefined>>;

/** Without our tokens and passwords, which are in the environment of this process. */
export function childEnvironment(environment: Variables, role?: 'npm'): Variables {
  const wanted = Object.entries(environment).filter(
    ([name]) => needed.test(name) || (role === 'npm' && neededByNpm.test(name)),
  );
  return Object.fromEntries(wanted);
}
