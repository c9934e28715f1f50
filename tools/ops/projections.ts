import type { ProjectionCatalogue } from '@core/operations/projection-catalogue';
import { releaseWish, type ReleaseWish } from '@core/operations/release-act';
import {
  buildName,
  buildStandings,
  releasedIn,
  releaseNamed,
  saidOf,
  type ReleasedIn,
} from '@core/operations/released-in';
import { spellBuild, type Build } from '@core/projection-runner/releases';
import { LOGINS } from '@core/service/logins';
import type { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { BadNews, group, withSystem } from './cli.ts';
import { changing, Consent, type ConsentOptions } from './consent.ts';
import { everyone, nobodyYet } from '@core/operations/whom';
import { shortTime } from './output.ts';
import { table } from './table.ts';
import { progressOf } from './progress.ts';
import { addProjectionDiff } from './projection-diff.ts';
import { addProjectionStepper } from './projection-stepper.ts';
import type { OperatedSystem } from './system.ts';

const LOOK_MS = 250;
/** How long processes may take to serve what they have at hand. */
const SERVING_MS = 30_000;

/** `ops projections …`: folds are filled beside what is served, compared, served, and taken back. */
export function addProjections(program: Command, catalogue: ProjectionCatalogue): void {
  const projections = group(program, 'projections', 'what edges fold and serve, released like software');

  projections
    .command('list', { isDefault: true })
    .description('every build of every projection: who serves it, and how far it is')
    .action(
      withSystem(async (system, output) => {
        const known = (await Promise.all(LOGINS.map((owner) => releasedIn(system, owner)))).flat();
        const head = await system.log.head();
        const rows = known.flatMap((each) => rowsOf(each, head));
        output.say({ head, projections: known }, () =>
          table(
            ['edge', 'projection', 'build', 'is', 'position', 'behind', 'processes', 'why'],
            rows,
            'no edge is running',
          ),
        );
      }),
    );

  projections
    .command('history')
    .description('what operators decided: which build was served when')
    .action(
      withSystem(async (system, output) => {
        const decisions = await (await system.registry()).releases.decisions();
        const rows = decisions.map((each) => [
          shortTime(each.decidedAt.toISOString()),
          each.owner,
          each.name,
          each.act,
          spellBuild(each),
          each.operator,
          each.note,
        ]);
        const head = ['decided', 'edge', 'projection', 'act', 'build', 'by', 'note'];
        output.say(decisions, () => table(head, rows, 'nothing was decided: edges serve what they have'));
      }),
    );

  changing(projections.command('build <edge> <projection> [version]'))
    .description('fill a version beside what is served, or the served one anew, and watch it')
    .option('--no-wait', 'do not watch: the processes go on by themselves')
    .action(
      withSystem<ConsentOptions & { wait: boolean }>(
        async (system, output, options, [owner = '', name = '', version]) => {
          const released = await releaseNamed(system, owner, name);
          const wish = releaseWish(released, 'build', version);
          const { build } = wish;
          // It is filled beside what is served: nobody sees anything of it.
          const consent = await Consent.to(system, output, nobodyYet, options);
          if (!consent) return;
          await decide(system, consent, wish);
          if (options.wait) await filled(system, released, build);
          const done = options.wait ? 'is filled and stands by' : 'is being filled';
          output.say({ owner, name, ...build }, () => `${buildName(released, build)} ${done}`);
        },
      ),
    );

  for (const [verb, about, end] of SERVING)
    changing(projections.command(`${verb} <edge> <projection>`))
      .description(about)
      .action(
        withSystem<ConsentOptions>(async (system, output, options, [owner = '', name = '']) => {
          const released = await releaseNamed(system, owner, name);
          const wish = releaseWish(released, verb);
          const consent = await Consent.to(system, output, everyone, options);
          if (!consent) return;
          await decide(system, consent, wish);
          await served(system, released, wish.build);
          output.say({ owner, name, ...wish.build }, () => `${buildName(released, wish.build)} ${end}`);
        }),
      );

  changing(projections.command('discard <edge> <projection>'))
    .description('let go of what was filled beside what is served')
    .action(
      withSystem<ConsentOptions>(async (system, output, options, [owner = '', name = '']) => {
        const released = await releaseNamed(system, owner, name);
        const wish = releaseWish(released, 'discard');
        const consent = await Consent.to(system, output, nobodyYet, options);
        if (!consent) return;
        await decide(system, consent, wish);
        output.say({ owner, name, ...wish.build }, () => `${buildName(released, wish.build)} is discarded`);
      }),
    );

  addProjectionDiff(projections, catalogue);
  addProjectionStepper(projections, catalogue);
}

const SERVING = [
  ['promote', 'serve what was filled, in every process', 'is served'],
  ['rollback', 'serve what was served before', 'is served again'],
] as const;

const rowsOf = (released: ReleasedIn, head: number) =>
  buildStandings(released, head).map((each) => [
    ...[released.owner, released.name, spellBuild(each), each.phases.join(', '), each.position, each.behind],
    ...[`${each.processes} of ${each.of}`, each.reason],
  ]);

const decide = (system: OperatedSystem, consent: Consent, { decision, told }: ReleaseWish): Promise<void> =>
  system.change(consent, told, ({ releases }) => releases.decide({ ...decision, ...consent.decision }));

/** Resolves when every process that is there has filled it. */
async function filled(system: OperatedSystem, { owner, name }: ReleasedIn, build: Build): Promise<void> {
  const progress = progressOf(`events for ${name} ${spellBuild(build)}`);
  try {
    for (; ; await pause(LOOK_MS)) {
      const released = await releaseNamed(system, owner, name);
      const said = saidOf(released, build);
      const failed = said.find((each) => each?.phase === 'failed');
      if (failed) {
        console.error(`${buildName(released, build)} cannot be filled: ${failed.reason ?? ''}`);
        throw new BadNews();
      }
      if (said.every((each) => each !== null && each.phase !== 'filling')) return;
      progress.at(Math.min(...said.map((each) => each?.position ?? 0)), await system.log.head());
    }
  } finally {
    progress.end();
  }
}

/** Resolves when every process serves it. */
async function served(system: OperatedSystem, { owner, name }: ReleasedIn, build: Build): Promise<void> {
  const deadline = performance.now() + SERVING_MS;
  for (; ; await pause(LOOK_MS)) {
    const now = await releaseNamed(system, owner, name);
    const others = now.instances.filter((_each, index) => saidOf(now, build)[index]?.phase !== 'served');
    if (others.length === 0) return;
    if (performance.now() < deadline) continue;
    console.error(`it is decided, and process ${others.map((each) => each.instance).join(', ')} does not serve it yet`);
    throw new BadNews();
  }
}
