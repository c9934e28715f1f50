// An edge of its own, as a process: it carries two versions of a fold, and tells what it shows of an account.
import 'reflect-metadata';
import type { Edge } from '@core/edge/edge';
import { edgeConfig } from '@core/edge/edge-settings';
import { EdgeModule } from '@core/edge/edge.module';
import { runEdge } from '@core/edge/run-edge';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { port } from '@core/service/setting';
import { settings } from '@core/service/settings';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { changedTrail, trail } from './trail.fixture.ts';

class HttpSettings extends settings('HTTP', { port: port('Where it is asked') }) {}
const config = { ...edgeConfig, http: HttpSettings };

@Controller()
class TrailController {
  constructor(private readonly runner: ProjectionRunner) {}

  @Get('trail/:account')
  show(@Param('account') account: string) {
    return { position: this.runner.position, state: this.runner.state(trail, account) };
  }
}

@Module({
  imports: [EdgeModule.of({ name: 'ws-session', projections: [trail, changedTrail], hears: [], venueOf: () => null })],
  controllers: [TrailController],
})
class TrailModule {}

const edge: Edge<typeof config> = {
  name: 'ws-session',
  config,
  module: TrailModule,
  http: ({ http }) => ({ port: http.port, adapter: new FastifyAdapter(), configure: () => undefined }),
};

runEdge(edge);
