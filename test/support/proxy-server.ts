import { createServer, request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listening } from './listening.ts';

export interface ProxyServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What was asked of it: `CONNECT host:port`, or `POST http://…`. */
  readonly asked: readonly string[];
  /** The header Proxy-Authorization of each, decoded. */
  readonly users: readonly (string | undefined)[];
  close(): Promise<void>;
}

type Verdict = 'pass' | 'hang' | 'drop' | number;

/** A forward proxy on loopback: tunnels and forwards what `judge` lets pass, and answers the rest with that status. */
export async function proxyServer(judge: (number: number) => Verdict = () => 'pass'): Promise<ProxyServer> {
  const asked: string[] = [];
  const users: (string | undefined)[] = [];
  const note = (what: string, header: string | undefined): Verdict => {
    asked.push(what);
    users.push(header === undefined ? undefined : Buffer.from(header.replace('Basic ', ''), 'base64').toString());
    return judge(asked.length);
  };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const verdict = note(`${method} ${url}`, headers['proxy-authorization']);
    if (verdict === 'hang') return;
    if (verdict === 'drop') return void request.socket.destroy();
    if (typeof verdict === 'number') return void response.writeHead(verdict).end('<html>proxy</html>');
    const onward = httpRequest(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on('connect', (request, socket: Socket) => {
    const { url = '', headers } = request;
    const verdict = note(`CONNECT ${url}`, headers['proxy-authorization']);
    socket.on('error', () => undefined);
    if (verdict === 'hang') return;
    if (verdict === 'drop') return void socket.destroy();
    if (typeof verdict === 'number') return void socket.end(`HTTP/1.1 ${verdict} No\r\ncontent-length: 0\r\n\r\n`);
    const target = new URL(`http://${url}`);
    const onward = connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  const { port, close } = await listening(server);
  return { url: `http://127.0.0.1:${port}`, asked, users, close };
}
