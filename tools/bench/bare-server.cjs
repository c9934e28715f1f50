// The least that could answer polls: the same web server, and bodies that never change. Told what to serve by its parent.
const fastify = require('fastify');

process.once('message', async (bodies) => {
  const server = fastify();
  for (const [route, body] of Object.entries(bodies)) {
    const bytes = Buffer.from(body);
    server.get(route, (_request, reply) => {
      reply.header('content-type', 'application/json; charset=utf-8').send(bytes);
    });
  }
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.send(server.server.address().port);
});
process.once('disconnect', () => process.exit());
