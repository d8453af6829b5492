// The Agents Playground listens on every interface and has no option for it. Loaded before it with `node --import`,
// this makes every server of that process listen on this machine only.
import { Server } from 'node:net';

const { listen } = Server.prototype;
Server.prototype.listen = function listenOnLoopback(...args) {
  const port = Number(typeof args[0] === 'object' ? args[0].port : args[0]);
  const callback = args.find((argument) => typeof argument === 'function');
  return listen.call(this, { port, host: '127.0.0.1' }, callback);
};
