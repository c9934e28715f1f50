// Loaded into a process that is measured: whoever asks hears what it holds once its garbage is collected.
const { createServer } = require('node:http');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

createServer((_, response) => {
  collect();
  response.end(JSON.stringify(process.memoryUsage()));
})
  .listen(Number(process.env.MEMORY_PROBE_PORT), '127.0.0.1')
  .unref();
