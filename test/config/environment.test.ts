import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { proxiesOf, shownProxies } from '../../src/config/proxies.ts';

describe('proxies', () => {
  const read = (environment: Readonly<Record<string, string>>) => proxiesOf(readSettings(environment));

  it('are read under both spellings, of which the small one wins, and an empty variable is none', () => {
    expect(read({})).toEqual({});
    expect(read({ HTTPS_PROXY: 'http://a:1', http_proxy: 'https://b:2', NO_PROXY: 'c, .d' })).toEqual({
      https: 'http://a:1/',
      http: 'https://b:2/',
      none: 'c, .d',
    });
    expect(read({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' })).toEqual({ https: 'http://b:2/' });
    expect(read({ HTTPS_PROXY: 'http://a:1', https_proxy: ' ' })).toEqual({ https: 'http://a:1/' });
  });

  it('may be a host and a port alone', () => {
    expect(read({ HTTPS_PROXY: 'proxy.example:3128' })).toEqual({ https: 'http://proxy.example:3128/' });
    expect(read({ HTTPS_PROXY: 'jane:geheim@proxy.example:3128' })).toEqual({
      https: 'http://jane:geheim@proxy.example:3128/',
    });
  });

  it.each(['socks5://a:1', 'http://', 'http://jane:100%@a:1', 'http://jane:geheim@:1', 'file:///x'])(
    'that can not be one are refused without quoting them: %s',
    (text) => {
      expect(() => read({ HTTPS_PROXY: text })).toThrow(/^HTTPS_PROXY must be http:\/\/host:port/);
      expect(() => read({ HTTPS_PROXY: text })).not.toThrow(/jane|geheim/);
    },
  );

  it('are shown without user and password', () => {
    const settings = readSettings({ HTTPS_PROXY: 'http://jane:geheim@proxy.example:3128', NO_PROXY: 'x' });
    expect(shownProxies(settings)).toEqual({ https: 'http://proxy.example:3128', none: 'x' });
  });
});

describe('KAFKA_BROKERS', () => {
  const read = (brokers: string) => readSettings({ KAFKA_BROKERS: brokers }).KAFKA_BROKERS;

  it.each([
    ['a:9092', ['a:9092']],
    ['a:9092, b.example:1 ,, 10.0.0.1:9093', ['a:9092', 'b.example:1', '10.0.0.1:9093']],
    ['kafka://a:19092,kafka://b', ['a:19092', 'b:9092']],
    ['kafka://a:9092/', ['a:9092']],
    ['broker_1', ['broker_1:9092']],
    ['[::1]:9092', ['[::1]:9092']],
    ['[fd00::7]', ['[fd00::7]:9092']],
    ['kafka://[::1]:1', ['[::1]:1']],
  ])('%s is read', (text, brokers) => {
    expect(read(text)).toEqual(brokers);
  });

  it.each([
    '::1',
    '::1:9092',
    '[::1',
    '[1:2]:9092',
    'a:0',
    'a:65536',
    'a:b',
    'a:',
    ',',
    'http://a:9092',
    'a b:1',
    'a:1/x',
  ])('%s is refused, with what it must be', (text) => {
    expect(() => read(text)).toThrow(/^KAFKA_BROKERS must .*host:port/);
  });

  it('is not quoted with a password in it', () => {
    expect(() => read('kafka://jane:geheim@a:9092')).toThrow(/found "\*\*\*@a:9092"/);
  });
});

describe('META_GRAPH_URL', () => {
  const read = (url: string, more: object = {}) => readSettings({ META_GRAPH_URL: url, ...more }).META_GRAPH_URL;

  it('may be without TLS on this machine', () => {
    for (const host of ['localhost', 'graph.localhost', '127.0.0.1:9465', '127.1.2.3', '[::1]:9465']) {
      expect(read(`http://${host}`)).toBe(`http://${host}`);
    }
  });

  it('must have TLS elsewhere, unless a setting allows it', () => {
    for (const host of ['graph.example', '10.0.0.1', 'localhost.example', '127.0.0.1.example', '[fd00::1]']) {
      expect(() => read(`http://${host}`)).toThrow(/META_GRAPH_PLAIN_HTTP=true allows it/);
      expect(read(`https://${host}`)).toBe(`https://${host}`);
      expect(read(`http://${host}`, { META_GRAPH_PLAIN_HTTP: 'true' })).toBe(`http://${host}`);
    }
  });
});

describe('KAFKA_TOPICS', () => {
  it.each([
    ['orders, carts,', ['orders', 'carts']],
    [String.raw`/orders-\d{1,3}/`, [String.raw`/orders-\d{1,3}/`]],
    [' a ,/x{1,2}/ , b', ['a', '/x{1,2}/', 'b']],
    [',', []],
  ])('%s: a comma within a pattern divides nothing', (text, topics) => {
    expect(readSettings({ KAFKA_TOPICS: text }).KAFKA_TOPICS).toEqual(topics);
  });
});
