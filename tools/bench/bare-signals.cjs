// The least that could take a signal in: a web server, a durable row and a question to somebody. Told where by its parent.
const fastify = require('fastify');
const { connect } = require('nats');
const { Pool } = require('pg');

process.once('message', async ({ databaseUrl, natsOptions, table, subject }) => {
  const pool = new Pool({ connectionString: databaseUrl, max: 4 });
  const nats = await connect(natsOptions);
  const server = fastify();
  server.post('/hook', async (request, reply) => {
    const text = JSON.stringify(request.body);
    await pool.query(`insert into ${table} (data) values ($1)`, [text]);
    await nats.request(subject, text, { timeout: 30_000 });
    return reply.code(200).send();
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  process.send(server.server.address().port);
});
process.once('disconnect', () => process.exit());
