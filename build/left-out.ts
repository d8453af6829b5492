import type { Plugin } from 'esbuild';

/**
 * What the SDKs ask for as they load and Policy Desk never uses, with the reason. Each is replaced by something that can be named and
 * derived from, as the SDKs do while they load, and that throws as soon as it is used.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'botbuilder-dialogs':
    'Dialogs that sign people in, and the prompts and number readers in eight languages that come with them. Policy Desk signs nobody in by a dialog and asks by cards.',
  csv: 'How restify reads a body of comma-separated values. Its body parsers are not used: see src/web/read-body.ts.',
  'http-signature':
    'How restify checks signed HTTP requests, with the cryptography for it. Nothing here takes such requests.',
};

const stub = (name: string): string => `
const refuse = (what) => { throw new Error(${JSON.stringify(name)} + ' is left out of the bundle, and ' + what + ' was used: see build/left-out.ts.'); };
module.exports = new Proxy({}, {
  get(_, key) {
    if (typeof key === 'symbol' || key === '__esModule' || key === 'default') return undefined;
    return class LeftOut { constructor() { refuse(key); } };
  },
});`;

/** Leaves {@link LEFT_OUT} out. */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    const names = Object.keys(LEFT_OUT).join('|');
    build.onResolve({ filter: new RegExp(`^(${names})$`) }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: stub(path), loader: 'js' }));
  },
};
