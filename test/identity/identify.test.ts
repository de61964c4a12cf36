import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../src/core/errors.ts';
import { identifierFields } from '../../src/identity/fields.ts';
import { hashIdentifier, identify, identifyAll, normalize } from '../../src/identity/identify.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const upper = sha256('jane@shop.example').toUpperCase();
const lower = upper.toLowerCase();

describe("the examples of Meta's pages", () => {
  it.each([
    ['em', 'John_Smith@gmail.com', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
    ['fn', 'Mary', '6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec'],
    ['fn', '정', '8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14'],
    ['fn', 'Valéry', '08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c'],
    ['db', '2/16/1997', '01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c'],
    ['db', '16/2/1997', '01acdbf6ec7b4f478a225f1a246e5d6767eeab1a7ffa17f025265b5b94f40f0c'],
    ['country', 'United States', '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
  ])('hashes %s %s to what is printed there', (field, raw, hash) => {
    expect(hashIdentifier(field, raw)).toBe(hash);
  });

  it('hashes the US phone number (650)555-1212 to what is printed there', () => {
    const hash = 'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176';
    expect(hashIdentifier('ph', '(650)555-1212', { country: 'US' })).toBe(hash);
    expect(hashIdentifier('ph', '+1 (650)555-1212')).toBe(hash);
  });
});

describe('a value that is a hash already', () => {
  const hashedFields = Object.entries(identifierFields).filter(([, rule]) => rule.hashed);

  it.each(hashedFields.map(([field]) => field))('is passed on in lower case by %s', (field) => {
    expect(identify(field, upper)).toEqual({ status: 'passed', value: lower });
    expect(normalize(field, ` ${upper} `)).toBe(lower);
  });

  it.each(['.BA', '.AQQCAQMC', '.a-_Z09xy'])('keeps the appendix %s as given', (appendix) => {
    expect(identify('em', upper + appendix)).toEqual({ status: 'passed', value: lower + appendix });
  });

  it('loses the appendix in audiences', () => {
    expect(hashIdentifier('em', `${upper}.AQQCAQMC`, { audience: true })).toBe(lower);
  });

  it('is decided for each value of a list', () => {
    expect(identifyAll('em', [upper, 'anna@shop.example'])).toEqual({
      values: [lower, sha256('anna@shop.example')],
      counts: { hashed: 1, passed: 1, plain: 0, missing: 0, junk: 0, unusable: 0 },
    });
  });

  it('is recognized when white space was in it', () => {
    const spaced = `${upper.slice(0, 20)} ${upper.slice(20)}`;
    expect(identify('external_id', spaced)).toEqual({ status: 'passed', value: lower });
  });

  it.each([lower.slice(1), `${lower}0`, `${lower}.ABC`, `x${lower.slice(1)}`, lower.slice(0, 32)])(
    'is not seen in %s',
    (text) => {
      expect(identify('external_id', text)).toEqual({ status: 'hashed', value: sha256(text.toLowerCase()) });
      expect(identify('em', text).status).toBe('unusable');
    },
  );

  it('is left alone where nothing is hashed', () => {
    expect(identify('client_user_agent', upper)).toEqual({ status: 'plain', value: upper });
    expect(identify('external_id', upper, { audience: true })).toEqual({ status: 'plain', value: upper });
  });
});

describe('identify', () => {
  it.each([null, undefined, '', '  ', '\t\n'])('calls %j missing', (value) => {
    expect(identify('em', value)).toEqual({ status: 'missing' });
  });

  it.each(['-', '/', 'n/a', 'N/A', 'null', 'None', 'undefined', 'NaN', '...', '[object Object]', '🙂'])(
    'calls %j junk',
    (value) => {
      expect(identify('ct', value)).toEqual({ status: 'junk' });
      expect(identify('subscription_id', value)).toEqual({ status: 'junk' });
    },
  );

  it('calls a placeholder junk when it shows only after normalization', () => {
    expect(identify('external_id', 'n u l l')).toEqual({ status: 'junk' });
    expect(identify('fn', 'Un-defined')).toEqual({ status: 'junk' });
  });

  it.each([true, false, {}, [], Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, () => 1, Symbol('x')])(
    'calls a value of the wrong type unusable (%#)',
    (value) => {
      expect(identify('external_id', value)).toEqual({ status: 'unusable' });
    },
  );

  it('writes a number and a bigint as text', () => {
    expect(identify('lead_id', 123456789012345)).toEqual({ status: 'plain', value: '123456789012345' });
    expect(identify('lead_id', 12345678901234567n)).toEqual({ status: 'plain', value: '12345678901234567' });
  });

  it('tells hashed from plain', () => {
    expect(identify('fn', 'Mary')).toEqual({ status: 'hashed', value: sha256('mary') });
    expect(identify('fbp', 'fb.1.1700000000000.42').status).toBe('plain');
  });

  it('takes no birthday after now', () => {
    const now = Date.UTC(2020, 5, 15);
    expect(normalize('db', '2020-06-15', { now })).toBe('20200615');
    expect(normalize('db', '2020-06-17', { now })).toBeUndefined();
    expect(normalize('doby', '2021', { now })).toBeUndefined();
  });

  it('takes a Date for a birthday', () => {
    expect(normalize('db', new Date(Date.UTC(1990, 11, 3)))).toBe('19901203');
    expect(normalize('db', new Date(Number.NaN))).toBeUndefined();
  });
});

describe('identifyAll', () => {
  it('keeps the order, leaves out repetitions and what is unusable, and counts', () => {
    const result = identifyAll('em', [
      'b@x.example',
      null,
      'A@x.example',
      'a@x.example ',
      '-',
      'nobody',
      'b@x.example',
    ]);
    expect(result.values).toEqual([sha256('b@x.example'), sha256('a@x.example')]);
    expect(result.counts).toEqual({ hashed: 4, passed: 0, plain: 0, missing: 1, junk: 1, unusable: 1 });
  });

  it('takes a single value for a list of one', () => {
    expect(identifyAll('em', 'a@x.example').values).toEqual([sha256('a@x.example')]);
    expect(identifyAll('em', undefined).counts.missing).toBe(1);
  });

  it('calls an empty list missing', () => {
    expect(identifyAll('em', [])).toMatchObject({ values: [], counts: { missing: 1 } });
  });

  it('takes a hash with and without its appendix for the same person', () => {
    expect(identifyAll('em', [`${lower}.BA`, upper, 'jane@shop.example']).values).toEqual([`${lower}.BA`]);
  });

  it('keeps the first usable value of a field that Meta takes once', () => {
    expect(identifyAll('client_ip_address', ['10.0.0.1', '198.51.100.7', '198.51.100.8']).values).toEqual([
      '198.51.100.7',
    ]);
  });

  it('keeps every value for the rows of an audience', () => {
    expect(identifyAll('madid', ['A1', 'B2', 'a1'], { audience: true }).values).toEqual(['a1', 'b2']);
  });

  it('calls a list in a list unusable', () => {
    expect(identifyAll('em', [['a@x.example']]).counts.unusable).toBe(1);
  });
});

describe('a wrong name', () => {
  it.each(['email', 'constructor', '__proto__', ''])('of a field is an error: %j', (field) => {
    expect(() => normalize(field, 'x')).toThrow(ConnectorError);
    expect(() => normalize(field, 'x')).toThrow(expect.objectContaining({ code: 'UNKNOWN_IDENTIFIER' }));
  });

  it('never repeats the value', () => {
    expect(() => identify('email', 'jane@shop.example')).toThrow(/^(?!.*jane).*em, ph, fn/);
  });

  it('of a version is an error', () => {
    expect(normalize('fn', 'Mary', { version: 1 })).toBe('mary');
    expect(() => normalize('fn', 'Mary', { version: 99 })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_RULE_VERSION' }),
    );
  });
});

describe('what is too much', () => {
  const addresses = (count: number) => Array.from({ length: count }, (_, index) => `a${index}@shop.example`);

  it('leaves out a list of more than 100 values as a whole', () => {
    expect(identifyAll('em', addresses(100)).values).toHaveLength(100);
    const { values, counts } = identifyAll('em', addresses(100_000));
    expect({ values, unusable: counts.unusable, hashed: counts.hashed }).toEqual({
      values: [],
      unusable: 1,
      hashed: 0,
    });
  });

  it.each(Object.keys(identifierFields))('leaves out %s of ten million characters', (field) => {
    expect(identify(field, 'a1'.repeat(5_000_000))).toEqual({ status: 'unusable' });
    expect(identify(field, `${' '.repeat(10_000_000)}a`)).toEqual({ status: 'unusable' });
  });

  it.each(['ph', 'zp', 'st'])('reads %s without a country of ten million characters', (field) => {
    const value = '6502530000';
    const country = 'United States'.repeat(1_000_000);
    expect(identify(field, value, { country })).toEqual(identify(field, value));
  });
});
