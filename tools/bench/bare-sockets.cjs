// The least that could tell many clients: a loop over the sockets of the same library. Told what to send by its parent.
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (socket) => socket.on('error', () => undefined));
server.on('listening', () => process.send(server.address().port));

process.on('message', ({ text, times, collect }) => {
  const frame = Buffer.from(text);
  for (let n = 0; n < times; n += 1) for (const socket of server.clients) socket.send(frame, { binary: false });
  if (times > 0) return;
  if (collect) globalThis.gc();
  const { user, system } = process.cpuUsage();
  const { heapUsed, external } = process.memoryUsage();
  process.send({ cpuMs: (user + system) / 1_000, heldBytes: heapUsed + external });
});
process.once('disconnect', () => process.exit());
