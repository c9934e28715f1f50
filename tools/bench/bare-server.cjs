// The least that could answer: the same web server, and bodies that never change. Told what to serve by its parent.
const fastify = require('fastify');

process.once('message', async (served) => {
  const server = fastify();
  for (const [route, { body, tag }] of Object.entries(served)) {
    const bytes = Buffer.from(body);
    server.get(route, (request, reply) => {
      if (tag !== undefined && request.headers['if-none-match'] === tag) return void reply.code(304).send();
      reply.header('content-type', 'application/json; charset=utf-8').send(bytes);
    });
  }
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send((user + system) / 1_000);
  });
  process.send(server.server.address().port);
});
process.once('disconnect', () => process.exit());
