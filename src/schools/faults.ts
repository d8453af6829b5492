import type { z } from 'zod/v4';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text; put it in quotes where it looks like a number or a date',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'lines of the form "name: value"',
};
const FORMATS: Readonly<Record<string, string>> = {
  guid: 'an id such as 7e5f1c9a-3b62-4d18-9a47-0c2d8e6b1f34',
  email: 'an e-mail address',
};

/** What zod finds wrong, for whoever fills in a file; `undefined` where the schema itself says it. */
export function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys':
      return `has what is not known here: ${issue.keys.map((key) => JSON.stringify(key.slice(0, 60))).join(', ')}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return FORMATS[issue.format] && `must be ${FORMATS[issue.format]}`;
    case 'too_small':
      return isNumber(issue.origin) ? `must be ${issue.minimum} or more` : 'must not be empty';
    case 'too_big':
      return isNumber(issue.origin) ? `must be ${issue.maximum} or less` : `must have ${issue.maximum} entries at most`;
    default:
      return undefined;
  }
}

const isNumber = (origin: string): boolean => origin === 'number' || origin === 'int';
