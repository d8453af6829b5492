import { describe, expect, it } from 'vitest';
import { parseYaml } from '../src/yaml.js';

describe('parseYaml', () => {
  it('reads what is written by people', () => {
    expect(parseYaml('a: [1, "x"] # y\nb:\n  - { c: 2026-09-01 }\n')).toEqual({
      a: [1, 'x'],
      b: [{ c: '2026-09-01' }],
    });
  });

  it.each([
    ['lists', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['mappings', '{a: '.repeat(5_000)],
    ['items', '- '.repeat(3_000)],
    ['keys', '? '.repeat(3_000)],
    ['indents', Array.from({ length: 300 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
  ])('refuses %s without end before it puts them together', (_what, source) => {
    expect(() => parseYaml(source)).toThrow('nested too deeply');
  });

  it('refuses more than it can put together in time', () => {
    expect(() => parseYaml('a: b\n'.repeat(50_000))).toThrow('too long');
    expect(() => parseYaml(Array.from({ length: 4_000 }, (_, at) => `k${at}: 1`).join('\n'))).toThrow('too long');
    expect(() => parseYaml('"'.repeat(50_000))).toThrow('too long');
  });
});
